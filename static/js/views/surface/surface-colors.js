/** The colours of the surface: a canvas beneath Plotly's axes, there before them, that follows them. */

import { create } from "../drawing/dom.js";
import { coverAxes } from "../drawing/plotly.js";
import { pixelsOf } from "./surface-pixels.js";
import { colorsOf, extentOf, positionsOf } from "./surface-grid.js";

/**
 * @typedef {import("../drawing/plotly.js").Axes} Axes
 * @typedef {import("./surface-grid.js").Grid} Grid
 * @typedef {import("./surface-grid.js").Look} Look
 */

const SHADES = 1024;

export class SurfaceColors {
  element = create("canvas", { class: "surface-colors", "aria-hidden": "true" });
  #context = /** @type {CanvasRenderingContext2D} */ (this.element.getContext("2d"));
  #picture = document.createElement("canvas");
  #painted = "";
  /** @type {Grid | null} */
  #grid = null;

  /**
   * @param {Grid} grid
   * @param {Pick<Look, "theme" | "scale">} look
   * @param {Axes} axes
   * @param {number} ratio  of the device's pixels to those of the page
   */
  draw(grid, { theme, scale }, axes, ratio) {
    coverAxes(this.element, axes);
    const [width, height] = [axes.width, axes.height].map((side) => Math.max(1, Math.round(side * ratio)));
    const painted = [scale, ...theme.surface, width, height].join("|");
    if (grid !== this.#grid || painted !== this.#painted) {
      [this.#grid, this.#painted] = [grid, painted];
      paint(this.#picture, grid, { theme, scale }, width, height);
    }
    Object.assign(this.element, { width, height });
    const [x, y] = extentOf(grid);
    const [left, right] = x.map((at) => ((at - axes.x[0]) / (axes.x[1] - axes.x[0])) * width);
    const [bottom, top] = y.map((at) => ((axes.y[1] - at) / (axes.y[1] - axes.y[0])) * height);
    this.#context.drawImage(this.#picture, left, top, right - left, bottom - top);
  }
}

/**
 * @param {HTMLCanvasElement} picture
 * @param {Grid} grid
 * @param {Pick<Look, "theme" | "scale">} look
 * @param {number} width
 * @param {number} height
 */
function paint(picture, grid, { theme, scale }, width, height) {
  Object.assign(picture, { width, height });
  const colors = colorsOf(grid, scale);
  if (colors === null) return;
  const context = /** @type {CanvasRenderingContext2D} */ (picture.getContext("2d"));
  const values = positionsOf(grid, colors);
  const field = { values, columns: grid.x.length, rows: grid.y.length, domain: colors.domain };
  const pixels = pixelsOf(field, shades(theme.surface), width, height);
  context.putImageData(new ImageData(new Uint8ClampedArray(pixels.buffer), width, height), 0, 0);
}

/**
 * @param {[number, string][]} stops
 * @returns {Uint32Array}  the colours between the stops, as a picture holds them
 */
function shades(stops) {
  const canvas = Object.assign(document.createElement("canvas"), { width: SHADES, height: 1 });
  const context = /** @type {CanvasRenderingContext2D} */ (
    canvas.getContext("2d", { willReadFrequently: true })
  );
  const gradient = context.createLinearGradient(0.5, 0, SHADES - 0.5, 0);
  for (const [at, color] of stops) gradient.addColorStop(at, color);
  context.fillStyle = gradient;
  context.fillRect(0, 0, SHADES, 1);
  return new Uint32Array(context.getImageData(0, 0, SHADES, 1).data.buffer);
}

/** Matrices that are parameters, each a grid of its numbers at the step: blue above zero, orange below. */

import { create, setAttributes, setText, svg } from "../drawing/dom.js";
import { formatNumber } from "../drawing/numbers.js";
import { gradientScale, valueScale } from "./network-figure.js";

/**
 * @typedef {import("../../history.js").History} History
 * @typedef {import("../types.js").Context} Context
 * @typedef {import("../types.js").Data} Data
 *
 * @typedef {{name: string, cells: SVGRectElement[], title: HTMLElement, drawing: SVGSVGElement}} Matrix
 */

const CELL = 18;
const GAP = 1;

export class MatrixDrawing {
  #ctx;
  #shape = "";
  /** @type {Matrix[]} */
  #matrices = [];

  /** @param {Context} ctx */
  constructor(ctx) {
    this.#ctx = ctx;
    this.element = create("div", { class: "matrices" });
  }

  /**
   * @param {History} history
   * @param {number} record
   * @param {Data["network"]} mode
   */
  show(history, record, mode) {
    this.#arrange(history);
    const isOfGradients = mode === "gradients";
    const scale = isOfGradients ? gradientScale(history, record) : valueScale(history, record);
    for (const { name, cells, title, drawing } of this.#matrices) {
      const values = isOfGradients ? history.grad(name, record) : history.param(name, record);
      const text = this.#ctx.t(`views.network.matrix.${values === null ? "none" : mode}`, {
        name,
        scale: formatNumber(scale, 3),
      });
      setText(title, text);
      drawing.setAttribute("aria-label", text);
      cells.forEach((cell, i) => setAttributes(cell, look(values === null ? null : values[i], scale)));
    }
  }

  /** @param {History} history */
  #arrange(history) {
    const shape = JSON.stringify(history.names.map((name) => [name, history.shapes[name]]));
    if (shape === this.#shape) return;
    this.#shape = shape;
    this.#matrices = history.names.map((name) => matrixOf(name, history.shapes[name]));
    this.element.replaceChildren(
      ...this.#matrices.map(({ title, drawing }) => create("figure", { class: "matrix" }, title, drawing)),
    );
  }
}

/**
 * @param {string} name
 * @param {readonly number[]} shape
 * @returns {Matrix}
 */
function matrixOf(name, [rows, columns = 1]) {
  const cells = Array.from({ length: rows * columns }, (_, i) =>
    svg("rect", {
      x: (i % columns) * CELL,
      y: Math.floor(i / columns) * CELL,
      width: CELL - GAP,
      height: CELL - GAP,
    }),
  );
  const [width, height] = [columns * CELL - GAP, rows * CELL - GAP];
  const drawing = svg(
    "svg",
    { class: "matrix-cells", role: "img", viewBox: `0 0 ${width} ${height}`, width, height },
    ...cells,
  );
  return { name, cells, title: create("figcaption"), drawing };
}

/**
 * How a number looks beside the largest.
 *
 * @param {number | null} value
 * @param {number} scale
 * @returns {{"data-sign": string, "fill-opacity": string}}
 */
export function look(value, scale) {
  if (value === null || !Number.isFinite(value)) return { "data-sign": "none", "fill-opacity": "1" };
  const share = Math.min(1, Math.abs(value) / scale);
  return { "data-sign": value < 0 ? "negative" : "positive", "fill-opacity": share.toFixed(3) };
}

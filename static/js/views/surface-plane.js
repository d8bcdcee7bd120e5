/** The surface as contours on a plane, with the paths on a canvas over it. */

import { html } from "./dom.js";
import { describePlace, describePoint } from "./surface-words.js";
import { PathLayer } from "./path-layer.js";
import { formatTick } from "./numbers.js";
import { nearestPoint, pathsOf, toPixels } from "./paths.js";
import { axes, draw, listen, purge, relayout } from "./plotly.js";
import { contourFigure, lossOnPlane } from "./surface-figure.js";
import { Tooltip } from "./tooltip.js";

/**
 * @typedef {import("./path-layer.js").Scene} Scene
 * @typedef {import("./plotly.js").Axes} Axes
 * @typedef {import("./surface-figure.js").Grid} Grid
 * @typedef {import("./theme.js").Theme} Theme
 * @typedef {import("./types.js").Context} Context
 * @typedef {import("./types.js").Data} Data
 */

/** How near the pointer must come to a point of a path to mean it. */
const REACH = 16;

export class SurfacePlane {
  #ctx;
  #stage;
  #plot = html("div", { class: "surface-plot" });
  #reset = html("button", { class: "surface-reset", type: "button", hidden: true });
  #layer = new PathLayer();
  #tooltip;
  /** @type {Data | null} */
  #data = null;
  /** @type {Grid | null} */
  #grid = null;
  /** @type {Theme | null} */
  #theme = null;
  /** @type {Scene | null} null until it has been mapped to pixels */
  #scene = null;
  #step = 0;
  #drawn = "";
  /** @type {Grid | null} the grid that Plotly has drawn */
  #drawnGrid = null;

  /**
   * @param {HTMLElement} stage
   * @param {Context} ctx
   */
  constructor(stage, ctx) {
    this.#ctx = ctx;
    this.#stage = stage;
    stage.append(this.#plot, this.#layer.element, this.#reset);
    this.#tooltip = new Tooltip(stage);
    this.#reset.addEventListener("click", () => this.#resetZoom());
    stage.addEventListener("pointermove", this.#onPointerMove);
    stage.addEventListener("pointerleave", this.#onPointerLeave);
    stage.addEventListener("dblclick", this.#onDoubleClick);
  }

  /**
   * @param {Data} data
   * @param {Grid} grid
   * @param {Theme} theme
   * @param {string} revision
   */
  update(data, grid, theme, revision) {
    [this.#data, this.#grid, this.#theme] = [data, grid, theme];
    this.#layer.element.setAttribute("aria-label", this.#ctx.t("views.surface.label"));
    this.#reset.textContent = this.#ctx.t("views.surface.reset");
    const { clientWidth: width, clientHeight: height } = this.#stage;
    const lossLabel = this.#ctx.t("views.surface.loss");
    const drawn = [data.scales.surface, data.theme, width, height, lossLabel, revision].join("|");
    if (drawn !== this.#drawn || grid !== this.#drawnGrid) {
      const first = this.#drawnGrid === null;
      [this.#drawn, this.#drawnGrid] = [drawn, grid];
      const look = { theme, scale: data.scales.surface, width, height, lossLabel, revision };
      draw(this.#plot, contourFigure(grid, look), { scrollZoom: true });
      if (first) this.#follow();
    }
    this.#map();
  }

  /** @param {number} step */
  setStep(step) {
    this.#step = step;
    this.#layer.setStep(step);
  }

  destroy() {
    const stage = this.#stage;
    stage.removeEventListener("pointermove", this.#onPointerMove);
    stage.removeEventListener("pointerleave", this.#onPointerLeave);
    stage.removeEventListener("dblclick", this.#onDoubleClick);
    this.#tooltip.remove();
    if (this.#drawnGrid !== null) purge(this.#plot);
    stage.replaceChildren();
  }

  /** Keep the canvas on Plotly's axes while they are zoomed and dragged. */
  #follow() {
    for (const event of ["plotly_relayouting", "plotly_relayout", "plotly_afterplot"]) {
      listen(this.#plot, event, () => {
        this.#map();
        this.setStep(this.#step);
      });
    }
  }

  #map() {
    const mapped = axes(this.#plot);
    if (mapped === null || this.#data === null || this.#theme === null) return;
    this.#reset.hidden = !this.#isZoomed(mapped);
    this.#scene = {
      paths: pathsOf(this.#data).map((path) => toPixels(path, mapped)),
      axes: mapped,
      theme: this.#theme,
      selected: this.#data.selected,
      landmarks: landmarks(this.#data, mapped),
    };
    this.#layer.setScene(this.#scene, window.devicePixelRatio || 1);
  }

  /** @param {Axes} mapped */
  #isZoomed({ x, y }) {
    const grid = this.#grid;
    if (grid === null) return false;
    const whole = [grid.x[0], grid.x[grid.x.length - 1], grid.y[0], grid.y[grid.y.length - 1]];
    const size = Math.max(Math.abs(whole[1] - whole[0]), Math.abs(whole[3] - whole[2]));
    return [...x, ...y].some((value, i) => Math.abs(value - whole[i]) > 1e-6 * size);
  }

  #resetZoom() {
    const grid = this.#grid;
    if (grid === null) return;
    relayout(this.#plot, {
      "xaxis.range": [grid.x[0], grid.x[grid.x.length - 1]],
      "yaxis.range": [grid.y[0], grid.y[grid.y.length - 1]],
    });
  }

  /** @param {PointerEvent} event */
  #onPointerMove = (event) => {
    const [scene, grid] = [this.#scene, this.#grid];
    if (scene === null || grid === null || event.buttons !== 0) return this.#tooltip.hide();
    const box = this.#stage.getBoundingClientRect();
    const { left, top, width, height, x, y } = scene.axes;
    const [px, py] = [event.clientX - box.left - left, event.clientY - box.top - top];
    if (px < 0 || py < 0 || px > width || py > height) return this.#tooltip.hide();
    const hit = nearestPoint(scene.paths, px, py, this.#step, REACH);
    if (hit !== null) {
      const plane = lossOnPlane(grid, hit.path.xy[2 * hit.record], hit.path.xy[2 * hit.record + 1]);
      const { title, rows } = describePoint(hit.path, hit.record, plane, this.#ctx.t);
      return this.#tooltip.show(left + hit.x, top + hit.y, title, rows);
    }
    const at = [x[0] + (px / width) * (x[1] - x[0]), y[1] - (py / height) * (y[1] - y[0])];
    const { title, rows } = describePlace(grid, at, lossOnPlane(grid, at[0], at[1]), this.#ctx.t);
    return this.#tooltip.show(left + px, top + py, title, rows);
  };

  #onPointerLeave = () => this.#tooltip.hide();

  #onDoubleClick = () => this.#resetZoom();
}

/**
 * The minima and saddles of a test function.
 *
 * @param {Data} data
 * @param {Axes} mapped
 * @returns {Scene["landmarks"]}
 */
function landmarks({ problem }, { x, y, width, height }) {
  if (problem?.kind !== "function") return [];
  /**
   * @param {{at: [number, number], value: number}[] | undefined} points
   * @param {"star" | "cross"} shape
   */
  const placed = (points, shape) =>
    (points ?? []).map(({ at, value }) => ({
      x: ((at[0] - x[0]) / (x[1] - x[0])) * width,
      y: ((y[1] - at[1]) / (y[1] - y[0])) * height,
      shape,
      label: formatTick(value),
    }));
  return [...placed(problem.saddles, "cross"), ...placed(problem.minima, "star")];
}

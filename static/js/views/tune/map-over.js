/**
 * What stands over and around the cells of a map.
 */

import { setAttributes, setLeaves, svg } from "../drawing/dom.js";
import { Drawn } from "../drawing/drawn.js";
import { ticksOf } from "./map-axes.js";

/**
 * @typedef {import("../drawing/dom.js").Leaf} Leaf
 * @typedef {import("./map-chart.js").MapFigure} MapFigure
 * @typedef {{width: number, height: number}} Size
 * @typedef {{x: (at: number) => number, y: (at: number) => number}} Places  of cells in the plot
 * @typedef {{points: [number, number][], color: string}} Trail  in cells from the left and the bottom
 */

/** About half of what a letter of a number takes, in pixels. */
const LETTER = 3.8;

/** Room for the numbers beside the cells, in pixels. */
export const MARGIN = { left: 62, right: 8, top: 6, bottom: 34 };

/**
 * What of a plot its cells fill.
 *
 * @param {Size} size
 */
export function insideOf({ width, height }) {
  return { width: width - MARGIN.left - MARGIN.right, height: height - MARGIN.top - MARGIN.bottom };
}

/** @param {{color: string, path: string}} mark */
export function markOf({ color, path }) {
  return svg(
    "svg",
    { class: "map-mark", width: 12, height: 12, viewBox: "-6 -6 12 12", "aria-hidden": "true" },
    svg("path", { d: path, fill: color }),
  );
}

/** Axes, lines, the path and the best cell over the cells: each drawn anew where it or the size of all has changed. */
export class MapOver {
  #frame = svg("rect", { class: "map-frame" });
  #x = svg("g");
  #y = svg("g");
  #border = svg("path", { class: "map-border" });
  #theory = svg("path", { class: "map-theory" });
  #trail = svg("g");
  #best = svg(
    "g",
    { class: "map-best", visibility: "hidden" },
    svg("circle", { class: "map-best-ring", r: 5 }),
    svg("circle", { class: "map-best-middle", r: 1.5 }),
  );
  element = svg(
    "svg",
    { class: "map-over", "aria-hidden": "true" },
    ...[this.#frame, this.#x, this.#y, this.#border, this.#theory, this.#trail, this.#best],
  );
  #drawn = new Drawn();

  /**
   * @param {MapFigure} figure
   * @param {Size} size  of the plot
   */
  update({ columns, rows, x, y, best, lines, theory, trail = null }, size) {
    const { width: w, height: h } = insideOf(size);
    const places = {
      x: (/** @type {number} */ at) => MARGIN.left + (at / columns) * w,
      y: (/** @type {number} */ at) => MARGIN.top + (1 - at / rows) * h,
    };
    const line = (/** @type {[number, number][][]} */ all) => pathOf(all, places);
    const draw = (/** @type {Element} */ part, /** @type {unknown} */ what, /** @type {() => void} */ act) =>
      this.#drawn.draw(part, [size, columns, rows, what], act);
    draw(this.#frame, null, () => {
      this.element.setAttribute("viewBox", `0 0 ${size.width} ${size.height}`);
      setAttributes(this.#frame, { x: MARGIN.left, y: MARGIN.top, width: w, height: h });
    });
    draw(this.#x, x, () => setLeaves(this.#x, acrossOf(x, size, places)));
    draw(this.#y, y, () => setLeaves(this.#y, uprightOf(y, size, places)));
    draw(this.#border, lines, () => this.#border.setAttribute("d", line(lines)));
    draw(this.#theory, theory, () => this.#theory.setAttribute("d", line(theory)));
    draw(this.#trail, trail, () =>
      this.#trail.replaceChildren(...(trail === null ? [] : drawnTrail(trail, line([trail.points]), places))),
    );
    draw(this.#best, best, () => setAttributes(this.#best, bestMark(best, places)));
  }
}

/**
 * @param {[number, number][][]} lines  in cells
 * @param {Places} places
 */
function pathOf(lines, { x, y }) {
  return lines
    .map((line) => `M${line.map(([a, b]) => `${x(a).toFixed(1)},${y(b).toFixed(1)}`).join("L")}`)
    .join("");
}

/**
 * The numbers below the cells, and what they are of.
 *
 * @param {import("./map-axes.js").MapAxis} axis
 * @param {Size} size
 * @param {Places} places
 * @returns {Leaf[]}
 */
function acrossOf(axis, { width, height }, places) {
  const { left, top } = MARGIN;
  const { width: w, height: h } = insideOf({ width, height });
  return [
    ...ticksOf(axis, w / 56).flatMap(({ at, label }) => [
      tick(`M${places.x(at).toFixed(1)},${top + h}v4`),
      text("tick-x", Math.min(places.x(at), width - LETTER * label.length), top + h + 15, label),
    ]),
    text("label-x", left + w / 2, height - 4, axis.label),
  ];
}

/**
 * The same beside the cells.
 *
 * @param {import("./map-axes.js").MapAxis} axis
 * @param {Size} size
 * @param {Places} places
 * @returns {Leaf[]}
 */
function uprightOf(axis, size, places) {
  const { left, top } = MARGIN;
  const { height: h } = insideOf(size);
  const turned = `translate(11,${top + h / 2}) rotate(-90)`;
  return [
    ...ticksOf(axis, h / 30).flatMap(({ at, label }) => [
      tick(`M${left},${places.y(at).toFixed(1)}h-4`),
      text("tick-y", left - 6, places.y(at) + 4, label),
    ]),
    { tag: "text", attributes: { class: "map-text map-label-y", transform: turned }, text: axis.label },
  ];
}

/**
 * @param {string} kind
 * @param {number} x
 * @param {number} y
 * @param {string} words
 * @returns {Leaf}
 */
function text(kind, x, y, words) {
  return { tag: "text", attributes: { class: `map-text map-${kind}`, x, y }, text: words };
}

/** @param {string} d @returns {Leaf} */
function tick(d) {
  return { tag: "path", attributes: { class: "map-tick", d } };
}

/**
 * Attributes of the mark of the best cell.
 *
 * @param {MapFigure["best"]} best
 * @param {Places} places
 */
function bestMark(best, places) {
  if (best === null) return { class: "map-best", visibility: "hidden" };
  const [x, y] = [places.x(best.column + 0.5), places.y(best.row + 0.5)].map((at) => at.toFixed(1));
  return {
    class: best.isFinal ? "map-best" : "map-best is-so-far",
    transform: `translate(${x},${y})`,
    visibility: null,
  };
}

/**
 * A path from where it begins, a ring, to where it ends.
 *
 * @param {Trail} trail
 * @param {string} d
 * @param {Places} places
 */
function drawnTrail({ points, color }, d, { x, y }) {
  const at = (/** @type {[number, number]} */ [a, b]) => ({ cx: x(a).toFixed(1), cy: y(b).toFixed(1) });
  return [
    svg("path", { class: "map-trail-halo", d }),
    svg("path", { class: "map-trail", d, stroke: color }),
    svg("circle", { class: "map-trail-start", ...at(points[0]), r: 5, stroke: color }),
    svg("circle", { ...at(points[points.length - 1]), r: 3.5, fill: color }),
  ];
}

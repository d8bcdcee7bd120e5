/**
 * What stands over and around the cells of a map.
 */

import { svg } from "../drawing/dom.js";
import { ticksOf } from "./map-axes.js";

/**
 * @typedef {import("./map-chart.js").MapFigure} MapFigure
 * @typedef {{points: [number, number][], color: string}} Trail  in cells from the left and the bottom
 */

/** About half of what a letter of a number takes, in pixels. */
const LETTER = 3.8;

/** Room for the numbers beside the cells, in pixels. */
const MARGIN = { left: 62, right: 8, top: 6, bottom: 34 };

/**
 * What of a plot its cells fill.
 *
 * @param {{width: number, height: number}} size
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

/**
 * Axes, the best cell, the lines and the path over the cells.
 *
 * @param {SVGSVGElement} element
 * @param {MapFigure} figure
 * @param {{width: number, height: number}} size
 */
export function drawOver(
  element,
  { columns, rows, x, y, best, lines, theory, trail = null },
  { width, height },
) {
  const { left, top } = MARGIN;
  const { width: w, height: h } = insideOf({ width, height });
  const px = (/** @type {number} */ at) => left + (at / columns) * w;
  const py = (/** @type {number} */ at) => top + (1 - at / rows) * h;
  const path = (/** @type {[number, number][][]} */ all) =>
    all
      .map((line) => `M${line.map(([a, b]) => `${px(a).toFixed(1)},${py(b).toFixed(1)}`).join("L")}`)
      .join("");
  const text = (
    /** @type {string} */ kind,
    /** @type {number} */ a,
    /** @type {number} */ b,
    /** @type {string} */ words,
  ) => svg("text", { class: `map-text map-${kind}`, x: a, y: b }, words);
  element.setAttribute("viewBox", `0 0 ${width} ${height}`);
  element.replaceChildren(
    svg("rect", { class: "map-frame", x: left, y: top, width: w, height: h }),
    svg("path", { class: "map-border", d: path(lines) }),
    svg("path", { class: "map-theory", d: path(theory) }),
    ...(trail === null ? [] : drawnTrail(trail, path([trail.points]), px, py)),
    ...ticksOf(x, w / 56).flatMap(({ at, label }) => [
      svg("path", { class: "map-tick", d: `M${px(at).toFixed(1)},${top + h}v4` }),
      text("tick-x", Math.min(px(at), width - LETTER * label.length), top + h + 15, label),
    ]),
    ...ticksOf(y, h / 30).flatMap(({ at, label }) => [
      svg("path", { class: "map-tick", d: `M${left},${py(at).toFixed(1)}h-4` }),
      text("tick-y", left - 6, py(at) + 4, label),
    ]),
    text("label-x", left + w / 2, height - 4, x.label),
    svg(
      "text",
      { class: "map-text map-label-y", transform: `translate(11,${top + h / 2}) rotate(-90)` },
      y.label,
    ),
    ...(best === null ? [] : [bestMark(px(best.column + 0.5), py(best.row + 0.5), best.isFinal)]),
  );
}

/**
 * @param {number} x
 * @param {number} y
 * @param {boolean} isFinal
 */
function bestMark(x, y, isFinal) {
  return svg("g", { class: isFinal ? "map-best" : "map-best is-so-far", transform: `translate(${x.toFixed(1)},${y.toFixed(1)})` },
    svg("circle", { r: 5 }), svg("circle", { r: 1.5 })); // prettier-ignore
}

/**
 * A path from where it begins, a ring, to where it ends.
 *
 * @param {Trail} trail
 * @param {string} d
 * @param {(at: number) => number} px
 * @param {(at: number) => number} py
 */
function drawnTrail({ points, color }, d, px, py) {
  const at = (/** @type {[number, number]} */ [a, b]) => ({ cx: px(a).toFixed(1), cy: py(b).toFixed(1) });
  return [
    svg("path", { class: "map-trail-halo", d }),
    svg("path", { class: "map-trail", d, stroke: color }),
    svg("circle", { class: "map-trail-start", ...at(points[0]), r: 5, stroke: color }),
    svg("circle", { ...at(points[points.length - 1]), r: 3.5, fill: color }),
  ];
}

/** The shapes that tell runs apart where colour cannot: outlines around the origin, for canvas and SVG alike. */

import { svg } from "./dom.js";

/**
 * @typedef {import("../types.js").MarkerShape} MarkerShape
 *
 * @typedef {object} Look  a run as it is told apart
 * @property {string} label
 * @property {string} color
 * @property {string} path  its marker
 * @property {MarkerShape} marker
 * @property {number[]} dash  of its lines
 */

/** @type {Record<MarkerShape, (r: number) => number[][]>} corners; all shapes look about as large as the circle */
const CORNERS = {
  circle: () => [],
  square: (r) => regular(4, 1.2 * r, 45),
  diamond: (r) => regular(4, 1.3 * r, 0),
  triangle: (r) => regular(3, 1.4 * r, 0),
  "triangle-down": (r) => regular(3, 1.4 * r, 180),
  cross: (r) => turned(plus(1.35 * r), 45),
  plus: (r) => plus(1.35 * r),
  star: (r) => star(1.45 * r),
};

/** Every shape there is. */
export const MARKER_SHAPES = /** @type {MarkerShape[]} */ (Object.keys(CORNERS));

/**
 * @param {MarkerShape} shape
 * @param {number} radius
 * @returns {string} the `d` of an SVG path, which `Path2D` reads too
 */
export function markerPath(shape, radius) {
  if (shape === "circle") {
    return `M${-radius} 0A${radius} ${radius} 0 1 0 ${radius} 0A${radius} ${radius} 0 1 0 ${-radius} 0Z`;
  }
  return `M${CORNERS[shape](radius)
    .map(([x, y]) => `${round(x)} ${round(y)}`)
    .join("L")}Z`;
}

/**
 * The mark of a run: a stroke of its line with its marker in the middle.
 *
 * @param {{color: string, dash: number[], marker: MarkerShape}} run
 * @param {number} [width]
 * @returns {SVGSVGElement}
 */
export function glyph({ color, dash, marker }, width = 28) {
  const height = 14;
  return svg(
    "svg",
    {
      class: "glyph",
      width,
      height,
      viewBox: `${-width / 2} ${-height / 2} ${width} ${height}`,
      "aria-hidden": "true",
      focusable: "false",
    },
    svg("line", {
      x1: -width / 2,
      x2: width / 2,
      stroke: color,
      "stroke-width": 2,
      "stroke-dasharray": dash.length > 0 ? dash.join(" ") : null,
    }),
    svg("path", { d: markerPath(marker, 4), fill: color }),
  );
}

/**
 * @param {number} corners
 * @param {number} radius
 * @param {number} degrees  from the top, clockwise
 */
function regular(corners, radius, degrees) {
  return Array.from({ length: corners }, (_, i) => polar(radius, degrees + (360 * i) / corners));
}

/** @param {number} radius */
function star(radius) {
  return Array.from({ length: 10 }, (_, i) => polar(i % 2 === 0 ? radius : 0.45 * radius, 36 * i));
}

/** @param {number} radius */
function plus(radius) {
  const a = 0.35 * radius;
  const b = radius;
  return [
    [-a, -b],
    [a, -b],
    [a, -a],
    [b, -a],
    [b, a],
    [a, a],
    [a, b],
    [-a, b],
    [-a, a],
    [-b, a],
    [-b, -a],
    [-a, -a],
  ];
}

/**
 * @param {number[][]} points
 * @param {number} degrees
 */
function turned(points, degrees) {
  const [c, s] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  return points.map(([x, y]) => [c * x - s * y, s * x + c * y]);
}

/**
 * @param {number} radius
 * @param {number} degrees  from the top, clockwise
 */
function polar(radius, degrees) {
  const angle = ((degrees - 90) * Math.PI) / 180;
  return [radius * Math.cos(angle), radius * Math.sin(angle)];
}

/** @param {number} value */
function round(value) {
  return Math.round(value * 1000) / 1000;
}

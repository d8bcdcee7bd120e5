/** The parts of the drawing of a network as elements: its layers, its weights and its units. */

import { create, svg } from "../drawing/dom.js";
import { icon } from "../drawing/icons.js";

/**
 * @typedef {import("./network-figure.js").Blueprint} Blueprint
 * @typedef {import("./network-figure.js").Edge} Edge
 * @typedef {import("./network-figure.js").Unit} Unit
 * @typedef {import("../types.js").Context} Context
 *
 * @typedef {{edge: Edge, line: SVGLineElement, reach: SVGLineElement, label: SVGTextElement | null}} EdgeElements
 * @typedef {{unit: Unit, layer: string, body: SVGCircleElement, ring: SVGCircleElement, cross: SVGPathElement}} UnitElements
 * @typedef {{name: string, band: SVGRectElement, button: HTMLButtonElement, icon: SVGSVGElement}} LayerElements
 */

/** Of the drawing. */
export const HEIGHT = 184;

/**
 * @param {Blueprint["layers"][number]} layer
 * @param {Context} ctx
 * @returns {LayerElements}
 */
export function makeLayer({ name, left, right }, ctx) {
  const lock = icon("unlocked");
  const button = create(
    "button",
    { class: "network-lock", type: "button", "data-layer": name },
    lock,
    create("span", {}, name),
  );
  button.style.left = `${(left + right) / 2 - 9}px`;
  button.addEventListener("click", () => ctx.onToggleFreeze(name));
  return {
    name,
    button,
    icon: lock,
    band: svg("rect", {
      class: "network-band",
      x: left,
      y: 1,
      width: right - left,
      height: HEIGHT - 2,
      rx: 8,
    }),
  };
}

/**
 * @param {Edge} edge
 * @param {boolean} labelled
 * @returns {EdgeElements}
 */
export function makeEdge(edge, labelled) {
  const { x1, y1, x2, y2 } = edge;
  const place = { x1, y1, x2, y2 };
  return {
    edge,
    line: svg("line", { class: "network-edge", ...place }),
    reach: svg("line", { class: "network-reach", ...place }),
    label: labelled ? svg("text", { class: "network-number", ...edge.label }) : null,
  };
}

/**
 * @param {Unit} unit
 * @param {Blueprint} plan
 * @returns {UnitElements}
 */
export function makeUnit(unit, { radius, layers }) {
  const { x, y, column } = unit;
  const d = 0.62 * radius;
  return {
    unit,
    layer: column === 0 ? "" : layers[column - 1].name,
    body: svg("circle", {
      class: column === 0 ? "network-unit is-input" : "network-unit",
      cx: x,
      cy: y,
      r: radius,
    }),
    ring: svg("circle", {
      class: "network-ring",
      cx: x,
      cy: y,
      r: radius,
      pathLength: 100,
      transform: `rotate(-90 ${x} ${y})`,
      visibility: "hidden",
    }),
    cross: svg("path", {
      class: "network-cross",
      d: `M${x - d} ${y - d}L${x + d} ${y + d}M${x - d} ${y + d}L${x + d} ${y - d}`,
      visibility: "hidden",
    }),
  };
}

/**
 * @param {number} right
 * @param {number} height
 */
export function ellipsis(right, height) {
  return svg("text", { class: "network-end", x: right - 14, y: height - 4 }, "⋮");
}

/** How the drawing of a network is read: what lines, arcs, fillings and marks stand for. */

import { isHelpOpen, leaveOpen } from "../../state/folds.js";
import { create, setText, svg } from "../drawing/dom.js";

/**
 * @typedef {import("../types.js").Data} Data
 * @typedef {import("../types.js").Context} Context
 */

const RADIUS = 7;

/** What is explained, each with its picture: 26 by 16 pixels around its middle. @type {Record<string, () => SVGElement[]>} */
const PICTURES = {
  sign: () => [line("positive", -3, 3), line("negative", 3, 3)],
  width: () => [line("positive", -3, 1), line("positive", 3, 6)],
  fill: () => [unit({ "data-sign": "positive", "fill-opacity": 0.6 })],
  arc: () => [unit({}), ring(60)],
  dead: () => [unit({ class: "network-unit is-dead" }), cross()],
  frozen: () => [svg("rect", { class: "network-key-frozen", x: -11, y: -8, width: 22, height: 16, rx: 3 })],
  numbers: () => [svg("text", { class: "network-signal", x: 0, y: 4 }, "∂")],
};

export class NetworkKey {
  #ctx;
  #title = create("summary");
  #texts = Object.keys(PICTURES).map((name) => ({ name, text: create("span") }));

  /** @param {Context} ctx */
  constructor(ctx) {
    this.#ctx = ctx;
    const items = this.#texts.map(({ name, text }) =>
      create("li", { "data-key": name }, picture(PICTURES[name]()), text),
    );
    this.element = create("details", { class: "network-key" }, this.#title, create("ul", {}, ...items));
    this.element.open = isHelpOpen("key");
    this.#title.addEventListener("click", () => leaveOpen("key", !this.element.open));
  }

  /** @param {Data["network"]} mode */
  update(mode) {
    const { t } = this.#ctx;
    setText(this.#title, t("views.network.key.title"));
    const what = t(`views.network.key.of.${mode === "gradients" ? "gradients" : "weights"}`);
    for (const { name, text } of this.#texts) {
      setText(text, t(`views.network.key.${name}`, { what }));
      const isShown = name === "numbers" ? mode === "signals" : name !== "fill" || mode !== "signals";
      /** @type {HTMLElement} */ (text.parentElement).hidden = !isShown;
    }
  }
}

/** @param {SVGElement[]} parts */
function picture(parts) {
  const size = { width: 26, height: 16, viewBox: "-13 -8 26 16", "aria-hidden": "true", focusable: "false" };
  return svg("svg", size, ...parts);
}

/**
 * @param {"positive" | "negative"} sign
 * @param {number} y
 * @param {number} width
 */
function line(sign, y, width) {
  const place = { x1: -10, x2: 10, y1: y, y2: y };
  return svg("line", { class: "network-edge", "data-sign": sign, "stroke-width": width, ...place });
}

/** @param {Record<string, string | number>} look */
function unit(look) {
  return svg("circle", { class: "network-unit", cx: 0, cy: 0, r: RADIUS, "fill-opacity": 0, ...look });
}

/** @param {number} percent */
function ring(percent) {
  const dashes = { pathLength: 100, "stroke-dasharray": `${percent} 100`, transform: "rotate(-90)" };
  return svg("circle", { class: "network-ring", cx: 0, cy: 0, r: RADIUS, ...dashes });
}

function cross() {
  return svg("path", { class: "network-cross", d: "M-4 -4L4 4M-4 4L4 -4" });
}

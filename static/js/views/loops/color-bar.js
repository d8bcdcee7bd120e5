/** What the colours of a map of layers stand for. */

import { drawBarTicks } from "../drawing/bar-ticks.js";
import { create, setText } from "../drawing/dom.js";

/**
 * @typedef {import("../drawing/color-scale.js").ColorMap} ColorMap
 */

export class ColorBar {
  #ticks = create("div", { class: "bar-ticks" });
  #broken = create("span", { class: "loop-bar-key" }, create("i", { class: "loop-bar-broken" }));
  #unknown = create("span", { class: "loop-bar-key" }, create("i", { class: "loop-bar-unknown" }));
  #brokenText = document.createTextNode("");
  #unknownText = document.createTextNode("");
  #scale;

  constructor() {
    this.#broken.append(this.#brokenText);
    this.#unknown.append(this.#unknownText);
    this.#scale = create(
      "div",
      { class: "loop-bar-scale" },
      create("div", { class: "loop-bar-colors" }),
      this.#ticks,
    );
    this.element = create("div", { class: "loop-bar" }, this.#scale, this.#broken, this.#unknown);
  }

  /**
   * @param {ColorMap | null} colors
   * @param {boolean} isBroken
   * @param {import("../../languages/translator.js").Translator["t"]} t
   */
  update(colors, isBroken, t) {
    this.#scale.hidden = colors === null;
    this.#broken.hidden = !isBroken;
    setText(this.#brokenText, t("views.loops.broken"));
    setText(this.#unknownText, t("views.loops.unknown"));
    drawBarTicks(this.#ticks, colors);
  }
}

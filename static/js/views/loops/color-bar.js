/** What the colours of a map of layers stand for. */

import { create, setText } from "../drawing/dom.js";

/**
 * @typedef {import("../drawing/color-scale.js").ColorMap} ColorMap
 */

export class ColorBar {
  #ticks = create("div", { class: "loop-bar-ticks" });
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
    if (colors === null) return;
    const [low, high] = colors.domain;
    this.#ticks.replaceChildren(
      ...spaced(colors).map(({ at, label }) => {
        const tick = create("span", {}, label);
        tick.style.left = `${(100 * (at - low)) / (high - low)}%`;
        return tick;
      }),
    );
  }
}

/** What part of the bar a label takes. */
const LABEL = 0.13;

/**
 * The ticks that have room for their labels, from the highest on.
 *
 * @param {ColorMap} colors
 */
function spaced({ ticks, domain: [low, high] }) {
  let free = Infinity;
  return [...ticks].reverse().filter(({ at }) => {
    const part = (at - low) / (high - low);
    const fits = free - part >= LABEL;
    if (fits) free = part;
    return fits;
  });
}

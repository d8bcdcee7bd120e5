/** Which inner iteration of a step is told, of an optimizer that makes several: the last one, until another is chosen. */

import { create, setText } from "../drawing/dom.js";

/** @typedef {import("../types.js").Context} Context */

export class InnerIterations {
  #ctx;
  #name = create("span", { class: "visually-hidden" });
  #choice = create("select", { class: "select" });
  /** What the choice is of: another step is told from its end again. */
  #step = "";
  /** @type {number | null} null: the last one */
  chosen = null;

  /**
   * @param {Context} ctx
   * @param {() => void} onChoose
   */
  constructor(ctx, onChoose) {
    this.#ctx = ctx;
    this.element = create("label", { class: "state-choice", hidden: true }, this.#name, this.#choice);
    this.#choice.addEventListener("change", () => {
      const isLast = this.#choice.selectedIndex === this.#choice.options.length - 1;
      this.chosen = isLast ? null : Number(this.#choice.value);
      onChoose();
    });
  }

  /** @param {string} step  that is looked at, of which run */
  of(step) {
    if (step === this.#step) return;
    this.#step = step;
    this.chosen = null;
  }

  /** @param {number | null} count  of inner iterations; null where there are none */
  show(count) {
    const length = count ?? 0;
    this.element.hidden = length < 2;
    setText(this.#name, this.#ctx.t("views.step.iteration"));
    if (this.#choice.options.length !== length)
      this.#choice.replaceChildren(
        ...Array.from({ length }, (_, i) => create("option", { value: String(i + 1) })),
      );
    for (const option of this.#choice.options)
      setText(option, this.#ctx.t("views.step.iterationOf", { number: option.value, count: length }));
    this.#choice.value = String(this.chosen ?? length);
  }
}

/** Chooses the sample of a minibatch whose signals are shown. */

import { create, setAttributes, setText } from "../drawing/dom.js";

/** @typedef {import("../types.js").Context} Context */

export class SampleChoice {
  #ctx;
  #name = create("span");
  #of = create("span");
  #input = create("input", { class: "sample-number", type: "number", min: 1, step: 1 });
  /** The sample, from 0. */
  sample = 0;

  /**
   * @param {Context} ctx
   * @param {() => void} onChange
   */
  constructor(ctx, onChange) {
    this.#ctx = ctx;
    this.element = create(
      "label",
      { class: "sample-choice", hidden: true },
      this.#name,
      this.#input,
      this.#of,
    );
    this.#input.addEventListener("input", () => {
      const sample = Math.round(this.#input.valueAsNumber) - 1;
      if (!(sample >= 0)) return;
      this.sample = sample;
      onChange();
    });
  }

  /** @param {import("./signals.js").Signals | null} signals */
  show(signals) {
    const { t } = this.#ctx;
    this.element.hidden = signals === null || signals.samples === 1;
    if (signals === null) return;
    setText(this.#name, t("views.network.sample"));
    setText(this.#of, t("views.network.ofSamples", { count: signals.samples }));
    setAttributes(this.#input, { max: signals.samples });
    if (document.activeElement !== this.#input) this.#input.value = String(signals.sample + 1);
  }
}

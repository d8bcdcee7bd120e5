/** Which two features of the samples are drawn, where they have more, and where the others are held. */

import { create, setText } from "../../drawing/dom.js";
import { formatReading } from "../../drawing/numbers.js";

const HEIGHT = 34;

export class FeatureChoice {
  element = create("div", { class: "data-features" });
  /** From 0: across and upwards. @type {[number, number]} */
  features = [0, 1];
  #ctx;
  #selects;
  #held = create("span", { class: "data-held" });
  #count = 0;

  /**
   * @param {import("../../types.js").Context} ctx
   * @param {() => void} onChange
   */
  constructor(ctx, onChange) {
    this.#ctx = ctx;
    this.#selects = [0, 1].map((place) => {
      const select = /** @type {HTMLSelectElement} */ (create("select", { class: "select" }));
      select.addEventListener("change", () => {
        this.#choose(place, Number(select.value));
        onChange();
      });
      return select;
    });
    this.element.append(this.#selects[0], "×", this.#selects[1], this.#held);
    this.element.hidden = true;
  }

  /** Pixels that it takes. */
  get height() {
    return this.element.hidden ? 0 : HEIGHT;
  }

  /** @param {number} count  of features */
  update(count) {
    const { t } = this.#ctx;
    ["across", "upwards"].forEach((place, i) =>
      this.#selects[i].setAttribute("aria-label", t(`views.data.${place}`)),
    );
    if (count === this.#count) return;
    this.#count = count;
    this.features = [0, 1];
    this.element.hidden = count <= this.features.length;
    setText(this.#held, "");
    for (const select of this.#selects)
      select.replaceChildren(
        ...Array.from({ length: count }, (_, i) => create("option", { value: String(i) }, nameOf(i))),
      );
    this.#show();
  }

  /** @param {(number | null)[]} held */
  tell(held) {
    const others = held.flatMap((value, i) =>
      value === null ? [] : [`${nameOf(i)} = ${formatReading(value)}`],
    );
    setText(this.#held, others.length === 0 ? "" : this.#ctx.t("views.data.held", { held: others }));
  }

  /**
   * The two are never one: who takes the other's leaves it its own.
   *
   * @param {number} place
   * @param {number} feature
   */
  #choose(place, feature) {
    const before = this.features[place];
    this.features = /** @type {[number, number]} */ (
      this.features.map((one, i) => (i === place ? feature : one === feature ? before : one))
    );
    this.#show();
  }

  #show() {
    this.features.forEach((feature, i) => (this.#selects[i].value = String(feature)));
  }
}

/** @param {number} feature  as the table of points calls it */
function nameOf(feature) {
  return `x${feature + 1}`;
}

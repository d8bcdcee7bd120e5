/**
 * The word that what is shown is still of before a change: over it, after a moment, and in nobody's way.
 */

import { create, setText } from "../drawing/dom.js";

export class Before {
  #words = create("span");
  element = create("p", { class: "tune-before", hidden: true }, this.#words);

  /**
   * @param {boolean} isStale
   * @param {import("../../languages/translator.js").Translator["t"]} t
   */
  update(isStale, t) {
    this.element.hidden = !isStale;
    setText(this.#words, t("views.tune.before"));
  }
}

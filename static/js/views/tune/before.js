/**
 * The word that what is shown is still of before a change: over it, after a moment, and in nobody's way.
 */

import { BROWSER_TIMERS } from "../../timers.js";
import { create, setText } from "../drawing/dom.js";

/** What comes sooner is not waited for. With the word, what stands after it in the page turns pale. */
const LATE_MS = 450;

export class Before {
  #words = create("span");
  element = create("p", { class: "tune-before", hidden: true }, this.#words);
  #over;
  #isStale = false;
  /** @type {unknown} */
  #timer = null;

  /** @param {Element} over  what it stands before */
  constructor(over) {
    this.#over = over;
  }

  /**
   * @param {boolean} isStale
   * @param {import("../../languages/translator.js").Translator["t"]} t
   */
  update(isStale, t) {
    setText(this.#words, t("views.tune.before"));
    if (isStale === this.#isStale) return;
    this.#isStale = isStale;
    this.#over.ariaBusy = String(isStale);
    BROWSER_TIMERS.cancel(this.#timer);
    if (isStale) this.#timer = BROWSER_TIMERS.after(() => (this.element.hidden = false), LATE_MS);
    else this.element.hidden = true;
  }
}

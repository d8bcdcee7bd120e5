/** What a view of one run says in its place while there is nothing of it to show. */

import { create, setText } from "./dom.js";
import { rawOf, tellEnd } from "./ends.js";

/**
 * @typedef {import("../types.js").Run} Run
 * @typedef {import("./ends.js").Words} Words
 */

/**
 * Why there is nothing to show of a run: for the time being, or because it cannot be trained.
 *
 * @param {Run | undefined} run
 * @param {Words} words
 * @returns {string}  empty where there is something
 */
export function whyEmpty(run, words) {
  const { t, say } = words;
  const refusals = (run?.errors ?? []).map(({ detail }) => detail).filter((detail) => detail !== "");
  const ended = run?.history?.ended ?? null;
  if (run?.history?.isEmpty === false) return "";
  if (refusals.length > 0) return t("views.ends.empty.refused", { why: refusals.join("; ") });
  if ((run?.errors ?? []).length > 0) return t("views.ends.empty.gone");
  if (ended === null) return t("views.ends.empty.waiting");
  return t("views.ends.empty.broken", { why: rawOf(ended, say) ?? tellEnd(ended, words) });
}

export class EmptyNote {
  #element;
  #words;
  #note = create("p", { class: "view-empty", role: "status" });

  /**
   * @param {HTMLElement} element  of the view
   * @param {Words} words
   */
  constructor(element, words) {
    this.#element = element;
    this.#words = words;
    element.append(this.#note);
  }

  /**
   * @param {Run | undefined} run
   * @returns {boolean}  whether there is nothing of it to show, which is said then in the place of all else
   */
  show(run) {
    const why = whyEmpty(run, this.#words);
    this.#element.classList.toggle("is-empty", why !== "");
    setText(this.#note, why);
    return why !== "";
  }
}

/** Show where to look: a ring around what has something to show. */

const LASTS_MS = 3000;

/** @param {string} selector */
export function pointAt(selector) {
  for (const element of document.querySelectorAll(selector)) {
    element.classList.add("is-pointed-at");
    setTimeout(() => element.classList.remove("is-pointed-at"), LASTS_MS);
  }
}

/**
 * How the runs of the page are drawn and named beside the maps.
 */

import { labelsOf } from "../state/labels.js";
import { idOf } from "../state/look.js";
import { runsWithout } from "../state/sweep/varied.js";
import { markerPath } from "../views/drawing/markers.js";

/**
 * @typedef {import("../controls/parts/page.js").Page} Page
 * @typedef {import("../views/drawing/markers.js").Look} Look
 */

/** Of a run that is there no longer. @type {Look} */
const NOBODY = { label: "", color: "transparent", path: "", marker: "circle", dash: [] };

/**
 * A run as it is named in Compare.
 *
 * @param {Page} page
 * @param {number} slot
 * @returns {Look}
 */
export function lookOf({ runs }, slot) {
  const run = runs.find(({ id }) => id === idOf(slot));
  if (run === undefined) return NOBODY;
  const { label, color, marker, dash } = run;
  return { label, color, marker, dash, path: markerPath(marker, 4.5) };
}

/** The same, named without what the axes vary: each made out once for a page. */
export class Looks {
  /** @type {Page | null} */
  #page = null;
  /** By slot. @type {Map<number, Look>} */
  #looks = new Map();

  /**
   * @param {Page} page
   * @param {number} slot
   * @returns {Look}
   */
  of(page, slot) {
    if (page !== this.#page) [this.#page, this.#looks] = [page, looksOf(page)];
    return this.#looks.get(slot) ?? NOBODY;
  }
}

/** @param {Page} page */
function looksOf(page) {
  const { runs } = page.state;
  const labels = labelsOf(runsWithout(page.state), page.t);
  return new Map(runs.map(({ slot }, i) => [slot, { ...lookOf(page, slot), label: labels[i] }]));
}

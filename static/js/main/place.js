/**
 * What a place of the page shows: all of it in Compare; in Learn the lesson, and what its page points at.
 */

import { SECTIONS } from "../lessons/sections.js";

/**
 * @typedef {import("../state/types.js").State} State
 */

/** Those beside the surface; one at a time fits. */
const SIDE = ["network", "plots", "runs"];

/**
 * @param {Document} document
 * @param {State} state
 * @param {{isOpen: boolean, pointsAt: string | null, mustAnswer: boolean}} lesson  whether one is open, what it speaks of,
 *   and whether it asks what is not to be seen yet
 */
export function showPlace(document, { place, runs }, { isOpen, pointsAt, mustAnswer }) {
  const workbench = /** @type {HTMLElement} */ (document.querySelector(".workbench"));
  const section = pointsAt === null ? null : (SECTIONS[pointsAt] ?? null);
  const side = SIDE.find((id) => id === section) ?? "none";
  if (workbench.dataset.place !== place) workbench.dataset.place = place;
  workbench.dataset.side = side;
  workbench.dataset.lesson = isOpen ? "open" : "none";
  workbench.dataset.asks = String(place === "learn" && mustAnswer);
  workbench.dataset.freezes = String(runs.some(({ freeze }) => freeze.length > 0));
  for (const element of workbench.querySelectorAll("[data-pointed]"))
    if (element.id !== section) element.removeAttribute("data-pointed");
  if (section !== null) document.getElementById(section)?.setAttribute("data-pointed", "");
}

/**
 * What the page is about, for the title of its window.
 *
 * @param {Pick<State, "place">} state
 * @param {{title: string}} problem
 * @param {{lesson: {title: string} | null}} learning  the lesson that is open
 * @param {import("../languages/words.js").Words["t"]} t
 */
export function subjectOf({ place }, problem, { lesson }, t) {
  if (place === "learn") return lesson?.title ?? t("shell.places.learn");
  return place === "loops" ? t("shell.places.loops") : problem.title;
}

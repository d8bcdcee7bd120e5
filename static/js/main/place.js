/**
 * What a place of the page shows: all of it in Compare; in Learn the lesson, and what its page points at.
 */

/**
 * @typedef {import("../state/types.js").State} State
 */

/** @type {Record<string, string>} where a view or control that a lesson points at is found: the id of a section */
const SECTIONS = {
  surface: "stage",
  legend: "legend",
  network: "network",
  training: "plots",
  step: "plots",
  state: "plots",
  curvature: "plots",
  timeline: "timeline",
  runs: "runs",
};

/** Those beside the surface; one at a time fits. */
const SIDE = ["network", "plots", "runs"];

/**
 * @param {Document} document
 * @param {{place: State["place"], pointsAt: string | null}} shown  pointsAt: what the lesson speaks of, if one is open
 */
export function showPlace(document, { place, pointsAt }) {
  const workbench = /** @type {HTMLElement} */ (document.querySelector(".workbench"));
  const section = pointsAt === null ? null : (SECTIONS[pointsAt] ?? null);
  const side = SIDE.find((id) => id === section) ?? "none";
  if (workbench.dataset.place !== place) workbench.dataset.place = place;
  workbench.dataset.side = side;
  for (const element of workbench.querySelectorAll("[data-pointed]"))
    if (element.id !== section) element.removeAttribute("data-pointed");
  if (section !== null) document.getElementById(section)?.setAttribute("data-pointed", "");
}

/** What a file is called, and what its caption says. */

import { fileName } from "../../saving/caption.js";
import { coversViews } from "../../state/place.js";

/** @typedef {import("../parts/page.js").Page} Page */

/**
 * @param {Page} page
 * @param {number} step
 * @param {string} name  of what is shown
 * @returns {import("../../saving/caption.js").Caption}
 */
export function captionOf({ t, state, problem, runs }, step, name) {
  const { place, steps } = state;
  const isOther = place === "loops";
  const of = isOther ? t("shell.places.loops") : problem.title;
  const title = coversViews(place)
    ? t("controls.save.caption.still", { of, name })
    : t("controls.save.caption.step", { of, name, step, steps });
  const shown = isOther ? [] : runs;
  return { title, runs: shown.map(({ label, color, dash, marker }) => ({ label, color, dash, marker })) };
}

/**
 * @param {Page} page
 * @param {(string | number)[]} parts
 * @param {string} suffix
 */
export function nameOf({ state }, parts, suffix) {
  return fileName([state.place === "loops" ? "loops" : state.problem, ...parts], suffix);
}

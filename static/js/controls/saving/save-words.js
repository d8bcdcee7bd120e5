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
  if (state.place === "loops")
    return { title: t("controls.save.caption.still", { of: t("shell.places.loops"), name }), runs: [] };
  const params = { of: problem.title, name, step, steps: state.steps };
  const title = t(`controls.save.caption.${coversViews(state.place) ? "still" : "step"}`, params);
  return { title, runs: runs.map(({ label, color, dash, marker }) => ({ label, color, dash, marker })) };
}

/**
 * @param {Page} page
 * @param {(string | number)[]} parts
 * @param {string} suffix
 */
export function nameOf({ state }, parts, suffix) {
  return fileName([state.place === "loops" ? "loops" : state.problem, ...parts], suffix);
}

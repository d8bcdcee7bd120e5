/**
 * What a file is asked for that shows what is on the screen: the comparison, a lesson, a map or a watched loop.
 */

import { viewOf } from "../session/shown.js";
import { decodeState } from "../state/address/address.js";
import { problemIn } from "../state/points/problem.js";
import { configsOf } from "../state/configs.js";
import { recallHere } from "../state/kept.js";
import { VIEW_KEYS } from "../views/registry.js";

/**
 * @typedef {import("../controls/parts/page.js").Page} Page
 * @typedef {import("../state/sweep/request.js").Ask} Ask
 * @typedef {import("../controls/parts/page.js").Taken} Taken
 */

/**
 * @param {Pick<Page, "state" | "catalog" | "runs" | "learning" | "link"> & {step: number}} page  step: that is shown
 * @param {{drawn: Ask[], judging: Ask[]}} maps  the sweeps that are shown whole, and those that judge a race
 * @returns {Taken}
 */
export function takenOf(page, maps) {
  const { state, catalog, runs, link, step } = page;
  const look = { format: /** @type {const} */ ("html"), address: new URL(link()).search };
  if (state.place === "learn") return lessonOf(page, look);
  if (state.place === "tune") return mapsOf(page, maps, look);
  if (state.place === "loops") {
    const ids = [state.loops.run, state.loops.beside].filter((id) => id !== null);
    return ids.length === 0 ? { lacks: "loop" } : { asked: { ...look, runs: ids.map((id) => ({ id })) } };
  }
  const own = runs.filter(({ errors, watched }) => errors.length === 0 && !watched);
  const shown = own.map(({ request }) => request);
  if (shown.length === 0) return { lacks: "runs" };
  return { asked: { ...look, runs: shown, plane: viewOf(state, catalog, step).plane } };
}

/**
 * @param {Pick<Page, "catalog" | "learning">} page
 * @param {{format: "html", address: string}} look
 * @returns {Taken}
 */
function lessonOf({ catalog, learning: { lesson, lessons } }, look) {
  if (lesson === null) return { lacks: "lesson" };
  if (lessons?.includes(lesson)) return { asked: { ...look, lesson: lesson.id } };
  const pages = lesson.steps.map(({ address }) => {
    const { state } = decodeState(address, catalog, VIEW_KEYS);
    const { plane } = viewOf(state, catalog, state.step ?? 0);
    return { runs: configsOf(state, problemIn(catalog, state)), plane };
  });
  return { asked: { ...look, lesson: JSON.parse(recallHere("ownLesson") ?? "null"), pages } };
}

/**
 * @param {Pick<Page, "state" | "runs">} page
 * @param {{drawn: Ask[], judging: Ask[]}} maps
 * @param {{format: "html", address: string}} look
 * @returns {Taken}
 */
function mapsOf({ state, runs }, { drawn, judging }, look) {
  if (drawn.length === 0) return { lacks: "map" };
  const indexOf = (/** @type {number} */ slot) => state.runs.findIndex((run) => run.slot === slot);
  const sweeps = [
    ...drawn.map(({ body, slots }) => ({ sweep: body, runs: slots.map(indexOf) })),
    ...judging.map(({ body }) => ({ sweep: body, runs: [] })),
  ];
  return { asked: { ...look, runs: runs.map(({ request }) => request), sweeps } };
}

/**
 * What a file shows that holds something recorded: this, looked at as its address says.
 */

import { decodeLink } from "../../lessons/linked.js";
import { runOf, stateOf } from "../configs.js";
import { decodeLook, decodeState } from "./address.js";
import { defaultState } from "./table.js";

/**
 * @typedef {import("../types.js").State} State
 * @typedef {import("../types.js").Catalog} Catalog
 * @typedef {import("../types.js").ViewKeys} ViewKeys
 */

/**
 * @param {import("../types.js").RunConfig[]} given  the configs of the runs
 * @param {string} query  of the page that they were recorded from; what it says is trained counts for nothing here
 * @param {Catalog} catalog
 * @param {ViewKeys} views
 * @returns {State}
 */
export function recordedState(given, query, catalog, views) {
  const configs = given.map(written);
  const { runs } = decodeState(query, catalog, views).state;
  const slots = configs.map((_, i) => (runs.length === configs.length ? runs[i].slot : i));
  const recorded = {
    ...defaultState(catalog, configs[0].problem.name),
    ...stateOf(configs),
    runs: configs.map((config, i) => runOf(config, slots[i])),
    selected: slots[0],
  };
  const { state } = decodeLook(query, recorded, catalog, views);
  return { ...state, place: "compare", mode: "contour", lesson: null };
}

/**
 * A config whose parts all say their hyperparameters, as the page has them, be they none.
 *
 * @param {import("../types.js").RunConfig} config
 * @returns {import("../types.js").RunConfig}
 */
function written({ optimizer, lr_scheduler: scheduler, ...rest }) {
  const saying = (/** @type {import("../types.js").Call} */ call) => ({
    ...call,
    hyperparameters: call.hyperparameters ?? {},
  });
  return { ...rest, optimizer: saying(optimizer), ...(scheduler && { lr_scheduler: saying(scheduler) }) };
}

/**
 * @param {State} state  of the runs that are swept
 * @param {import("../sweep/request.js").Body} body  of the first sweep that is drawn
 * @param {string} query
 * @param {Catalog} catalog
 * @param {ViewKeys} views
 * @returns {State}
 */
export function recordedMaps(state, { axes, seeds, target }, query, catalog, views) {
  const { sweep } = decodeState(query, catalog, views).state;
  const [x, y = null] = axes;
  const asked = new URLSearchParams(query);
  const isSaid = asked.has("tune") || asked.get("place") === "tune"; // which a page always says
  const kind = isSaid ? state.tune.kind : y === null ? "curve" : "map";
  const swept = { ...sweep, x, y, seeds: seeds?.length ?? sweep.seeds, target: target ?? null };
  const isOwn = kind === "basins" || kind === "edge"; // which have axes of their own
  return { ...state, place: "tune", tune: { ...state.tune, kind }, sweep: isOwn ? sweep : swept };
}

/**
 * @param {import("../../wire.d.ts").LessonDocument} lesson
 * @param {string} query
 * @param {Catalog} catalog
 * @param {ViewKeys} views
 * @returns {State}
 */
export function recordedLesson(lesson, query, catalog, views) {
  const look = new URLSearchParams(query);
  look.delete("runs"); // those of the lesson are shown
  look.set("lesson", lesson.id);
  const { state } = decodeLink(`?${look}`, [lesson], catalog, views);
  return { ...state, mode: "contour" };
}

/**
 * @param {string[]} ids  of the watched runs
 * @param {string} query
 * @param {Catalog} catalog
 * @param {ViewKeys} views
 * @returns {State}
 */
export function recordedLoops(ids, query, catalog, views) {
  const { state } = decodeLook(query, defaultState(catalog), catalog, views);
  const { run, beside } = state.loops;
  const known = (/** @type {string | null} */ id) => (id !== null && ids.includes(id) ? id : null);
  const loops = { ...state.loops, run: known(run) ?? ids[0], beside: known(beside) };
  return { ...state, place: "loops", lesson: null, loops };
}

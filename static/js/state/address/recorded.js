/**
 * What a file shows that holds recorded runs: these, looked at as its address says.
 */

import { runOf, stateOf } from "../configs.js";
import { decodeLook, decodeState } from "./address.js";
import { defaultState } from "./table.js";

/**
 * @typedef {import("../types.js").State} State
 *
 * @param {import("../types.js").RunConfig[]} configs  of the runs
 * @param {string} query  of the page that they were recorded from; what it says is trained counts for nothing here
 * @param {import("../types.js").Catalog} catalog
 * @param {import("../types.js").ViewKeys} views
 * @returns {State}
 */
export function recordedState(configs, query, catalog, views) {
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

/** What a place is given that trains: the page without runs of loops that are not ours. */

import { suggestedState } from "../state/configs.js";
import { trainable } from "../state/watched.js";

/** @typedef {import("../controls/parts/page.js").Page} Page */

/**
 * @param {Page} page
 * @returns {Page}
 */
export function trainablePage(page) {
  const state = trainable(page.state, () => suggestedState(page.catalog, page.state.problem).runs);
  return state === page.state ? page : { ...page, state, runs: page.runs.filter(({ watched }) => !watched) };
}

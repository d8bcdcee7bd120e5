/** A kept run that an address names, as `optiscope open` does: it is shown alone. */

import { ApiError } from "../api/request.js";
import { addKept, isOurs } from "../state/kept-runs.js";

/**
 * @typedef {import("../state/kept-runs.js").KeptRun} KeptRun
 * @typedef {import("../state/types.js").Catalog} Catalog
 * @typedef {import("../state/types.js").State} State
 * @typedef {import("../controls/shell/notices.js").Notice} Notice
 */

const KEY = "kept";
const NOT_FOUND = 404;

/**
 * @param {string} query
 * @param {(id: string) => Promise<KeptRun>} get
 * @returns {Promise<{run: KeptRun | null, notices: Notice[]}>}  no run where none is named, or there is none of the name
 */
export async function namedRun(query, get) {
  const id = new URLSearchParams(query).get(KEY);
  if (id === null) return { run: null, notices: [] };
  const run = await get(id).catch((error) => {
    if (error instanceof ApiError && error.status === NOT_FOUND) return null;
    throw error;
  });
  const isShown = run !== null && isOurs(run);
  return { run: isShown ? run : null, notices: isShown ? [] : [missing(id)] };
}

/**
 * @param {string} id
 * @returns {Notice}
 */
function missing(id) {
  return { id: "noRun", kind: "trouble", key: "shell.notice.noRun", params: { id } };
}

/**
 * The state with a run alone in it.
 *
 * @param {State} state
 * @param {Catalog} catalog
 * @param {KeptRun | null} run
 * @returns {State}  as it was, where there is none
 */
export function withNamed(state, catalog, run) {
  return run === null ? state : { ...state, ...addKept({ ...state, runs: [] }, catalog, run) };
}

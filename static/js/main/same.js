/** What of the page is still what it was. */

/**
 * @typedef {import("../state/types.js").State} State
 * @typedef {import("../views/types.js").Data} Data
 */

/**
 * Whether runs are drawn with the same records in the same way.
 *
 * @param {Data["runs"]} runs
 * @param {Data["runs"]} others
 */
export function showsSame(runs, others) {
  return runs.every(({ history, stale }, i) => history === others[i]?.history && stale === others[i].stale);
}

/**
 * Whether the clock alone has moved.
 *
 * @param {State} state
 * @param {State} previous
 */
export function onlyStep(state, previous) {
  const fields = /** @type {(keyof State)[]} */ (Object.keys(state));
  return fields.every((field) => field === "step" || Object.is(state[field], previous[field]));
}

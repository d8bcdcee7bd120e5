/** Whether the server can be asked about a run. */

/**
 * Whether the records of a run are there, so that the server need not train it for this.
 *
 * @param {import("../types.js").Run} run
 */
export function isReady({ history, stale, request, watched }) {
  if (watched || history === null || history.isEmpty || stale) return false;
  return history.ended !== null || "id" in request;
}

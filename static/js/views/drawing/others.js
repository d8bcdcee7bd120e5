/**
 * What goes along with a run: its average, or the x and z of an optimizer that needs no schedule because it averages by
 * itself. Its parameters are then its y. The same run without what it freezes goes along as well, and the central flow of it.
 */

/**
 * @typedef {import("../../history.js").History} History
 * @typedef {"average" | "z"} Point  of the run itself
 * @typedef {Point | "unfrozen" | "flow"} Other
 */

/**
 * Whether what is recorded beside the parameters is the optimizer's own.
 *
 * @param {History | null} history
 */
export function isScheduleFree(history) {
  return history?.hasAverage === true && (history.config.average ?? null) === null;
}

/**
 * How a point that goes along with a run is called: EMA, SWA, x or z.
 *
 * @param {History | null} history
 * @param {Point} other
 */
export function nameOfOther(history, other) {
  if (other === "z") return "z";
  return history?.config.average?.name ?? "x";
}

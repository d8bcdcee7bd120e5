/** Runs of loops that are not ours over a surface of ours. */

/**
 * @typedef {import("../../history.js").History} History
 * @typedef {import("../types.js").Data} Data
 * @typedef {import("../types.js").Run} Run
 */

/**
 * The watched runs whose parameters are those of the surface: they are laid on it, though it is none of theirs.
 *
 * @param {Data} data
 * @returns {Run[]}
 */
export function laidOf({ runs, problem }) {
  const own = runs.find(({ watched, history }) => !watched && history !== null)?.history ?? null;
  if (own === null || problem?.kind === "function") return [];
  const told = (/** @type {History} */ { names, shapes }) =>
    JSON.stringify(names.map((name) => [name, shapes[name]]));
  return runs.filter(
    ({ watched, history }) => watched && history !== null && !history.isEmpty && told(history) === told(own),
  );
}

/** How a watched run that is opened is looked at. */

/** @typedef {import("../types.js").Loops} Loops */

/**
 * Nothing is marked that was of another one, and it does not stand beside itself.
 *
 * @param {Loops} loops
 * @param {string | null} run  its id; null: none is open
 * @returns {Loops}
 */
export function opened(loops, run) {
  return { ...loops, run, beside: loops.beside === run ? null : loops.beside, layer: null, at: null };
}

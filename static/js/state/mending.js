/**
 * A run with one field changed, where the server says that it must be.
 */

/** @typedef {import("./types.js").Run} Run */

/**
 * @template {Run} R
 * @param {R} run
 * @param {string} pointer  JSON pointer of a field of its configuration
 * @param {number} value
 * @returns {R}
 */
export function withValueAt(run, pointer, value) {
  const changed = structuredClone(run);
  const tokens = pointer.split("/").slice(1);
  const field = tokens.pop() ?? "";
  /** @type {any} */
  let place = changed;
  for (const token of tokens) place = place?.[token];
  if (typeof place === "object" && place !== null) place[field] = value;
  return changed;
}

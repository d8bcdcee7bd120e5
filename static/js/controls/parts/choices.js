/** The choices that the catalog offers. */

/** @typedef {import("../../state/types.js").Choice} Choice */

/**
 * @param {Choice[]} choices
 * @param {string} name  a state only ever names one that is there
 * @returns {Choice}
 */
export function find(choices, name) {
  const found = choices.find((choice) => choice.name === name);
  if (found === undefined) throw new RangeError(`the catalog has no ${name}`);
  return found;
}

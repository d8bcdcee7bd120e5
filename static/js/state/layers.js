/**
 * The layers of a network, by torch's names.
 *
 * @param {number[]} hidden
 * @returns {string[]}
 */
export function layerNames(hidden) {
  return [...hidden, 1].map((_, i) => `fc${i + 1}`);
}

/**
 * Optimizers that do not treat each number by itself: their runs are trained one by one, so fewer are asked for.
 */

/** Cells along each side of a picture of such runs. */
export const ROUGH = 15;

/**
 * @param {Set<string>} alone  the names that are known, to which those that the server says are added
 * @param {readonly import("./cells.js").Swept[]} sweeps
 * @returns {boolean}  whether there are more now
 */
export function learnAlone(alone, sweeps) {
  const before = alone.size;
  for (const { ask, cells } of sweeps)
    if (cells?.started.ways.some(({ way }) => way === "one by one")) alone.add(ask.body.run.optimizer.name);
  return alone.size > before;
}

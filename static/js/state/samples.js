/**
 * How many samples there are to learn.
 */

/**
 * @typedef {Pick<import("./types.js").State, "samples"> & Partial<Pick<import("./types.js").State, "points">>} Sampled
 * @typedef {Pick<import("./types.js").Problem, "option_defaults">} Sampling
 */

/**
 * Those of a set of data, without what is held out of points that somebody brought.
 *
 * @param {Sampled} state
 * @param {Sampling} problem
 */
export function samplesOf({ samples, points }, { option_defaults: standard }) {
  const brought = points ?? standard.points;
  if (brought === undefined) return samples ?? standard.samples ?? 1;
  const { length } = brought.x;
  return length - Math.floor(length * brought.held_out);
}

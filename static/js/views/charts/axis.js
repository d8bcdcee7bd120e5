/**
 * What stands along the bottom of a line plot: steps, or the samples that a run has seen by then.
 *
 * Runs whose steps see different numbers of samples lie at the same place where they have seen as many. The clock
 * counts steps, so the place of the clock is that of the selected run.
 */

/**
 * @typedef {import("../../history.js").History} History
 * @typedef {import("../types.js").Data} Data
 * @typedef {import("../types.js").Run} Run
 *
 * @typedef {object} Seen  how a run goes through its data
 * @property {number} samples  of the dataset
 * @property {number} batch  samples of a pass; the last one of an epoch may have fewer
 * @property {number} passes  in a step
 *
 * @typedef {object} Axis
 * @property {"steps" | "samples"} kind
 * @property {(run: Run, step: number) => number} placeOf
 * @property {(run: Run, place: number) => number} stepOf  the last step that is not beyond a place; between two steps
 *   where the axis is one of steps
 */

/** @type {Axis} */
const STEPS = { kind: "steps", placeOf: (_, step) => step, stepOf: (_, place) => place };

/** @type {Axis} */
const SAMPLES = {
  kind: "samples",
  placeOf: ({ history }, step) => samplesAt(seenBy(history), step),
  stepOf: ({ history }, place) => stepAt(seenBy(history), place),
};

/**
 * The axis that is wanted; that of steps where no run has samples.
 *
 * @param {Pick<Data, "runs" | "scales">} data
 * @returns {Axis}
 */
export function axisOf({ runs, scales }) {
  return scales.axis === "samples" && hasSamples(runs) ? SAMPLES : STEPS;
}

/** @param {Run[]} runs */
export function hasSamples(runs) {
  return runs.some(({ history }) => (history?.data ?? null) !== null);
}

/**
 * Whether a step of every run sees as many samples.
 *
 * @param {Run[]} runs
 */
export function isEven(runs) {
  const known = runs.flatMap(({ history }) => (history === null ? [] : [JSON.stringify(seenBy(history))]));
  return new Set(known).size < 2;
}

/**
 * @param {History | null} history  without data, a step counts as one sample
 * @returns {Seen}
 */
export function seenBy(history) {
  const samples = history?.data?.x.shape[0] ?? 1;
  return {
    samples,
    batch: Math.min(history?.config.batch_size ?? samples, samples),
    passes: history?.config.loop?.accumulate ?? 1,
  };
}

/**
 * @param {Seen} seen
 * @param {number} step
 * @returns {number}  samples, a sample as often as it was seen
 */
export function samplesAt({ samples, batch, passes }, step) {
  const inEpoch = Math.ceil(samples / batch);
  const drawn = step * passes;
  return Math.floor(drawn / inEpoch) * samples + (drawn % inEpoch) * batch;
}

/**
 * The last step by which a run has seen no more than some samples.
 *
 * @param {Seen} seen
 * @param {number} place
 */
export function stepAt({ samples, batch, passes }, place) {
  const inEpoch = Math.ceil(samples / batch);
  const epochs = Math.floor(place / samples);
  return Math.floor((epochs * inEpoch + Math.floor((place - epochs * samples) / batch)) / passes);
}

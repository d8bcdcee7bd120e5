/**
 * What stands along the bottom of a line plot: steps, or the samples or epochs that a run has seen by then.
 *
 * Runs whose steps see different numbers of samples lie at the same place where they have seen as many. The clock
 * counts steps, so the place of the clock is that of the selected run. A loop that is not ours has seen what it said.
 */

import { countedOf } from "../../state/loops/axis.js";
import { indexAt } from "./index-at.js";

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
 * @property {"steps" | "samples" | "epochs"} kind
 * @property {(run: Run) => boolean} knows  whether it is known where the steps of a run lie
 * @property {(run: Run, step: number) => number} placeOf
 * @property {(run: Run, place: number) => number} stepOf  the last step that is not beyond a place; between two steps
 *   where the axis is one of steps
 */

/** @type {Axis} */
const STEPS = { kind: "steps", knows: () => true, placeOf: (_, step) => step, stepOf: (_, place) => place };

/** What division may have taken from a whole number of samples. */
const ROUNDING = 1e-6;

/** @type {Record<"samples" | "epochs", Axis>} */
const COUNTED = { samples: countedAxis("samples"), epochs: countedAxis("epochs") };

/** What may be chosen. */
export const KINDS = /** @type {const} */ (["steps", "samples", "epochs"]);

/**
 * @param {"samples" | "epochs"} kind
 * @returns {Axis}
 */
function countedAxis(kind) {
  const unitOf = (/** @type {History | null} */ history) => (kind === "epochs" ? seenBy(history).samples : 1);
  return {
    kind,
    knows: ({ history }) => !history?.isWatched || saidBy(history, kind) !== null,
    placeOf: ({ history }, step) => {
      if (!history?.isWatched) return samplesAt(seenBy(history), step) / unitOf(history);
      return saidBy(history, kind)?.[Math.max(0, history.clamp(step) - history.first)] ?? NaN;
    },
    stepOf: ({ history }, place) => {
      if (!history?.isWatched) return stepAt(seenBy(history), Math.floor(place * unitOf(history) + ROUNDING));
      return history.first + Math.max(0, indexAt(saidBy(history, kind) ?? [], place + ROUNDING));
    },
  };
}

/** @type {WeakMap<History, Record<string, {length: number, places: Float64Array | null}>>} */
const said = new WeakMap();

/**
 * Where the records of a loop that is not ours lie, by what it said.
 *
 * @param {History} history
 * @param {"samples" | "epochs"} kind
 * @returns {Float64Array | null}  null where it has not
 */
function saidBy(history, kind) {
  const known = said.get(history) ?? {};
  said.set(history, known);
  if (known[kind]?.length !== history.length) {
    const steps = Array.from({ length: history.length - history.first }, (_, i) => history.first + i);
    const path = kind === "epochs" ? "epoch" : "samples";
    const counts = steps.map((k) => history.optional(path, k)?.[0] ?? NaN);
    known[kind] = { length: history.length, places: countedOf(steps, counts, path) };
  }
  return known[kind].places;
}

/**
 * The axis that is wanted; that of steps where no run has samples.
 *
 * @param {Pick<Data, "runs" | "scales">} data
 * @returns {Axis}
 */
export function axisOf({ runs, scales }) {
  const wanted = scales.axis === "samples" || scales.axis === "epochs" ? scales.axis : null;
  return wanted !== null && hasPlaces(runs, wanted) ? COUNTED[wanted] : STEPS;
}

/**
 * Whether any run lies on an axis.
 *
 * @param {Run[]} runs
 * @param {Axis["kind"]} kind
 */
export function hasPlaces(runs, kind) {
  return (
    kind === "steps" ||
    runs.some(({ history }) => {
      if (history === null) return false;
      return history.isWatched ? saidBy(history, kind) !== null : history.data !== null;
    })
  );
}

/**
 * Whether a step of every run sees as many samples.
 *
 * @param {Run[]} runs
 */
export function isEven(runs) {
  const known = runs.flatMap(({ id, history }) =>
    history === null ? [] : [history.isWatched ? id : JSON.stringify(seenBy(history))],
  );
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

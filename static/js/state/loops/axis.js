/** What the charts of a watched run go over: its steps, the epochs it has been through, or the samples it has seen. */

import { AXES } from "../address/table.js";

/**
 * @typedef {import("./record.js").Record} Record
 * @typedef {import("../types.js").Loops["x"]} Kind
 */

/**
 * Where each record lies.
 *
 * @param {Record} record
 * @param {Kind} kind
 * @returns {ArrayLike<number> | null}  null where its loop has not said it
 */
export function placesOf(record, kind) {
  if (kind === "step") return record.steps;
  const column = record.column(kind === "epoch" ? "epoch" : "samples");
  return column === null ? null : countedOf(record.steps, column.data, kind);
}

/**
 * Where records lie by what their loop has counted.
 *
 * @param {ArrayLike<number>} steps
 * @param {ArrayLike<number>} counts  NaN where it was not said
 * @param {"epoch" | "samples"} kind
 * @returns {Float64Array | null}  null where it was never said
 */
export function countedOf(steps, counts, kind) {
  if (!Array.prototype.some.call(counts, (value) => value > 0)) return null;
  return kind === "samples" ? known(counts) : epochsOf(steps, known(counts));
}

/**
 * Until a count is first said, nothing has been counted.
 *
 * @param {ArrayLike<number>} counts  NaN where it was not said
 */
function known(counts) {
  let last = 0;
  return Float64Array.from(counts, (count) => (last = Number.isNaN(count) ? last : count));
}

/**
 * Epochs with their fractions: within one, steps are alike; the last is taken to be as long as the one before.
 *
 * @param {ArrayLike<number>} steps
 * @param {Float64Array} over  how many epochs were over at each record
 */
function epochsOf(steps, over) {
  const turns = [{ step: 0, epochs: 0 }];
  for (let i = 0; i < over.length; i += 1)
    if (over[i] > (turns.at(-1)?.epochs ?? 0)) turns.push({ step: steps[i], epochs: over[i] });
  const places = new Float64Array(over.length);
  let at = 0;
  for (let i = 0; i < over.length; i += 1) {
    while (at + 1 < turns.length && turns[at + 1].step <= steps[i]) at += 1;
    const [here, next] = [turns[at], turns[at + 1] ?? after(turns)];
    const part = (steps[i] - here.step) / Math.max(1, next.step - here.step);
    places[i] = here.epochs + Math.min(1, part) * (next.epochs - here.epochs);
  }
  return places;
}

/** @param {{step: number, epochs: number}[]} turns */
function after(turns) {
  const [before, last] = [turns.at(-2) ?? turns[0], turns[turns.length - 1]];
  const epochs = Math.max(1, last.epochs - before.epochs);
  return { step: last.step + Math.max(1, (last.step - before.step) / epochs), epochs: last.epochs + 1 };
}

/**
 * What charts may go over, for all that are in them.
 *
 * @param {Record[]} records
 * @returns {Kind[]}
 */
export function axesOf(records) {
  return AXES.filter((kind) => records.every((record) => placesOf(record, kind) !== null));
}

/**
 * What charts go over: what was chosen, or the steps where one of them has not said it.
 *
 * @param {Record[]} records
 * @param {Kind} chosen
 * @returns {Kind}
 */
export function axisOf(records, chosen) {
  return axesOf(records).includes(chosen) ? chosen : "step";
}

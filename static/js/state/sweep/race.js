/**
 * A fair race: each optimizer at its best cell, judged on seeds that no choice has seen, and compared seed by seed.
 */

import { median } from "./median.js";

/**
 * @typedef {import("../types.js").RunConfig} RunConfig
 * @typedef {import("../types.js").Call} Call
 * @typedef {import("./cells.js").Picture} Picture
 * @typedef {import("./cells.js").Cells} Cells
 * @typedef {import("./request.js").Ask} Ask
 * @typedef {import("../../wire.d.ts").SummedUp} SummedUp
 *
 * @typedef {object} Tuned  an optimizer where it does best
 * @property {number} slot
 * @property {SummedUp} entry
 * @property {RunConfig | null} run  null where no cell has a finite median
 * @property {{end_loss?: number, test_loss?: number}} map  what the map says of that run
 *
 * @typedef {object} Judged
 * @property {number} slot
 * @property {SummedUp} entry
 * @property {RunConfig | null} run
 * @property {Tuned["map"]} map
 * @property {number[]} losses  of each judging seed; infinite where it diverged
 * @property {number} median
 * @property {[number, number] | null} band  where the median over all seeds lies; null where seeds are too few to say
 * @property {number | null} test  the median of the held-out loss; null where there is none
 * @property {number | null} steps  the median of the steps to the target; null without one
 * @property {number | null} reached  the share of the seeds that got to the target; null without one
 * @property {number} diverged  the share of the seeds
 *
 * @typedef {object} Difference
 * @property {number} better  its place among those judged
 * @property {number} worse
 * @property {number} won  seeds on which it ends lower
 * @property {number} lost
 * @property {number} p  how often a pair of a race of equals would look so uneven, at most
 */

/** How often chance alone may pass for a difference anywhere in a race, or leave a median outside its band. */
const LEVEL = 0.05;

/** What cannot be an axis of a race: losses of unlike problems do not compare. */
const PROBLEM = /^\/problem(\/|$)/;

/** @param {Ask[]} asks */
export function comparesProblems(asks) {
  return asks.some(({ body }) => body.axes.some(({ path }) => PROBLEM.test(path)));
}

/**
 * @param {Picture} picture  whose sweeps are whole
 * @returns {Tuned[]}
 */
export function tunedIn({ sweeps }) {
  return sweeps.flatMap(({ ask, cells, summary }) =>
    (summary ?? []).map((entry, i) => {
      const member = entry.best?.members[0];
      const run = member === undefined ? null : (cells?.config(member, ask.body.seeds) ?? null);
      const map = member === undefined || cells === null ? {} : lossesOf(cells, member);
      return { slot: ask.slots[i], entry, run, map };
    }),
  );
}

/**
 * @param {Cells} cells
 * @param {number} member
 */
export function lossesOf(cells, member) {
  const at = (/** @type {string} */ name) => (cells.has(name) ? { [name]: cells.at(name, member) } : {});
  return { ...at("end_loss"), ...at("test_loss") };
}

/**
 * The sweeps that judge: those that have all else in common share one.
 *
 * @param {Tuned[]} tuned
 * @param {number[]} seeds
 * @param {number | null} target
 * @returns {Ask[]}
 */
export function judgingOf(tuned, seeds, target) {
  /** @type {Map<string, Ask>} */
  const asks = new Map();
  for (const { slot, run } of tuned) {
    if (run === null) continue;
    const { optimizer, ...rest } = run;
    const key = JSON.stringify({ ...rest, model: { ...rest.model, seed: null } });
    const axes = [{ path: "/model/seed", values: seeds }];
    const ask = asks.get(key) ?? { body: { run, axes, optimizers: [], target }, slots: [] };
    asks.set(key, ask);
    ask.body.optimizers?.push(optimizer);
    ask.slots.push(slot);
  }
  return [...asks.values()];
}

/**
 * @param {Tuned[]} tuned
 * @param {Map<number, {cells: Cells, first: number, count: number}>} found  by slot: its members among those that judge
 * @returns {Judged[]}  the least median first
 */
export function judgedOf(tuned, found) {
  const all = tuned.map(({ slot, entry, run, map }) => {
    const { cells, first, count } = found.get(slot) ?? { cells: null, first: 0, count: 0 };
    const members = Array.from({ length: count }, (_, i) => first + i);
    const column = (/** @type {string} */ name) =>
      members.map((member) => {
        const value = cells?.at(name, member) ?? NaN;
        const isLost = Number.isNaN(value) || (name !== "steps_to_target" && cells?.diverged(member));
        return isLost ? Infinity : value;
      });
    const losses = column("end_loss");
    const steps = cells?.has("steps_to_target") ? column("steps_to_target") : null;
    return {
      ...{ slot, entry, run, map, losses, median: middle(losses), band: bandOf(losses) },
      test: cells?.has("test_loss") ? middle(column("test_loss")) : null,
      steps: steps === null ? null : middle(steps),
      reached: steps === null ? null : steps.filter(Number.isFinite).length / Math.max(count, 1),
      diverged: count === 0 ? 1 : losses.filter((loss) => loss === Infinity).length / count,
    };
  });
  return all.sort((a, b) => a.median - b.median || 0);
}

/** @param {number[]} numbers */
function middle(numbers) {
  return numbers.length === 0 ? Infinity : median(numbers);
}

/**
 * Between which two of some numbers the median of where they come from lies, by their order alone.
 *
 * @param {number[]} numbers
 * @returns {[number, number] | null}
 */
export function bandOf(numbers) {
  const count = numbers.length;
  let k = 0;
  while (k <= count / 2 && 2 * belowHalf(count, k) <= LEVEL) k += 1;
  if (k === 0) return null;
  const sorted = [...numbers].sort((a, b) => a - b);
  return [sorted[k - 1], sorted[count - k]];
}

/**
 * How often at most `k` of `count` fair coins show heads.
 *
 * @param {number} count
 * @param {number} k
 */
export function belowHalf(count, k) {
  let [share, sum] = [2 ** -count, 0];
  for (let i = 0; i <= k; i += 1) {
    sum += share;
    share *= (count - i) / (i + 1);
  }
  return sum;
}

/**
 * Each pair, the better one first.
 *
 * @param {Judged[]} judged
 * @returns {Difference[]}
 */
export function differencesOf(judged) {
  const pairs = judged.flatMap((_, a) => judged.slice(a + 1).map((__, i) => [a, a + 1 + i]));
  return pairs.map(([a, b]) => {
    const wins = (/** @type {number} */ one, /** @type {number} */ other) =>
      judged[one].losses.filter((loss, i) => loss < judged[other].losses[i]).length;
    const [won, lost] = [wins(a, b), wins(b, a)];
    const [better, worse] = lost > won ? [b, a] : [a, b];
    const [most, least] = [Math.max(won, lost), Math.min(won, lost)];
    const p = Math.min(1, 2 * belowHalf(won + lost, least) * pairs.length);
    return { better, worse, won: most, lost: least, p };
  });
}

/**
 * How many seeds it takes before so many pairs can differ by more than chance.
 *
 * @param {number} pairs
 */
export function seedsToTell(pairs) {
  let count = 1;
  while (2 * belowHalf(count, 0) * pairs > LEVEL) count += 1;
  return count;
}

/**
 * What is told of a difference: the name of a sentence.
 *
 * @param {{won: number, lost: number, p: number}} difference
 * @param {boolean} areFew  whether the seeds are too few to tell
 */
export function verdictOf({ won, lost, p }, areFew) {
  if (p <= LEVEL) return "told";
  if (won === lost) return "even";
  return areFew ? "few" : "chance";
}

/** What is to be seen at a step, in a sentence or two: who is lowest, who diverged or failed, and in the end who reached what. */

import { earlyEnd, stepOfEnd } from "../drawing/ends.js";
import { formatReading } from "../drawing/numbers.js";

/**
 * @typedef {import("../../history.js").History} History
 * @typedef {import("../types.js").Context["t"]} Translate
 * @typedef {import("../types.js").Data} Data
 * @typedef {import("../types.js").Run} Run
 * @typedef {Run & {history: History}} Begun
 *
 * @typedef {{label: string, loss: number}} Standing  of a run that goes on, or came to its end
 */

/** So many are named at the end; of more, only how many there are. */
const NAMED = 4;

/** The ends after which a run leads nobody, and reached nothing. */
const LOST = /** @type {const} */ (["diverged", "failed"]);

/** Numbers that the page has words for. */
const SPELLED = 8;

/**
 * @param {Pick<Data, "runs" | "steps" | "mode">} data
 * @param {number} step
 * @param {Translate} t
 * @returns {string}  empty before the first record
 */
export function tellStep({ runs, steps, mode }, step, t) {
  const all = /** @type {Begun[]} */ (runs.filter(hasBegun));
  if (all.length === 0) return "";
  const begun = all.filter(({ watched }) => !watched);
  const told = tellWatched(
    all.filter(({ watched }) => watched),
    step,
    t,
  );
  if (begun.length === 0) return told;
  const refused = [
    tellRefused(begun, "before", t),
    tellRefused(
      runs.filter((run) => !hasBegun(run)),
      "nothing",
      t,
    ),
  ];
  const isEnd = begun.every(({ history }) => history.ended !== null) && step >= lastStep(begun, steps);
  const said = isEnd
    ? [tellEnd(begun, step, t), ...tellLost(begun, step, t), tellRates(begun, t)]
    : [tellStart(begun, t), tellColours(mode, t), tellLead(begun, step, t), ...tellLost(begun, step, t)];
  return [...refused, ...said, told].filter((sentence) => sentence !== "").join(" ");
}

/**
 * What loops that are not ours said last.
 *
 * @param {Begun[]} runs
 * @param {number} step
 * @param {Translate} t
 */
function tellWatched(runs, step, t) {
  const said = runs.flatMap(({ label, history }) => {
    const record = history.recordAt(step);
    const loss = record === null ? NaN : history.lossAt(record);
    return Number.isNaN(loss) ? [] : [t("views.story.reached", { run: label, loss: formatReading(loss) })];
  });
  return said.length === 0 ? "" : t("views.story.watched", { losses: said });
}

/**
 * Which runs are not what is shown, as the server refuses them.
 *
 * @param {Run[]} runs
 * @param {"before" | "nothing"} shown  what there is in their place
 * @param {Translate} t
 */
function tellRefused(runs, shown, t) {
  const refused = runs.flatMap(({ refused }) => (refused ? [refused] : []));
  if (refused.length === 0) return "";
  const others = othersOf(refused.length - NAMED, t);
  return t(`views.story.refused.${shown}`, {
    count: refused.length,
    runs: [...refused.slice(0, NAMED), ...others],
  });
}

/**
 * @param {number} count
 * @param {Translate} t
 * @returns {string[]}  nothing where there are none
 */
function othersOf(count, t) {
  return count > 0 ? [t("views.story.others", { count })] : [];
}

/** @param {Run} run */
function hasBegun({ history }) {
  return history !== null && !history.isEmpty;
}

/**
 * @param {Begun[]} runs
 * @param {number} steps
 */
function lastStep(runs, steps) {
  return Math.min(steps, Math.max(...runs.map(({ history }) => history.last)));
}

/**
 * @param {Begun[]} runs
 * @param {Translate} t
 */
function tellStart(runs, t) {
  const count = runs.length;
  if (count === 1) return t("views.story.starts.alone", { run: runs[0].label });
  const number = count <= SPELLED ? t(`views.story.numbers.${count}`) : String(count);
  return t(`views.story.starts.${startTogether(runs) ? "together" : "apart"}`, { number });
}

/** @type {WeakMap<History, {of: History, isSame: boolean}>} which stays as it is, and is told at every step */
const compared = new WeakMap();

/**
 * Whether all begin with the same numbers.
 *
 * @param {Begun[]} runs
 */
function startTogether([{ history: first }, ...others]) {
  return others.every(({ history }) => {
    const known = compared.get(history);
    if (known?.of === first) return known.isSame;
    const isSame = startsLike(history, first);
    compared.set(history, { of: first, isSame });
    return isSame;
  });
}

/**
 * @param {History} one
 * @param {History} other
 */
function startsLike(one, other) {
  return (
    one.first === other.first &&
    one.names.join() === other.names.join() &&
    one.names.every((name) => sameNumbers(one.param(name, one.first), other.param(name, other.first)))
  );
}

/**
 * @param {ArrayLike<number>} a
 * @param {ArrayLike<number>} b
 */
function sameNumbers(a, b) {
  return a.length === b.length && Array.from(a).every((value, i) => Object.is(value, b[i]));
}

/**
 * @param {Data["mode"]} mode
 * @param {Translate} t
 */
function tellColours(mode, t) {
  return mode === "data" ? "" : t("views.story.dark");
}

/**
 * @param {Begun[]} runs
 * @param {number} step
 * @param {Translate} t
 */
function tellLead(runs, step, t) {
  if (step === 0) return "";
  const standings = standingsAt(runs, step);
  if (standings === null) return t("views.story.batches", { step });
  if (standings.length === 0) return "";
  const loss = formatReading(standings[0].loss);
  const first = standings.filter((one) => one.loss === standings[0].loss).map(({ label }) => label);
  if (runs.length === 1) return t("views.story.alone", { step, loss });
  return first.length === 1
    ? t("views.story.leads", { step, run: first[0], loss })
    : t("views.story.level", { step, runs: first, loss });
}

/**
 * The runs by their exact losses after a step, the lowest first, without those that are lost.
 *
 * @param {Begun[]} runs
 * @param {number} step
 * @returns {Standing[] | null}  null where a record does not tell
 */
function standingsAt(runs, step) {
  const losses = runs.flatMap((run) => {
    if (LOST.some((reason) => earlyEnd(run, step)?.reason === reason)) return [];
    const record = run.history.recordAt(step);
    return record === null ? [] : [{ label: run.label, loss: run.history.lossHere(record) }];
  });
  if (losses.some(({ loss }) => loss === null)) return null;
  const known = /** @type {Standing[]} */ (losses).filter(({ loss }) => Number.isFinite(loss));
  return known.sort((a, b) => a.loss - b.loss);
}

/**
 * Which runs are lost, and how: a sentence for each way.
 *
 * @param {Begun[]} runs
 * @param {number} step
 * @param {Translate} t
 * @returns {string[]}
 */
function tellLost(runs, step, t) {
  return LOST.map((reason) => {
    const lost = runs.flatMap((run) => {
      const ended = earlyEnd(run, step);
      return ended?.reason === reason ? [{ run: run.label, step: stepOfEnd(ended) }] : [];
    });
    if (lost.length === 0) return "";
    if (lost.length === 1) return t(`views.story.${reason}.single`, lost[0]);
    if (lost.length === runs.length) return t(`views.story.${reason}.all`);
    return lost.length === 2
      ? t(`views.story.${reason}.both`, { runs: lost.map(({ run }) => run) })
      : t(`views.story.${reason}.many`, { count: lost.length });
  });
}

/**
 * @param {Begun[]} runs
 * @param {number} step
 * @param {Translate} t
 */
function tellEnd(runs, step, t) {
  const standings = standingsAt(runs, step) ?? [];
  if (standings.length === 0) return "";
  const named = standings.slice(0, NAMED);
  const reached = named.map(({ label, loss }) =>
    t("views.story.reached", { run: label, loss: formatReading(loss) }),
  );
  const others = othersOf(standings.length - NAMED, t);
  return t("views.story.end", { step, reached: [...reached, ...others] });
}

/**
 * Whether the race was fair, as far as the rates tell.
 *
 * @param {Begun[]} runs
 * @param {Translate} t
 */
function tellRates(runs, t) {
  const rates = new Set(runs.map(({ history }) => history.config.optimizer.hyperparameters?.lr ?? null));
  if (runs.length === 1 || rates.has(null)) return "";
  const [lr] = rates;
  return rates.size === 1 ? t("views.story.fair", { lr: String(lr) }) : t("views.story.unfair");
}

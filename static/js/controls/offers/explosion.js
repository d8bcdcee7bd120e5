/** The least of some rates at which a run explodes, found by real runs of all of them at once. */

import { configsOf } from "../../state/configs.js";
import { EXPLODED, atRate, ratesToTry, runToRaise } from "../../state/offers.js";
import { History } from "../../history.js";
import { idOf } from "../../state/look.js";

/**
 * @typedef {import("../parts/page.js").Page} Page
 *
 * @typedef {object} Explosion
 * @property {number} lr
 * @property {number | null} before  the last rate below it, where it is known that the run does not explode there
 * @property {number | null} step  at which the run diverged; null: its loss has grown far, and is a number still
 * @property {number | null} from  the step from which on every step made its loss larger, if the last ones did
 * @property {number} start  its loss there
 * @property {number} highest  of its losses that are numbers
 *
 * @typedef {{run: import("../../state/types.js").Run, explosion: Explosion | null, highest: number}} Found  highest: of the
 *   rates that were tried
 */

/**
 * @param {Pick<Page, "state" | "catalog" | "problem" | "api" | "runs">} page
 * @returns {Promise<Found | null>}  null where there is no rate to raise
 */
export async function findExplosion({ state, catalog, problem, api, runs: shown }) {
  const raised = runToRaise(state, catalog);
  if (raised === null) return null;
  const { run, lr } = raised;
  const rates = ratesToTry(run, lr, catalog).slice(0, catalog.limits.max_compared_runs);
  const runs = rates.map((rate, slot) => ({ ...atRate(run, rate, catalog), slot }));
  /** @type {History[]} */
  const histories = [];
  for await (const events of api.compare(
    configsOf({ ...state, runs }, problem),
    new AbortController().signal,
  )) {
    for (const event of events) {
      if (event.event === "run_started") histories[event.run ?? 0] = new History(event);
      else if (event.event === "block") histories[event.run ?? 0].append(event);
      else if (event.event === "run_ended") histories[event.run ?? 0].end(event);
    }
  }
  const found = histories.findIndex((history) => explodes(history));
  const own = shown.find(({ id }) => id === idOf(run.slot));
  const before = found > 0 ? rates[found - 1] : own !== undefined && holds(own) ? lr : null;
  const explosion = found < 0 ? null : { lr: rates[found], before, ...tell(histories[found]) };
  return { run, explosion, highest: rates[rates.length - 1] ?? lr };
}

/**
 * Whether a run is known not to explode as it is.
 *
 * @param {Page["runs"][number]} run
 */
function holds({ history, stale, refused }) {
  return (
    !stale &&
    refused === null &&
    (history?.ended ?? null) !== null &&
    !explodes(/** @type {History} */ (history))
  );
}

/** @param {History} history */
function explodes(history) {
  const { step, start, highest } = tell(history);
  return step !== null || highest / Math.abs(start) >= EXPLODED;
}

/**
 * What happened to a run, from its records.
 *
 * @param {History} history
 * @returns {Omit<Explosion, "lr" | "before">}
 */
function tell(history) {
  const { loss, ended } = history;
  let highest = loss[0];
  for (const one of loss) if (Number.isFinite(one) && one > highest) highest = one;
  const step = ended?.reason === "diverged" ? ended.step : null;
  return { step, from: step === null ? null : risesFrom(history, step), start: loss[0], highest };
}

/**
 * @param {History} history
 * @param {number} end  the step at which it diverged
 * @returns {number | null}  null where its loss did not rise at last, or no record tells
 */
function risesFrom(history, end) {
  const rises = (/** @type {number} */ k) => (history.lossHere(k) ?? NaN) > (history.lossHere(k - 1) ?? NaN);
  let from = end - 1;
  while (from > history.first && rises(from)) from -= 1;
  return from < end - 1 ? from : null;
}

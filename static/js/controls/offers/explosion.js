/** The least of some rates at which a run explodes, found by real runs of all of them at once. */

import { configsOf } from "../../state/configs.js";
import { EXPLODED, atRate, ratesToTry, runToRaise } from "../../state/offers.js";
import { History } from "../../history.js";

/**
 * @typedef {import("../parts/page.js").Page} Page
 *
 * @typedef {object} Explosion
 * @property {number} lr
 * @property {number} before  the last rate below it
 * @property {number | null} step  at which the run diverged; null: its loss has grown far, and is a number still
 * @property {number} times  how many times as high as at the start its loss was
 *
 * @typedef {{run: import("../../state/types.js").Run, explosion: Explosion | null, highest: number}} Found
 */

/**
 * @param {Pick<Page, "state" | "catalog" | "problem" | "api">} page
 * @returns {Promise<Found | null>}  null where there is no rate to raise
 */
export async function findExplosion({ state, catalog, problem, api }) {
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
  const explosion =
    found < 0 ? null : { lr: rates[found], before: rates[found - 1] ?? lr, ...tell(histories[found]) };
  return { run, explosion, highest: rates[rates.length - 1] ?? lr };
}

/** @param {History} history */
function explodes(history) {
  const { step, times } = tell(history);
  return step !== null || times >= EXPLODED;
}

/** @param {History} history */
function tell({ loss, ended }) {
  let highest = loss[0];
  for (const one of loss) if (one > highest) highest = one;
  return { step: ended?.reason === "diverged" ? ended.step : null, times: highest / Math.abs(loss[0]) };
}

/**
 * Keeping a run of the page, and forking one: what takes more than one request.
 */

import { same } from "../state/kept-runs.js";

/**
 * @typedef {import("../state/kept-runs.js").KeptRun} KeptRun
 * @typedef {import("../state/types.js").RunConfig} RunConfig
 * @typedef {import("./kept-runs.js").Branch} Branch
 * @typedef {import("./kept-runs.js").KeptApi} KeptApi
 */

/** Among how many runs one of the same configuration is looked for. */
const LOOKED_THROUGH = 200;

/**
 * Keep a run, unless one with the same configuration is kept: it gives the same numbers.
 *
 * @param {Pick<KeptApi, "list" | "create">} api
 * @param {RunConfig} config
 * @param {import("../history.js").CompleteConfig | null} complete  the same, as the server ran it; null where it has not
 * @returns {Promise<{run: KeptRun, isNew: boolean}>}
 */
export async function keepRun(api, config, complete) {
  const search = `${config.optimizer.name} ${config.problem.name}`;
  const { runs } = complete === null ? { runs: [] } : await api.list({ search, limit: LOOKED_THROUGH });
  const known = runs.find((run) => run.origin === null && same(run.config, complete));
  return known === undefined ? { run: await api.create(config), isNew: true } : { run: known, isNew: false };
}

/**
 * Fork a run as soon as it has come to the step.
 *
 * @param {Pick<KeptApi, "follow" | "fork">} api
 * @param {KeptRun} run
 * @param {Branch} branch
 * @param {AbortSignal} signal
 * @returns {Promise<KeptRun>}
 */
export async function forkRun(api, run, branch, signal) {
  if (run.step < branch.step) await reach(api, run, branch.step, signal);
  return api.fork(run, branch);
}

/**
 * @param {Pick<KeptApi, "follow">} api
 * @param {KeptRun} run
 * @param {number} step
 * @param {AbortSignal} signal
 */
async function reach(api, run, step, signal) {
  for await (const events of api.follow(run.id, step, signal)) {
    if (events.some(({ event }) => event === "block" || event === "run_ended")) return;
  }
}

/**
 * The calls of the server about runs that are kept.
 */

import { readJsonLines } from "../jsonl.js";
import { OfflineError, request } from "./request.js";

/**
 * @typedef {import("../state/kept-runs.js").KeptRun} KeptRun
 * @typedef {import("../state/types.js").RunConfig} RunConfig
 * @typedef {import("../state/types.js").Json} Json
 * @typedef {import("./request.js").Fetch} Fetch
 *
 * @typedef {object} KeptPage
 * @property {KeptRun[]} runs  newest first
 * @property {number | null} next  what to ask the next page with
 * @property {{runs: number, bytes: number, max_runs: number, max_bytes: number}} kept
 * @property {{id: string, name: string, at: string, detail: string}[]} pruned  what the quota removed last
 *
 * @typedef {object} Branch  where a fork begins, and with what
 * @property {number} step
 * @property {Record<string, Json>} changes  a merge patch of the configuration
 * @property {{optimizer: boolean, lr_scheduler: boolean}} restore
 */

const RUNS = "/api/runs";

/** @param {string} id */
const at = (id) => `${RUNS}/${encodeURIComponent(id)}`;

/** @param {Fetch} fetch */
export function createKeptApi(fetch) {
  /**
   * @param {string} path
   * @param {Omit<import("./request.js").Options, "fetch">} [options]
   */
  const ask = async (path, options = {}) => (await request(path, { fetch, ...options })).json();
  /** A command is for the run as it was last seen: somebody else may have changed it since. */
  const forThis = (/** @type {KeptRun} */ { version }) => ({ "if-match": `"${version}"` });
  /**
   * @param {KeptRun} run
   * @param {string} command
   * @param {unknown} [body]
   * @returns {Promise<KeptRun>}
   */
  const command = (run, command, body) =>
    ask(`${at(run.id)}/${command}`, { method: "POST", headers: forThis(run), body });

  return {
    /**
     * @param {{search?: string, before?: number | null, limit?: number}} query
     * @param {AbortSignal} [signal]
     * @returns {Promise<KeptPage>}
     */
    list({ search = "", before = null, limit = 50 }, signal) {
      const query = new URLSearchParams({ search, limit: String(limit) });
      if (before !== null) query.set("before", String(before));
      return ask(`${RUNS}?${query}`, { signal });
    },

    /**
     * @param {string} id
     * @param {AbortSignal} [signal]
     * @returns {Promise<KeptRun>}
     */
    get: (id, signal) => ask(at(id), { signal }),

    /**
     * @param {RunConfig} config
     * @returns {Promise<KeptRun>}
     */
    create: (config) => ask(RUNS, { body: { config } }),

    /**
     * @param {KeptRun} run
     * @param {{name?: string, pinned?: boolean}} changes
     * @returns {Promise<KeptRun>}
     */
    edit: (run, changes) => ask(at(run.id), { method: "PATCH", headers: forThis(run), body: changes }),

    /** @param {KeptRun} run */
    async remove(run) {
      await request(at(run.id), { fetch, method: "DELETE", headers: forThis(run) });
    },

    /**
     * @param {KeptRun} run
     * @param {number} steps  to add
     */
    extend: (run, steps) => command(run, "extend", { steps }),

    /** @param {KeptRun} run */
    pause: (run) => command(run, "pause"),

    /** @param {KeptRun} run */
    resume: (run) => command(run, "resume"),

    /**
     * @param {KeptRun} run
     * @param {Branch} branch
     * @returns {Promise<KeptRun>}
     */
    fork: (run, branch) => ask(`${at(run.id)}/fork`, { body: branch }),

    /**
     * @param {Blob} file  a checkpoint
     * @returns {Promise<KeptRun>}  the run that goes on from it
     */
    upload: (file) => ask(`${RUNS}/from-checkpoint`, { body: file }),

    /**
     * The address of a file that holds all there is of a run at a step.
     *
     * @param {string} id
     * @param {number} step
     */
    checkpoint: (id, step) => `${at(id)}/checkpoints/${step}`,

    /**
     * The records of a run from a step on, as they come.
     *
     * @param {string} id
     * @param {number} from
     * @param {AbortSignal} signal
     * @returns {AsyncGenerator<any[], void, void>}  the events, as many at a time as have arrived
     * @throws {OfflineError}  where the stream breaks off
     */
    async *follow(id, from, signal) {
      const { body } = await request(`${at(id)}/steps?from=${from}&layout=columns`, { fetch, signal });
      try {
        if (body !== null) yield* readJsonLines(body);
      } catch (cause) {
        signal.throwIfAborted();
        throw new OfflineError(cause);
      }
    },
  };
}

/** @typedef {ReturnType<typeof createKeptApi>} KeptApi */

/**
 * The calls of the server about runs that are kept.
 */

import { addressOf, call, linesOf, send } from "./call.js";
import { OfflineError } from "./request.js";

/**
 * @typedef {import("../state/kept-runs.js").KeptRun} KeptRun
 * @typedef {import("../state/types.js").RunConfig} RunConfig
 * @typedef {import("../state/types.js").Json} Json
 * @typedef {import("./call.js").Calls} Calls
 * @typedef {import("./request.js").Fetch} Fetch
 *
 * @typedef {Omit<import("../wire.d.ts").RunPage, "runs"> & {runs: KeptRun[]}} KeptPage  newest first
 * @typedef {Calls["GET /api/runs/{id}/steps"]["answer"]} KeptEvent
 *
 * @typedef {object} Branch  where a fork begins, and with what
 * @property {number} step
 * @property {Record<string, Json>} changes  a merge patch of the configuration
 * @property {{optimizer: boolean, lr_scheduler: boolean}} restore
 */

/** Of the name of a file that a run is called after. */
const LONGEST_NAME = 200;

/** @param {Fetch} fetch */
export function createKeptApi(fetch) {
  /**
   * @param {keyof Calls} name  of a call that answers with a run
   * @param {Omit<import("./call.js").Given, "fetch">} [given]
   */
  const ask = async (name, given = {}) => /** @type {KeptRun} */ (await call(name, { fetch, ...given }));

  /** A command is for the run as it was last seen: somebody else may have changed it since. */
  const forThis = (/** @type {KeptRun} */ { id, version }) => ({
    at: { id },
    headers: { "if-match": `"${version}"` },
  });

  return {
    /**
     * @param {{search?: string, watched?: boolean, before?: number | null, limit?: number}} query  watched: only runs of
     *   loops that are not ours
     * @param {AbortSignal} [signal]
     */
    async list({ search = "", watched = false, before = null, limit = 50 }, signal) {
      const query = {
        ...{ search, limit: String(limit) },
        ...(watched && { watched: "true" }),
        ...(before !== null && { before: String(before) }),
      };
      return /** @type {KeptPage} */ (await call("GET /api/runs", { fetch, signal, query }));
    },

    /**
     * @param {string} id
     * @param {AbortSignal} [signal]
     */
    get: (id, signal) => ask("GET /api/runs/{id}", { at: { id }, signal }),

    /** @param {RunConfig} config */
    create: (config) => ask("POST /api/runs", { body: { config } }),

    /**
     * @param {KeptRun} run
     * @param {{name?: string, pinned?: boolean}} changes
     */
    edit: (run, changes) => ask("PATCH /api/runs/{id}", { ...forThis(run), body: changes }),

    /**
     * What an expert would say of a watched run.
     *
     * @param {string} id
     */
    report: (id) => call("GET /api/runs/{id}/report", { fetch, at: { id } }),

    /**
     * @param {File} file  that `optiscope.watch` wrote
     * @returns {Promise<KeptRun>}  its run, which the same file always is
     */
    importRun: (file) =>
      ask("POST /api/runs/import", { body: file, query: { file: file.name.slice(-LONGEST_NAME) } }),

    /** @param {KeptRun} run */
    async remove(run) {
      await send("DELETE /api/runs/{id}", { fetch, ...forThis(run) });
    },

    /**
     * @param {KeptRun} run
     * @param {number} steps  to add
     */
    extend: (run, steps) => ask("POST /api/runs/{id}/extend", { ...forThis(run), body: { steps } }),

    /** @param {KeptRun} run */
    pause: (run) => ask("POST /api/runs/{id}/pause", forThis(run)),

    /** @param {KeptRun} run */
    resume: (run) => ask("POST /api/runs/{id}/resume", forThis(run)),

    /**
     * @param {KeptRun} run
     * @param {Branch} branch
     */
    fork: ({ id }, branch) => ask("POST /api/runs/{id}/fork", { at: { id }, body: branch }),

    /**
     * @param {Blob} file  a checkpoint
     * @returns {Promise<KeptRun>}  the run that goes on from it
     */
    upload: (file) => ask("POST /api/runs/from-checkpoint", { body: file }),

    /**
     * The address of a file that holds all there is of a run at a step.
     *
     * @param {string} id
     * @param {number} step
     */
    checkpoint: (id, step) => addressOf("/api/runs/{id}/checkpoints/{step}", { id, step }),

    /**
     * The records of a run from a step on, as they come.
     *
     * @param {string} id
     * @param {number} from
     * @param {AbortSignal} signal
     * @returns {AsyncGenerator<KeptEvent[], void, void>}  the events, as many at a time as have arrived
     * @throws {OfflineError}  where the stream breaks off
     */
    async *follow(id, from, signal) {
      const query = { from: String(from), layout: "columns" };
      const { body } = await send("GET /api/runs/{id}/steps", { fetch, signal, at: { id }, query });
      try {
        yield* linesOf("GET /api/runs/{id}/steps", body);
      } catch (cause) {
        signal.throwIfAborted();
        throw new OfflineError(cause);
      }
    },
  };
}

/** @typedef {ReturnType<typeof createKeptApi>} KeptApi */

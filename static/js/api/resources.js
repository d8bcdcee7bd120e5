/**
 * The calls of the server that the page makes.
 */

import { readJsonLines } from "../jsonl.js";
import { request } from "./request.js";

/**
 * @typedef {import("../state/types.js").Catalog} Catalog
 * @typedef {import("../state/types.js").RunConfig} RunConfig
 * @typedef {import("./request.js").Fetch} Fetch
 */

/**
 * @typedef {object} SchedulePreview  what a schedule does, without training; value k is that of step k + 1
 * @property {{optimizer: string, params: string[]}[]} groups  the param groups
 * @property {number[][]} lr  [groups, steps]
 * @property {number[][] | null} momentum  momentum or beta1; NaN for a group that has none
 * @property {number[] | null} last_epoch
 * @property {number[][] | null} get_lr  where it is not what get_last_lr() answers
 * @property {string | null} detail  what there is to say, such as why it ends early
 * @property {string} code  that builds it
 */

/**
 * @typedef {object} SchedulePreset  a schedule that people use, composed for a run
 * @property {string} name
 * @property {string} title
 * @property {string} summary
 * @property {string} paper
 * @property {import("../state/types.js").Call} lr_scheduler
 */

/** How fine a surface is: points along each side. */
const RESOLUTION = 101;

/**
 * @param {Fetch} fetch
 */
export function createApi(fetch) {
  return {
    /** @returns {Promise<Catalog>} */
    async catalog() {
      return (await request("/api/catalog", { fetch })).json();
    },

    /**
     * Train several runs; all their events in one stream, each with the index of its run.
     *
     * @param {RunConfig[]} runs
     * @param {AbortSignal} signal
     * @returns {AsyncGenerator<any[], void, void>}  the events, as many at a time as have arrived
     */
    async *compare(runs, signal) {
      const { body } = await request("/api/compare", { fetch, signal, body: { runs } });
      if (body !== null) yield* readJsonLines(body);
    },

    /**
     * @param {RunConfig[]} runs
     * @param {string} plane  the kind of plane
     * @param {AbortSignal} signal
     * @returns {Promise<any>}
     */
    async lossSurface(runs, plane, signal) {
      const body = { runs, plane: { kind: plane }, resolution: RESOLUTION, encoding: "base64" };
      return (await request("/api/loss-surface", { fetch, signal, body })).json();
    },

    /**
     * @param {RunConfig} config  of a run whose schedule is asked for
     * @param {AbortSignal} signal
     * @returns {Promise<SchedulePreview>}
     */
    async lrSchedule(config, signal) {
      return (await request("/api/lr-schedule", { fetch, signal, body: config })).json();
    },

    /**
     * @param {RunConfig} config  of the run that they are to fit
     * @param {AbortSignal} signal
     * @returns {Promise<SchedulePreset[]>}
     */
    async schedulePresets(config, signal) {
      return (await (await request("/api/lr-schedule-presets", { fetch, signal, body: config })).json())
        .presets;
    },

    /**
     * @param {RunConfig} config
     * @param {AbortSignal} signal
     * @returns {Promise<string>}  the script that trains it
     */
    async code(config, signal) {
      return (await (await request("/api/code", { fetch, signal, body: config })).json()).code;
    },
  };
}

/** @typedef {ReturnType<typeof createApi>} Api */

/**
 * The calls of the server that the page makes.
 */

import { decodeArray } from "../jsonl.js";
import { call, send, stream } from "./call.js";
import { request } from "./request.js";

/**
 * @typedef {import("../state/types.js").RunConfig} RunConfig
 * @typedef {import("./request.js").Fetch} Fetch
 * @typedef {import("./request.js").Said} Said
 *
 * @typedef {object} SurfaceView  what is looked at
 * @property {import("../state/plane.js").PlaneConfig} plane
 * @property {import("../state/types.js").Window | null} window  null is all of it
 */

/**
 * @typedef {import("../jsonl.js").TypedArray} TypedArray
 *
 * @typedef {object} Asked  for a file
 * @property {import("../wire.d.ts").Export["format"]} format
 * @property {(RunConfig | {id: string})[]} [runs]
 * @property {string} [address]  how a page looks at it
 * @property {import("../state/plane.js").PlaneConfig} [plane]  that its surface is drawn on
 * @property {boolean} [held_out]  whether the held-out loss is one more column
 * @property {{sweep: import("../state/sweep/request.js").Body, runs: number[]}[]} [sweeps]  that a map is of
 * @property {unknown} [lesson]  its id, or what its file says
 * @property {{runs: RunConfig[], plane: import("../state/plane.js").PlaneConfig}[]} [pages]  what those of a lesson show
 *
 * @typedef {object} SchedulePreview  what a schedule does; value k is that of step k + 1
 * @property {import("../wire.d.ts").ScheduledGroup[]} groups  the param groups
 * @property {TypedArray[]} lr  of each group
 * @property {TypedArray[] | null} momentum  momentum or beta1 of each group; NaN for one that has none
 * @property {Record<string, TypedArray[]>} moved  what else follows a factor, by its name, of each group
 * @property {TypedArray | null} lastEpoch
 * @property {TypedArray[] | null} getLr  of each group, if it is not always what get_last_lr() answers
 * @property {import("../wire.d.ts").ScheduleEnd | null} ended  why it ends before the run
 * @property {boolean} needsRun  whether it had to be drawn from a run
 * @property {string} code  that builds optimizer and scheduler
 */

/**
 * @typedef {Omit<import("../wire.d.ts").Preset, "lr_scheduler"> & {lr_scheduler: import("../state/types.js").Call}} SchedulePreset
 *   a schedule that people use, composed for a run
 */

/** @typedef {import("../wire.d.ts").Warned} LintWarning */

/** @typedef {import("../wire.d.ts").Calls["POST /api/compare"]["answer"]} RunEvent  of one run among several */

/** How fine a surface is, in points along each side: a test function has narrow valleys and costs nothing. */
const RESOLUTION = { network: 101, function: 161 };

/**
 * @param {Fetch} fetch
 */
export function createApi(fetch) {
  return {
    /** What it takes to begin. */
    catalog() {
      return call("GET /api/catalog/summary", { fetch });
    },

    /** All optimizers, as a list to choose from. */
    optimizers() {
      return call("GET /api/catalog/optimizers", { fetch });
    },

    /**
     * The classic mistakes of a training loop.
     *
     * @param {AbortSignal} signal
     * @returns {Promise<import("../state/mistakes.js").Mistake[]>}
     */
    async loopMistakes(signal) {
      return (await call("GET /api/catalog/loop_mistakes", { fetch, signal })).loop_mistakes;
    },

    /**
     * All that the catalog says of an entry.
     *
     * @param {import("../state/catalog.js").Section} kind
     * @param {string} name
     */
    catalogEntry(kind, name) {
      return call("GET /api/catalog/{kind}/{name}", { fetch, at: { kind, name } });
    },

    /**
     * @param {string} address  that the page names
     * @returns {Promise<import("../languages/translator.js").Language>}
     */
    async language(address) {
      return (await request(address, { fetch })).json();
    },

    /** @param {string} [language]  else what the browser prefers */
    lessons(language = "") {
      return call("GET /api/lessons", { fetch, query: { language } });
    },

    /**
     * Somebody's own lesson, told as the others are.
     *
     * @param {unknown} lesson  as its file says it
     * @param {string} language
     */
    ownLesson(lesson, language) {
      return call("POST /api/lessons", { fetch, query: { language }, body: lesson });
    },

    /**
     * What networks say over the plane of their data.
     *
     * @param {(RunConfig | {id: string})[]} runs
     * @param {{steps: number[], resolution: number, features: [number, number]}} frames
     * @param {AbortSignal} signal
     */
    decisionBoundary(runs, frames, signal) {
      const body = { runs, ...frames, encoding: "base64" };
      return call("POST /api/decision-boundary", { fetch, signal, body });
    },

    /**
     * The Hessian along the path of a run, at about a hundred records.
     *
     * @param {RunConfig | {id: string}} run
     * @param {AbortSignal} signal
     */
    async curvature(run, signal) {
      const body = { runs: [run], encoding: "base64" };
      return (await call("POST /api/curvature", { fetch, signal, body })).runs[0];
    },

    /**
     * The loss on what is held out along a run, at up to about a thousand records.
     *
     * @param {RunConfig | {id: string}} run
     * @param {AbortSignal} signal
     */
    async heldOutLoss(run, signal) {
      const body = { runs: [run], encoding: "base64" };
      return (await call("POST /api/held-out-loss", { fetch, signal, body })).runs[0];
    },

    /**
     * The averaged path that theory predicts of a run, or why there is none.
     *
     * @param {RunConfig | {id: string}} run
     * @param {AbortSignal} signal
     */
    centralFlow(run, signal) {
      return call("POST /api/central-flow", { fetch, signal, body: { run, encoding: "base64" } });
    },

    /**
     * How far the gradients of minibatches are from the full one, at a record of a run.
     *
     * @param {RunConfig | {id: string}} run
     * @param {number} step
     * @param {AbortSignal} signal
     */
    gradientNoise(run, step, signal) {
      return call("POST /api/gradient-noise", { fetch, signal, body: { run, step } });
    },

    /**
     * A step taken apart, with the update of one parameter line by line, if one is named.
     *
     * @param {{request: RunConfig | {id: string}, step: number, parameter: string | null, iteration: number | null}} wanted
     */
    anatomy({ request: run, step, parameter, iteration }) {
      return call("POST /api/anatomy", {
        fetch,
        body: {
          run,
          step,
          parameters: parameter ? [parameter] : [],
          ...(iteration === null ? {} : { iteration }),
        },
      });
    },

    /**
     * Train several runs; all their events in one stream, each with the index of its run.
     *
     * @param {RunConfig[]} runs
     * @param {AbortSignal} signal
     */
    compare: (runs, signal) =>
      stream("POST /api/compare", { fetch, signal, query: { queue: "true" }, body: { runs } }),

    /**
     * @param {(RunConfig | {id: string})[]} runs  id: of a run that the server keeps
     * @param {SurfaceView} view
     * @param {AbortSignal} signal
     */
    lossSurface(runs, { plane, window }, signal) {
      const part = window === null ? {} : { window };
      const resolution = plane.kind === "function" ? RESOLUTION.function : RESOLUTION.network;
      const body = { runs, plane, ...part, resolution, encoding: "base64" };
      return call("POST /api/loss-surface", { fetch, signal, body });
    },

    /**
     * @param {RunConfig} config  of a run whose schedule is asked for
     * @param {AbortSignal} signal
     * @returns {Promise<SchedulePreview>}
     */
    async lrSchedule(config, signal) {
      const body = { ...config, encoding: "base64" };
      const answer = await call("POST /api/lr-schedule", { fetch, signal, body });
      return {
        groups: answer.groups,
        lr: rowsOf(answer.lr) ?? [],
        momentum: rowsOf(answer.momentum),
        moved: Object.fromEntries(
          Object.entries(answer.hyperparameters ?? {}).map(([name, values]) => [name, rowsOf(values) ?? []]),
        ),
        lastEpoch: answer.last_epoch === null ? null : decodeArray(answer.last_epoch).data,
        getLr: rowsOf(answer.get_lr ?? null),
        ended: answer.ended,
        needsRun: answer.needs_run,
        code: answer.code,
      };
    },

    /**
     * @param {{steps: number, lr: number, cycleMomentum: boolean}} run  that they are to fit
     * @param {AbortSignal} signal
     * @returns {Promise<SchedulePreset[]>}
     */
    async schedulePresets({ steps, lr, cycleMomentum }, signal) {
      const query = { steps: String(steps), lr: String(lr), cycle_momentum: String(cycleMomentum) };
      const { presets } = await call("GET /api/lr-scheduler-presets", { fetch, signal, query });
      return /** @type {SchedulePreset[]} */ (presets);
    },

    /**
     * The records of runs as a file, several as a zip; or one page that plays what it is asked for.
     *
     * @param {Asked} asked
     * @returns {Promise<Blob>}
     */
    async exported(asked) {
      return (await send("POST /api/export", { fetch, body: asked })).blob();
    },

    /**
     * @param {RunConfig} config
     * @param {AbortSignal} signal
     * @returns {Promise<LintWarning[]>}
     */
    async lint(config, signal) {
      return (await call("POST /api/lint", { fetch, signal, body: config })).warnings;
    },

    /**
     * @param {RunConfig} config
     * @param {AbortSignal} signal
     * @returns {Promise<string>}  the script that trains it
     */
    async code(config, signal) {
      return (await call("POST /api/code", { fetch, signal, body: config })).code;
    },
  };
}

/**
 * @param {import("../wire.d.ts").LRSchedule["momentum"]} array  with two dimensions, or null
 * @returns {TypedArray[] | null}
 */
function rowsOf(array) {
  if (array === null) return null;
  const { data, shape } = decodeArray(array);
  const [rows, width] = shape;
  return Array.from({ length: rows }, (_, row) => data.subarray(row * width, (row + 1) * width));
}

/** @typedef {ReturnType<typeof createApi>} Api */

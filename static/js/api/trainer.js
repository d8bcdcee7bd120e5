/**
 * Keeps what is on the screen in step with what was asked for.
 *
 * A cycle trains the runs that are not known yet, in one stream, and then asks for their loss surface. There is one
 * cycle at a time. A newer wish waits a moment for the cycle that is under way, so that a slider that is dragged shows
 * one result after the other, and breaks it off if it takes longer. What has been trained is kept: to go back costs
 * nothing. Until its new records begin to arrive, a run keeps its old ones.
 */

import { History } from "../history.js";
import { ApiError } from "./request.js";

/**
 * @typedef {import("../state/types.js").RunConfig} RunConfig
 * @typedef {import("./request.js").FieldProblem} FieldProblem
 * @typedef {import("./resources.js").Api} Api
 * @typedef {import("./resources.js").SurfaceView} SurfaceView
 * @typedef {import("../state/plane.js").PlaneConfig} PlaneConfig
 *
 * @typedef {object} Job
 * @property {string} id
 * @property {RunConfig} config
 * @property {{id: string, last: number}} [kept]  of a run that the server keeps: it is followed, not trained here; last:
 *   the step that its path is drawn to
 * @typedef {{jobs: Job[], view: SurfaceView | null}} Wish  view: null while no surface is asked for
 *
 * @typedef {object} Shown  what there is to show of a run
 * @property {string} key  of the configuration that the history is of
 * @property {History | null} history
 * @property {boolean} stale  whether it is of an earlier wish, and has been for a while
 * @property {FieldProblem[]} errors  why the server refuses its configuration; pointers into that configuration
 *
 * @typedef {object} SurfaceShown
 * @property {any} response
 * @property {string[]} runs  ids, in the order of its paths
 * @property {string} problem  the name of the one that it is a surface of
 * @property {string} frame  the same as long as its coordinates mean the same
 * @property {import("../state/types.js").Window | null} window  the part that was asked for; null is all of it
 * @property {boolean} stale
 *
 * @typedef {object} TrainerOptions
 * @property {Pick<Api, "compare" | "lossSurface">} api
 * @property {() => void} onChange  there is something new to show
 * @property {(error: unknown, retry: () => void) => void} onTrouble  a cycle came to nothing
 * @property {() => void} [onDone]  a cycle came to its end
 * @property {(id: string) => import("./follower.js").Followed | null} [kept]  what is known of a run that the server keeps
 * @property {Timers} [timers]
 *
 * @typedef {object} Timers
 * @property {(callback: () => void, milliseconds: number) => any} after
 * @property {(timer: any) => void} cancel
 * @property {() => number} now  milliseconds
 */

/** The ends that a run comes to again, and need not be trained twice for. */
const REPRODUCIBLE = new Set(["completed", "diverged"]);
/** How long a newer wish waits for the cycle that is under way. */
const PATIENCE_MS = 400;
/** The same under a hand that drags: where each answer takes long, some are better than none. */
const DRAG_PATIENCE_MS = 1500;
/** How long old records are shown as if they were the new ones. */
const STALE_AFTER_MS = 250;
/** How the server is asked for the last record of a run. */
const LAST = -1;
const KEPT_HISTORIES = 48;
const KEPT_SURFACES = 12;

/** @type {Timers} */
const BROWSER_TIMERS = {
  after: (callback, milliseconds) => setTimeout(callback, milliseconds),
  cancel: (timer) => clearTimeout(timer),
  now: () => performance.now(),
};

export class Trainer {
  #api;
  #onChange;
  #onTrouble;
  #onDone;
  #kept;
  #timers;
  /** @type {Wish} */
  #wish = { jobs: [], view: null };
  /** @type {{wish: Wish, abort: AbortController, startedAt: number} | null} */
  #cycle = null;
  /** @type {any} */
  #patience = null;
  /** @type {any} */
  #staleTimer = null;
  /** @type {Map<string, Shown>} by id */
  #shown = new Map();
  /** @type {SurfaceShown | null} */
  #surface = null;
  /** @type {Map<string, FieldProblem[]>} by configuration */
  #refused = new Map();
  /** @type {Recent<History>} */
  #histories = new Recent(KEPT_HISTORIES);
  /** @type {Recent<any>} */
  #surfaces = new Recent(KEPT_SURFACES);

  /** @param {TrainerOptions} options */
  constructor({ api, onChange, onTrouble, onDone, kept = () => null, timers = BROWSER_TIMERS }) {
    this.#api = api;
    this.#onChange = onChange;
    this.#onTrouble = onTrouble;
    this.#onDone = onDone;
    this.#kept = kept;
    this.#timers = timers;
  }

  /**
   * @param {string} id
   * @returns {Shown | null}
   */
  shown(id) {
    const job = this.#wish.jobs.find((job) => job.id === id);
    return job?.kept === undefined ? (this.#shown.get(id) ?? null) : this.#followed(job);
  }

  /**
   * @param {Job} job  of a run that the server keeps
   * @returns {Shown}
   */
  #followed(job) {
    const run = this.#kept(job.kept?.id ?? "");
    const errors = run?.status === "gone" ? [{ pointer: "", detail: "" }] : [];
    return { key: keyOf(job), history: run?.history ?? null, stale: false, errors };
  }

  get surface() {
    return this.#surface;
  }

  /** Whether everything that was asked for is there. */
  get settled() {
    return this.#cycle === null;
  }

  /** Whether all runs have ended: those that were asked for, not those that still stand in their place. */
  get trained() {
    return this.#wish.jobs.every((job) => {
      const run = this.shown(job.id);
      const isNew = this.settled || run?.key === keyOf(job);
      return run !== null && (run.errors.length > 0 || (isNew && run.history?.ended));
    });
  }

  /**
   * Ask for these runs and their surface, in the place of those asked for before.
   *
   * @param {Wish} wish
   */
  train(wish) {
    this.#wish = wish;
    this.#reconcile();
    if (this.#cycle === null) void this.#run();
    else this.#hurry(this.#cycle);
    this.#watchStaleness();
    this.#onChange();
  }

  /** Show what is known of the wish already, and keep what was shown of the rest. */
  #reconcile() {
    const { jobs } = this.#wish;
    const before = this.#shown;
    this.#shown = new Map(
      jobs.map((job) => {
        const [id, key] = [job.id, keyOf(job)];
        const known = this.#histories.get(key);
        const errors = this.#refused.get(key) ?? [];
        const old = before.get(id) ?? { key, history: null, stale: false, errors };
        return [id, known === undefined ? { ...old, errors } : { key, history: known, stale: false, errors }];
      }),
    );
  }

  /** @param {{wish: Wish, abort: AbortController, startedAt: number}} cycle */
  #hurry(cycle) {
    if (sameWish(cycle.wish, this.#wish)) {
      this.#timers.cancel(this.#patience);
      this.#patience = null;
      return;
    }
    const patience = cycle.wish.view === null ? DRAG_PATIENCE_MS : PATIENCE_MS;
    const left = patience - (this.#timers.now() - cycle.startedAt);
    this.#patience ??= this.#timers.after(() => cycle.abort.abort(), Math.max(0, left));
  }

  async #run() {
    const cycle = { wish: this.#wish, abort: new AbortController(), startedAt: this.#timers.now() };
    this.#cycle = cycle;
    /** @type {unknown} */
    let trouble = null;
    try {
      await this.#fulfil(cycle.wish, cycle.abort.signal);
    } catch (error) {
      if (!cycle.abort.signal.aborted) trouble = error;
    }
    this.#timers.cancel(this.#patience);
    this.#patience = null;
    this.#cycle = null;
    if (trouble !== null) this.#onTrouble(trouble, () => this.train(this.#wish));
    else if (!sameWish(cycle.wish, this.#wish)) void this.#run();
    else this.#onDone?.();
    this.#onChange();
  }

  /**
   * @param {Wish} wish
   * @param {AbortSignal} signal
   */
  async #fulfil({ jobs, view }, signal) {
    while (!(await this.#trainMissing(jobs, signal)));
    const trained = jobs.filter((job) => this.#historyOf(job) !== undefined);
    if (trained.length === 0 || view === null) return;
    await this.#draw(trained, { ...view, plane: this.#placed(view.plane, jobs, trained) }, signal);
  }

  /**
   * @param {Job[]} jobs
   * @param {AbortSignal} signal
   * @returns {Promise<boolean>}  false if the server refused some of them, so that the others are still to be trained
   */
  async #trainMissing(jobs, signal) {
    const own = jobs.filter(({ kept }) => kept === undefined);
    const missing = new Map(own.map((job) => [keyOf(job), job.config]));
    for (const key of [...missing.keys()]) {
      if (this.#histories.get(key) !== undefined || this.#refused.has(key)) missing.delete(key);
    }
    if (missing.size === 0) return true;
    try {
      await this.#stream(missing, signal);
      return true;
    } catch (error) {
      if (!(error instanceof ApiError) || !this.#noteRefusals(error, [...missing.keys()])) throw error;
      return false;
    }
  }

  /**
   * @param {Map<string, RunConfig>} missing  by key
   * @param {AbortSignal} signal
   */
  async #stream(missing, signal) {
    const keys = [...missing.keys()];
    /** @type {History[]} */
    const histories = [];
    const isDragged = this.#cycle?.wish.view === null;
    try {
      for await (const events of this.#api.compare([...missing.values()], signal)) {
        for (const event of events) {
          this.#take(event, keys, histories);
          if (!isDragged && event.event !== "run_started")
            this.#reveal(keys[event.run], histories[event.run]);
        }
        if (!isDragged) this.#onChange();
      }
    } finally {
      if (isDragged) this.#revealWhole(keys, histories);
    }
    signal.throwIfAborted();
    if (keys.some((_, index) => !histories[index]?.ended)) throw new BrokenStreamError();
  }

  /**
   * @param {any} event
   * @param {string[]} keys
   * @param {History[]} histories
   */
  #take(event, keys, histories) {
    const { run } = event;
    if (event.event === "run_started") histories[run] = new History(event);
    else if (event.event === "block") histories[run].append(event);
    else if (event.event === "run_ended") {
      histories[run].end(event);
      if (REPRODUCIBLE.has(event.reason)) this.#histories.set(keys[run], histories[run]);
    }
  }

  /**
   * Under a hand that drags, paths change whole and all at once: one drawing for each start.
   *
   * @param {string[]} keys
   * @param {History[]} histories
   */
  #revealWhole(keys, histories) {
    histories.forEach((history, run) => {
      if (history.ended) this.#reveal(keys[run], history);
    });
  }

  /**
   * A run has its first new records: they take the place of the old ones.
   *
   * @param {string} key
   * @param {History} history
   */
  #reveal(key, history) {
    for (const job of (this.#cycle?.wish ?? this.#wish).jobs) {
      const shown = this.#shown.get(job.id);
      if (keyOf(job) !== key || shown === undefined) continue;
      Object.assign(shown, { key, history, stale: false, errors: [] });
    }
  }

  /**
   * @param {ApiError} error
   * @param {string[]} keys  of the configurations that were sent
   * @returns {boolean}  whether it names configurations, so that one can go on with the others
   */
  #noteRefusals(error, keys) {
    const found = error.errors.map(({ pointer, detail }) => {
      const [, index, rest] = /^\/runs\/(\d+)(\/.*|)$/.exec(pointer) ?? [];
      return { key: keys[Number(index)], problem: { pointer: rest ?? "", detail } };
    });
    if (found.length === 0 || found.some(({ key }) => key === undefined)) return false;
    for (const { key, problem } of found)
      this.#refused.set(key, [...(this.#refused.get(key) ?? []), problem]);
    this.#reconcile();
    this.#onChange();
    return true;
  }

  /**
   * The plane through records that there are: of the runs that the surface is of, none after their end.
   *
   * @param {PlaneConfig} plane
   * @param {Job[]} jobs  that its runs are counted in
   * @param {Job[]} trained  those of them that the server did not refuse
   * @returns {PlaneConfig}
   */
  #placed(plane, jobs, trained) {
    const place = (/** @type {{run: number, step: number}} */ { run, step }) => {
      const index = Math.max(0, trained.indexOf(jobs[run]));
      const history = this.#historyOf(trained[index]);
      if (history === undefined || step === LAST || step >= history.last) return { run: index, step: LAST };
      return { run: index, step: Math.max(history.first, step) };
    };
    if (plane.at !== undefined) return { ...plane, at: place(plane.at) };
    return plane.points === undefined ? plane : { ...plane, points: plane.points.map(place) };
  }

  /**
   * @param {Job} job
   * @returns {History | undefined}  with records
   */
  #historyOf(job) {
    if (job.kept === undefined) return this.#histories.get(keyOf(job));
    const history = this.#kept(job.kept.id)?.history ?? null;
    return history === null || history.isEmpty ? undefined : history;
  }

  /**
   * @param {Job[]} jobs
   * @param {SurfaceView} view
   * @param {AbortSignal} signal
   */
  async #draw(jobs, view, signal) {
    const key = JSON.stringify([view, jobs.map(({ config, kept }) => kept ?? config)]);
    const response = this.#surfaces.get(key) ?? (await this.#computeSurface(jobs, view, signal));
    this.#surfaces.set(key, response);
    this.#surface = {
      response,
      runs: jobs.map(({ id }) => id),
      problem: jobs[0].config.problem.name,
      frame: frameOf(jobs, view),
      window: view.window,
      stale: false,
    };
  }

  /**
   * @param {Job[]} jobs
   * @param {SurfaceView} view
   * @param {AbortSignal} signal
   */
  async #computeSurface(jobs, view, signal) {
    try {
      return await this.#api.lossSurface(jobs.map(asked), view, signal);
    } catch (error) {
      throw error instanceof ApiError && error.retryAfter === null ? new SurfaceError(error) : error;
    }
  }

  /**
   * Whether the surface belongs to other runs or another plane than those asked for. What is only looked at more
   * closely, or at another step, stays as it is until the new picture is there.
   *
   * @param {SurfaceShown} surface
   */
  #isOutdated({ frame }) {
    const { jobs, view } = this.#wish;
    if (this.settled || view === null) return false;
    return frame !== frameOf(jobs, view);
  }

  /** Old records may pass for new ones for a moment; after that they are shown as what they are. */
  #watchStaleness() {
    this.#timers.cancel(this.#staleTimer);
    this.#staleTimer = this.#timers.after(() => {
      for (const job of this.#wish.jobs) {
        const shown = this.#shown.get(job.id);
        if (shown !== undefined) shown.stale = shown.key !== keyOf(job) && shown.errors.length === 0;
      }
      if (this.#surface !== null)
        this.#surface = { ...this.#surface, stale: this.#isOutdated(this.#surface) };
      this.#onChange();
    }, STALE_AFTER_MS);
  }
}

/** The stream of records ended without saying how its runs did. */
export class BrokenStreamError extends Error {
  constructor() {
    super("the stream of records ended too early");
    this.name = "BrokenStreamError";
  }
}

/** The runs are there, but the server would not compute their surface. */
export class SurfaceError extends Error {
  /** @param {ApiError} cause */
  constructor(cause) {
    super(cause.errors[0]?.detail ?? cause.message, { cause });
    this.name = "SurfaceError";
  }
}

/**
 * The values that were used last.
 *
 * @template T
 */
class Recent {
  /** @type {Map<string, T>} the least recently used first */
  #values = new Map();

  /** @param {number} size */
  constructor(size) {
    this.size = size;
  }

  /** @param {string} key */
  get(key) {
    const value = this.#values.get(key);
    if (value !== undefined) this.set(key, value);
    return value;
  }

  /**
   * @param {string} key
   * @param {T} value
   */
  set(key, value) {
    this.#values.delete(key);
    this.#values.set(key, value);
    if (this.#values.size > this.size) this.#values.delete([...this.#values.keys()][0]);
  }
}

/**
 * What gives the coordinates of a surface their meaning: a test function alone, or the runs and the kind of plane. The
 * step that a plane goes through does not: a slice that moves is looked at through one window.
 *
 * @param {Job[]} jobs
 * @param {SurfaceView} view
 */
export function frameOf(jobs, { plane }) {
  if (plane.kind === "function") return JSON.stringify([plane, jobs[0].config.problem]);
  return JSON.stringify([{ ...plane, at: plane.at?.run }, jobs.map(asked)]);
}

/**
 * How a request names a run.
 *
 * @param {Job} job
 * @returns {RunConfig | {id: string}}
 */
export function asked({ config, kept }) {
  return kept === undefined ? config : { id: kept.id };
}

/**
 * The same for runs that are the same.
 *
 * @param {Job} job
 */
function keyOf(job) {
  return JSON.stringify(asked(job));
}

/**
 * @param {Wish} a
 * @param {Wish} b
 */
function sameWish(a, b) {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

/**
 * Keeps what is on the screen in step with what was asked for: makes the requests that are planned, one at a time, and
 * plans again with what they brought.
 */

import { CancelledError } from "../api/request.js";
import { BROWSER_TIMERS } from "../timers.js";
import { Known } from "./known.js";
import { plan } from "./plan.js";
import { ShownRuns } from "./shown-runs.js";
import { Surfaces } from "./surfaces.js";
import { Training } from "./training.js";
import { jobsIn, keyOf, sameWish } from "./wish.js";

/**
 * @typedef {import("../api/resources.js").Api} Api
 * @typedef {import("./plan.js").Pursuit} Pursuit
 * @typedef {import("./wish.js").Wish} Wish
 *
 * @typedef {object} TrainerOptions
 * @property {Pick<Api, "compare" | "lossSurface">} api
 * @property {() => void} onChange  there is something new to show
 * @property {(error: unknown, retry: () => void) => void} onTrouble  a request came to nothing
 * @property {() => void} [onDone]  all that is wanted is there
 * @property {(id: string) => import("../api/follower.js").Followed | null} [kept]  what is known of a run that the server keeps
 * @property {import("../timers.js").Timers} [timers]
 */

/** How long old records are shown as if they were the new ones. */
const STALE_AFTER_MS = 250;

export class Trainer {
  #api;
  #onChange;
  #onTrouble;
  #onDone;
  #timers;
  #known;
  #runs;
  #surfaces;
  /** @type {Wish} */
  #wanted = { jobs: [], view: null };
  /** @type {Pursuit | null} */
  #underWay = null;
  #abort = new AbortController();
  /** @type {unknown} */
  #dropTimer = null;
  /** @type {unknown} */
  #staleTimer = null;

  /** @param {TrainerOptions} options */
  constructor({ api, onChange, onTrouble, onDone, kept = () => null, timers = BROWSER_TIMERS }) {
    this.#api = api;
    this.#onChange = onChange;
    this.#onTrouble = onTrouble;
    this.#onDone = onDone;
    this.#timers = timers;
    this.#known = new Known(kept);
    this.#runs = new ShownRuns(this.#known);
    this.#surfaces = new Surfaces(api, this.#known);
  }

  /** @param {string} id */
  shown(id) {
    return this.#runs.get(id);
  }

  get surface() {
    return this.#surfaces.shown;
  }

  /** Whether everything that was asked for is there, but for what is only seen beside it. */
  get settled() {
    const pursuit = this.#underWay;
    return pursuit === null || (pursuit.isDrawn && sameWish(pursuit.wish, this.#wanted));
  }

  /** Whether all runs have ended: those that were asked for, not those that are shown in their place. */
  get trained() {
    return this.#wanted.jobs.every((job) => {
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
    this.#wanted = wish;
    this.#runs.follow(jobsIn(wish));
    this.#proceed();
    this.#watchStaleness();
    this.#onChange();
  }

  #proceed() {
    const [known, now] = [this.#known, this.#timers.now()];
    const { pursuit, request, dropIn } = plan({ wanted: this.#wanted, known, underWay: this.#underWay, now });
    this.#underWay = pursuit;
    this.#dropAfter(dropIn);
    if (pursuit === null) this.#onDone?.();
    else if (request !== null) void this.#make(pursuit, request);
  }

  /** @param {number | null} milliseconds  until the request under way is broken off */
  #dropAfter(milliseconds) {
    this.#timers.cancel(this.#dropTimer);
    if (milliseconds === null) return;
    this.#dropTimer = this.#timers.after(() => this.#abort.abort(), milliseconds);
  }

  /**
   * @param {Pursuit} pursuit
   * @param {import("./plan.js").Request} request
   */
  async #make(pursuit, request) {
    const abort = new AbortController();
    this.#abort = abort;
    /** @type {{error: unknown} | null} */
    let trouble = null;
    try {
      this.#underWay = await this.#answered(pursuit, request, abort.signal);
    } catch (error) {
      this.#underWay = null;
      const { aborted, reason } = abort.signal;
      if (!aborted || reason instanceof CancelledError) trouble = { error: aborted ? reason : error };
    }
    if (trouble === null) this.#proceed();
    else this.#stop(trouble.error);
    this.#onChange();
  }

  /**
   * @param {Pursuit} pursuit
   * @param {import("./plan.js").Request} request
   * @param {AbortSignal} signal
   * @returns {Promise<Pursuit>}  as it stands with the answer
   */
  async #answered(pursuit, request, signal) {
    if (request.kind === "surface") {
      await this.#surfaces.draw(request, signal);
      return { ...pursuit, request: null, isDrawn: true };
    }
    const parts = { api: this.#api, known: this.#known, shown: this.#runs, onChange: this.#onChange };
    const trained = await new Training(parts, pursuit, request).run(signal);
    if (trained.length === 0) this.#runs.follow(jobsIn(this.#wanted));
    return { ...pursuit, request: null, tried: new Set([...pursuit.tried, ...trained]) };
  }

  /** Break the request off that is under way, and make none until somebody asks again. */
  cancel() {
    this.#abort.abort(new CancelledError());
  }

  /** @param {unknown} error */
  #stop(error) {
    this.#dropAfter(null);
    for (const job of jobsIn(this.#wanted)) this.#runs.wait([job], keyOf(job), null);
    this.#onTrouble(error, () => this.train(this.#wanted));
  }

  /** Old records may pass for new ones for a moment; after that they are shown as what they are. */
  #watchStaleness() {
    this.#timers.cancel(this.#staleTimer);
    this.#staleTimer = this.#timers.after(() => {
      this.#runs.age();
      this.#surfaces.age(this.settled ? null : this.#wanted);
      this.#onChange();
    }, STALE_AFTER_MS);
  }
}

/**
 * What there is to show of each run that was asked for. Until its new records begin to arrive, a run keeps its old ones.
 */

import { keyOf } from "./wish.js";

/**
 * @typedef {import("../history.js").History} History
 * @typedef {import("../api/request.js").FieldProblem} FieldProblem
 * @typedef {import("./wish.js").Job} Job
 *
 * @typedef {import("../wire.d.ts").QueuePlace} Place
 *
 * @typedef {object} Shown
 * @property {string} key  of the configuration that the history is of
 * @property {import("../state/types.js").RunConfig} [config]  that configuration; of a kept run it is that of its job
 * @property {History | null} history
 * @property {boolean} stale  whether it is of an earlier wish, and has been for a while
 * @property {FieldProblem[]} errors  why the server refuses its configuration; pointers into that configuration
 * @property {Place | null} queue  where it waits, if it does
 */

export class ShownRuns {
  #known;
  /** @type {Job[]} */
  #jobs = [];
  /** @type {Map<string, Shown>} by id */
  #shown = new Map();

  /** @param {import("./known.js").Known} known */
  constructor(known) {
    this.#known = known;
  }

  /**
   * @param {string} id
   * @returns {Shown | null}
   */
  get(id) {
    const job = this.#jobs.find((job) => job.id === id);
    return job?.kept === undefined ? (this.#shown.get(id) ?? null) : this.#followed(keyOf(job), job.kept.id);
  }

  /**
   * @param {string} key
   * @param {string} id  of a run that the server keeps
   * @returns {Shown}
   */
  #followed(key, id) {
    const run = this.#known.followed(id);
    const errors = run?.status === "gone" ? [{ pointer: "", detail: "" }] : [];
    return { key, history: run?.history ?? null, stale: false, errors, queue: null };
  }

  /**
   * Show these runs: what is known of them already, and what was shown of the rest.
   *
   * @param {Job[]} jobs
   */
  follow(jobs) {
    const before = this.#shown;
    this.#jobs = jobs;
    this.#shown = new Map(
      jobs.map((job) => {
        const [id, key] = [job.id, keyOf(job)];
        const [known, errors] = [this.#known.history(key), this.#known.refusals(key)];
        const old = before.get(id) ?? { key, history: null, stale: false };
        const now = known === undefined ? old : { key, config: job.config, history: known, stale: false };
        return [id, { ...now, errors, queue: null }];
      }),
    );
  }

  /**
   * A run has its first new records: they take the place of the old ones.
   *
   * @param {Job[]} jobs  that were being trained
   * @param {string} key
   * @param {History} history
   */
  reveal(jobs, key, history) {
    for (const job of jobs) {
      const shown = this.#shown.get(job.id);
      if (keyOf(job) !== key || shown === undefined) continue;
      Object.assign(shown, { key, config: job.config, history, stale: false, errors: [], queue: null });
    }
  }

  /**
   * A run waits for its turn.
   *
   * @param {Job[]} jobs  that are to be trained
   * @param {string} key
   * @param {Place | null} place  null: it waits no longer
   */
  wait(jobs, key, place) {
    for (const job of jobs) {
      const shown = this.#shown.get(job.id);
      if (keyOf(job) === key && shown !== undefined) shown.queue = place;
    }
  }

  /** Old records have passed for new ones long enough: they are shown as what they are. */
  age() {
    for (const job of this.#jobs) {
      const shown = this.#shown.get(job.id);
      if (shown !== undefined) shown.stale = shown.key !== keyOf(job);
    }
  }
}

/**
 * One request to train runs: its stream becomes histories, which are shown as they grow.
 */

import { History } from "../history.js";
import { ApiError, BrokenStreamError } from "../api/request.js";
import { isDragged } from "./drag.js";
import { jobsIn } from "./wish.js";

/**
 * @typedef {import("../api/resources.js").Api} Api
 * @typedef {import("../api/resources.js").RunEvent} RunEvent
 * @typedef {import("./plan.js").Pursuit} Pursuit
 * @typedef {import("./plan.js").TrainRequest} TrainRequest
 *
 * @typedef {object} Parts
 * @property {Pick<Api, "compare">} api
 * @property {import("./known.js").Known} known
 * @property {import("./shown-runs.js").ShownRuns} shown
 * @property {() => void} onChange  there is something new to show
 */

export class Training {
  #parts;
  #pursuit;
  #runs;
  #keys;
  /** @type {History[]} */
  #histories = [];

  /**
   * @param {Parts} parts
   * @param {Pursuit} pursuit
   * @param {TrainRequest} request
   */
  constructor(parts, pursuit, { runs }) {
    this.#parts = parts;
    this.#pursuit = pursuit;
    this.#runs = [...runs.values()];
    this.#keys = [...runs.keys()];
  }

  /**
   * @param {AbortSignal} signal
   * @returns {Promise<string[]>}  the keys of the runs that were trained: none, if the server refused some of them
   */
  async run(signal) {
    try {
      await this.#stream(signal);
      return this.#keys;
    } catch (error) {
      if (!(error instanceof ApiError) || !this.#noteRefusals(error)) throw error;
      return [];
    }
  }

  /** @param {AbortSignal} signal */
  async #stream(signal) {
    const { api, onChange } = this.#parts;
    const isWhole = isDragged(this.#pursuit.wish);
    try {
      for await (const events of api.compare(this.#runs, signal)) {
        for (const event of events) {
          this.#take(event);
          const hasRecords = event.event !== "run_started" && event.event !== "queued";
          if (!isWhole && hasRecords) this.#reveal(event.run ?? 0);
        }
        if (!isWhole) onChange();
      }
    } finally {
      if (isWhole) this.#histories.forEach(({ ended }, run) => ended !== null && this.#reveal(run));
    }
    signal.throwIfAborted();
    if (this.#keys.some((_, run) => !this.#histories[run]?.ended)) throw new BrokenStreamError();
  }

  /** @param {RunEvent} event */
  #take(event) {
    const run = event.run ?? 0;
    const histories = this.#histories;
    if (event.event === "run_started") histories[run] = new History(event);
    else if (event.event === "queued") this.#wait(run, event);
    else if (event.event === "block") histories[run].append(event);
    else if (event.event === "run_ended") {
      histories[run].end(event);
      this.#parts.known.learn(this.#keys[run], histories[run]);
    }
  }

  /**
   * @param {number} run
   * @param {import("./shown-runs.js").Place} place
   */
  #wait(run, { position, of }) {
    this.#parts.shown.wait(jobsIn(this.#pursuit.wish), this.#keys[run], { position, of });
  }

  /** @param {number} run */
  #reveal(run) {
    this.#parts.shown.reveal(jobsIn(this.#pursuit.wish), this.#keys[run], this.#histories[run]);
  }

  /**
   * @param {ApiError} error
   * @returns {boolean}  whether it names configurations, so that one can go on with the others
   */
  #noteRefusals(error) {
    const found = error.errors.map(({ pointer, ...said }) => {
      const [, index, rest] = /^\/runs\/(\d+)(\/.*|)$/.exec(pointer) ?? [];
      return { key: this.#keys[Number(index)], problem: { ...said, pointer: rest ?? "" } };
    });
    if (found.length === 0 || found.some(({ key }) => key === undefined)) return false;
    for (const { key, problem } of found) this.#parts.known.refuse(key, problem);
    return true;
  }
}

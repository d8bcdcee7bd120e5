/**
 * What the server has answered so far, so that nothing is trained or computed twice: to go back costs nothing.
 */

import { Recent } from "./recent.js";
import { keyOf } from "./wish.js";

/**
 * @typedef {import("../history.js").History} History
 * @typedef {import("../api/request.js").FieldProblem} FieldProblem
 * @typedef {import("../api/follower.js").Followed} Followed
 * @typedef {import("../wire.d.ts").LossSurface} LossSurface
 * @typedef {import("./wish.js").Job} Job
 */

const HISTORIES = 48;
const SURFACES = 12;

/** The ends of runs whose records are all that there are; one that was stopped is to be had whole. */
const RECORDED = new Set(["completed", "diverged", "failed"]);

export class Known {
  #followed;
  /** @type {Recent<History>} */
  #histories = new Recent(HISTORIES);
  /** @type {Map<string, FieldProblem[]>} by configuration */
  #refused = new Map();
  /** @type {Recent<LossSurface>} */
  #surfaces = new Recent(SURFACES);

  /** @param {(id: string) => Followed | null} followed  what is known of a run that the server keeps */
  constructor(followed) {
    this.#followed = followed;
  }

  /** @param {string} id  of a run that the server keeps */
  followed = (id) => this.#followed(id);

  /**
   * Whether a run need not be trained, or cannot: it comes to the same end again, unless it was the server that could not
   * train it any further.
   *
   * @param {string} key
   */
  isSettled = (key) => {
    const ended = this.#histories.get(key)?.ended ?? null;
    return this.#refused.has(key) || (ended !== null && ended.code !== "broke_off");
  };

  /** @param {string} key */
  history(key) {
    return this.#histories.get(key);
  }

  /**
   * The records of a run, as soon as it is trained; of a kept one, as soon as there are some.
   *
   * @param {Job} job
   * @returns {History | undefined}
   */
  records = (job) => {
    const { kept } = job;
    const history = kept === undefined ? this.#histories.get(keyOf(job)) : this.#followed(kept.id)?.history;
    return history?.isEmpty === false ? history : undefined;
  };

  /**
   * @param {string} key
   * @param {History} history  that has ended
   */
  learn(key, history) {
    if (history.ended !== null && RECORDED.has(history.ended.reason)) this.#histories.set(key, history);
  }

  /**
   * Why the server refuses a configuration; pointers into it.
   *
   * @param {string} key
   */
  refusals(key) {
    return this.#refused.get(key) ?? [];
  }

  /**
   * @param {string} key
   * @param {FieldProblem} problem
   */
  refuse(key, problem) {
    this.#refused.set(key, [...this.refusals(key), problem]);
  }

  /** @param {string} key */
  surface(key) {
    return this.#surfaces.get(key);
  }

  /**
   * @param {string} key
   * @param {LossSurface} surface
   */
  learnSurface(key, surface) {
    this.#surfaces.set(key, surface);
  }
}

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

/** The ends that a run comes to again, and need not be trained twice for. */
const REPRODUCIBLE = new Set(["completed", "diverged"]);

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
   * Whether a run need not be trained, or cannot.
   *
   * @param {string} key
   */
  isSettled = (key) => this.#histories.get(key) !== undefined || this.#refused.has(key);

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
    if (job.kept === undefined) return this.#histories.get(keyOf(job));
    const history = this.#followed(job.kept.id)?.history ?? null;
    return history === null || history.isEmpty ? undefined : history;
  };

  /**
   * @param {string} key
   * @param {History} history  that has ended
   */
  learn(key, history) {
    if (history.ended !== null && REPRODUCIBLE.has(history.ended.reason)) this.#histories.set(key, history);
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

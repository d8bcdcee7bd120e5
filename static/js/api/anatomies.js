/**
 * Steps taken apart by the server, asked for where the clock rests: for whatever views look at one, each step once.
 */

import { refusalOf } from "./refusal.js";
import { retryLater } from "./request.js";

/**
 * @typedef {import("../wire.d.ts").StepAnatomy} StepAnatomy
 * @typedef {Pick<import("../views/types.js").Run, "request" | "history" | "stale" | "watched">} Run
 *
 * @typedef {object} Wanted
 * @property {Run["request"]} request
 * @property {number} step
 * @property {string | null} parameter  whose update is looked at, if any is
 * @property {number | null} iteration  the inner iteration that it is of; null: the last one
 *
 * @typedef {object} Known
 * @property {StepAnatomy | null} anatomy  null while there is none
 * @property {unknown} error  why the server gives none; null while nothing is wrong
 */

/** How long a clock that is moved by hand must rest. */
const REST_MS = 150;

const KEPT = 60;

export class AnatomySource {
  #ask;
  /** @type {Map<string, Wanted>} by who looks */
  #wanted = new Map();
  /** @type {Map<string, StepAnatomy>} by what was asked for, the oldest first */
  #answers = new Map();
  /** @type {Map<string, unknown>} by what was asked for */
  #errors = new Map();
  /** @type {Set<() => void>} */
  #listeners = new Set();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #isLoading = false;

  /** @param {(wanted: Wanted) => Promise<StepAnatomy>} ask */
  constructor(ask) {
    this.#ask = ask;
  }

  /**
   * @param {() => void} listener  called when there is something new to show
   * @returns {() => void} what ends the subscription
   */
  subscribe(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * What is known of a step; what is not known is asked for.
   *
   * @param {string} who  looks
   * @param {Run} run
   * @param {number} step
   * @param {string | null} parameter
   * @param {number | null} [iteration]
   * @returns {Known}
   */
  look(who, run, step, parameter, iteration = null) {
    const wanted = { request: run.request, step, parameter, iteration };
    const error = refusalOf(run);
    const known = error === null ? this.#known(wanted) : { anatomy: null, error };
    if (known.anatomy !== null || known.error !== null || !isReady(run)) this.leave(who);
    else if (keyOf(this.#wanted.get(who)) !== keyOf(wanted)) {
      this.#wanted.set(who, wanted);
      this.#schedule();
    }
    return known;
  }

  /** @param {string} who  looks no more */
  leave(who) {
    this.#wanted.delete(who);
  }

  /**
   * @param {Wanted} wanted
   * @returns {Known}
   */
  #known(wanted) {
    const key = keyOf(wanted);
    const any = wanted.parameter === null ? this.#anyOf(wanted) : undefined;
    return { anatomy: this.#answers.get(key) ?? any ?? null, error: this.#errors.get(key) ?? null };
  }

  /** @param {Wanted} wanted  of which the update of any parameter will do */
  #anyOf({ request, step }) {
    const start = keyOf({ request, step, parameter: "", iteration: null });
    return [...this.#answers].find(([key]) => key.startsWith(start))?.[1];
  }

  #schedule() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#load(), REST_MS);
  }

  /** One after the other, what names a parameter first: it answers who names none as well. */
  async #load() {
    if (this.#isLoading) return;
    this.#isLoading = true;
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      const key = keyOf(next);
      try {
        this.#answers.set(key, await this.#ask(next));
        if (this.#answers.size > KEPT) this.#answers.delete([...this.#answers.keys()][0]);
      } catch (error) {
        this.#refuse(key, error);
      }
      for (const listener of this.#listeners) listener();
    }
    this.#isLoading = false;
  }

  #next() {
    const open = [...this.#wanted.values()].filter((wanted) => {
      const { anatomy, error } = this.#known(wanted);
      return anatomy === null && error === null;
    });
    return open.find(({ parameter }) => parameter !== null) ?? open[0];
  }

  /**
   * @param {string} key
   * @param {unknown} error
   */
  #refuse(key, error) {
    this.#errors.set(key, error);
    retryLater(error, () => {
      this.#errors.delete(key);
      for (const listener of this.#listeners) listener();
    });
  }
}

/**
 * Whether what is shown of a run is what a request would name.
 *
 * @param {Run} run
 */
function isReady({ history, stale }) {
  return history !== null && !history.isEmpty && !stale;
}

/** @param {Wanted | undefined} wanted */
function keyOf(wanted) {
  return wanted === undefined
    ? ""
    : `${JSON.stringify([wanted.request, wanted.step])} ${wanted.parameter ?? ""}${wanted.iteration === null ? "" : ` ${wanted.iteration}`}`;
}

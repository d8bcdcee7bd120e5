/**
 * What is computed of each run by itself, asked for when somebody looks: one run after the other, each once.
 *
 * While runs are edited the old answer stands, marked as stale, until the new one is there.
 */

import { refusalOf } from "../../api/refusal.js";
import { retryLater } from "../../api/request.js";
import { isReady } from "./ready.js";

/** @typedef {import("../types.js").Run} Run */

/**
 * @template Answer
 * @typedef {object} Known
 * @property {Answer | null} answer  null while there is none
 * @property {boolean} stale  whether it is of an earlier edit
 * @property {unknown} error  why the server gives none; null while nothing is wrong
 */

/** How long edits must rest before anything is asked for; by then an old history is known to be one. */
const REST_MS = 300;

/** A run that grows is looked at again so often. */
const GROWTH_MS = 1000;

const KEPT = 48;

/** @template Answer */
export class RunAnswers {
  #ask;
  #onChange;
  /** @type {Run[]} */
  #runs = [];
  #wanted = "";
  /** @type {Map<string, Answer>} by what was asked for, the oldest first */
  #answers = new Map();
  /** @type {Map<string, unknown>} by what was asked for */
  #errors = new Map();
  /** @type {Map<string, {name: string, answer: Answer}>} what was shown last of each run, by its id */
  #last = new Map();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #isLoading = false;
  /** @type {{name: string, abort: AbortController} | null} */
  #request = null;

  /**
   * @param {(run: Run["request"], signal: AbortSignal) => Promise<Answer>} ask
   * @param {() => void} onChange  there is something new to show
   */
  constructor(ask, onChange) {
    this.#ask = ask;
    this.#onChange = onChange;
  }

  /** @param {Run[]} runs  that are looked at, in the order in which they matter */
  want(runs) {
    const edited = this.#runs.map(nameOf).join() !== runs.map(nameOf).join();
    const isFirst = this.#wanted === "";
    const wanted = JSON.stringify(runs.map((run) => [keyOf(run), isReady(run)]));
    this.#runs = runs;
    if (wanted === this.#wanted) return;
    this.#wanted = wanted;
    if (!runs.some((run) => nameOf(run) === this.#request?.name)) this.#request?.abort.abort();
    if (isFirst) this.#schedule(0);
    else if (edited || this.#timer === undefined) this.#schedule(this.#isGrowing() ? GROWTH_MS : REST_MS);
  }

  /** Nobody looks any more; what was refused may be asked for again. */
  rest() {
    this.#wanted = "";
    this.#runs = [];
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#request?.abort.abort();
    this.#errors.clear();
  }

  /**
   * @param {Run} run
   * @returns {Known<Answer>}
   */
  known(run) {
    const [name, key] = [nameOf(run), keyOf(run)];
    const answer = this.#answers.get(key);
    const error = refusalOf(run) ?? this.#errors.get(key) ?? null;
    if (answer !== undefined) this.#last.set(run.id, { name, answer });
    const last = this.#last.get(run.id);
    return {
      answer: error === null ? (last?.answer ?? null) : null,
      stale: last?.name !== name,
      error,
    };
  }

  #isGrowing() {
    return this.#runs.some(({ history }) => history !== null && history.ended === null);
  }

  /** @param {number} milliseconds */
  #schedule(milliseconds) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#load(), milliseconds);
  }

  async #load() {
    this.#timer = undefined;
    if (this.#isLoading) return;
    this.#isLoading = true;
    for (const { id } of [...this.#runs]) {
      const run = this.#runs.find((one) => one.id === id);
      if (run !== undefined && this.#isMissing(run) && !(await this.#fetch(run))) break;
    }
    this.#isLoading = false;
    if (this.#timer === undefined && this.#runs.some((run) => this.#isMissing(run)))
      this.#schedule(this.#isGrowing() ? GROWTH_MS : REST_MS);
  }

  /** @param {Run} run */
  #isMissing(run) {
    const key = keyOf(run);
    return isReady(run) && !this.#answers.has(key) && !this.#errors.has(key);
  }

  /**
   * @param {Run} run
   * @returns {Promise<boolean>}  whether it was still wanted at the end
   */
  async #fetch(run) {
    const [key, abort] = [keyOf(run), new AbortController()];
    this.#request = { name: nameOf(run), abort };
    try {
      const answer = await this.#ask(run.request, abort.signal);
      this.#keep(key, answer);
      this.#last.set(run.id, { name: nameOf(run), answer });
    } catch (error) {
      if (!abort.signal.aborted) this.#refuse(key, error);
    }
    this.#request = null;
    this.#onChange();
    return !abort.signal.aborted;
  }

  /**
   * @param {string} key
   * @param {Answer} answer
   */
  #keep(key, answer) {
    this.#answers.set(key, answer);
    if (this.#answers.size > KEPT) this.#answers.delete([...this.#answers.keys()][0]);
  }

  /**
   * @param {string} key
   * @param {unknown} error
   */
  #refuse(key, error) {
    this.#errors.set(key, error);
    retryLater(error, () => {
      this.#errors.delete(key);
      if (this.#runs.length > 0) this.#schedule(0);
    });
  }
}

/**
 * The same for runs that are the same.
 *
 * @param {Run} run
 */
function nameOf({ request }) {
  return JSON.stringify(request);
}

/**
 * The same for runs that are the same and have come as far.
 *
 * @param {Run} run
 */
function keyOf(run) {
  return "id" in run.request ? `${nameOf(run)} ${run.history?.last}` : nameOf(run);
}

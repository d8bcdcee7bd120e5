/**
 * The noise of the selected run at the step of the clock, asked for where the clock rests, and now and then while it runs.
 */

import { refusalOf } from "../../api/refusal.js";
import { retryLater } from "../../api/request.js";
import { saidIn } from "../../languages/translator.js";
import { isReady } from "../drawing/ready.js";
import { noiseOf } from "./noise-figure.js";

/**
 * @typedef {import("./noise-figure.js").Noise} Noise
 * @typedef {import("../types.js").Context} Context
 * @typedef {import("../types.js").Run} Run
 * @typedef {{noise: Noise | null, none: import("../../languages/translator.js").Said | null}} Answer
 *
 * @typedef {object} Known
 * @property {Answer | null} answer  null while there is none
 * @property {boolean} stale  whether it is of another step, or of an earlier edit
 * @property {unknown} error  why the server gives none; null while nothing is wrong
 */

const REST_MS = 250;
const KEPT = 256;

export class NoiseSource {
  #ask;
  #onChange;
  /** @type {{run: Run, step: number, key: string} | null} */
  #wanted = null;
  /** @type {Map<string, Answer>} the oldest first */
  #answers = new Map();
  /** @type {Map<string, unknown>} */
  #errors = new Map();
  /** @type {{run: string, answer: Answer} | null} what was shown last, and of which run */
  #last = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {{run: string, abort: AbortController} | null} */
  #request = null;

  /**
   * @param {Context["api"]["gradientNoise"]} ask
   * @param {() => void} onChange  there is something new to show
   */
  constructor(ask, onChange) {
    this.#ask = ask;
    this.#onChange = onChange;
  }

  /**
   * @param {Run} run
   * @param {number} step  of a record that is there
   */
  want(run, step) {
    const key = `${JSON.stringify(run.request)} ${step}`;
    if (this.#request !== null && this.#request.run !== run.id) this.#request.abort.abort();
    this.#wanted = { run, step, key };
    if (this.#isMissing() && this.#timer === undefined && this.#request === null) this.#schedule();
  }

  /** Nobody looks any more; what was refused may be asked for again. */
  rest() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#request?.abort.abort();
    this.#errors.clear();
    this.#wanted = null;
  }

  /** @returns {Known} */
  known() {
    const { run, key } = this.#wanted ?? { run: null, key: "" };
    const answer = this.#answers.get(key) ?? null;
    const error = (run === null ? null : refusalOf(run)) ?? this.#errors.get(key) ?? null;
    if (run !== null && answer !== null) this.#last = { run: run.id, answer };
    const shown = this.#last !== null && this.#last.run === run?.id ? this.#last.answer : null;
    return { answer: error === null ? shown : null, stale: answer === null, error };
  }

  #schedule() {
    this.#timer = setTimeout(() => void this.#load(), REST_MS);
  }

  #isMissing() {
    if (this.#wanted === null || !isReady(this.#wanted.run)) return false;
    return !this.#answers.has(this.#wanted.key) && !this.#errors.has(this.#wanted.key);
  }

  async #load() {
    this.#timer = undefined;
    if (this.#wanted === null || !this.#isMissing()) return;
    const { run, step, key } = this.#wanted;
    const abort = new AbortController();
    this.#request = { run: run.id, abort };
    try {
      const answer = await this.#ask(run.request, step, abort.signal);
      this.#answers.set(key, {
        noise: answer.noise && noiseOf(answer.noise),
        none: saidIn(answer, "no_noise"),
      });
      if (this.#answers.size > KEPT) this.#answers.delete([...this.#answers.keys()][0]);
    } catch (error) {
      if (!abort.signal.aborted) this.#refuse(key, error);
    }
    this.#request = null;
    this.#onChange();
    if (this.#isMissing()) this.#schedule();
  }

  /**
   * @param {string} key
   * @param {unknown} error
   */
  #refuse(key, error) {
    this.#errors.set(key, error);
    retryLater(error, () => {
      this.#errors.delete(key);
      this.#onChange();
    });
  }
}

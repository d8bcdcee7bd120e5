/**
 * The second half of a fair race: the optimizers that a sweep has tuned, trained at their best cells on other seeds.
 */

import { judgedOf, judgingOf, tunedIn } from "../state/sweep/race.js";
import { wholeSweep } from "./whole-sweep.js";

/**
 * @typedef {import("../state/sweep/cells.js").Picture} Picture
 * @typedef {import("../state/sweep/race.js").Judged} Judged
 */

export class Racing {
  #api;
  #onChange;
  #key = "";
  #abort = new AbortController();
  /** @type {Judged[] | null} */
  #judged = null;
  /** @type {unknown} */
  #trouble = null;
  #isJudging = false;

  /**
   * @param {import("../api/sweeps.js").SweepApi} api
   * @param {() => void} onChange
   */
  constructor(api, onChange) {
    this.#api = api;
    this.#onChange = onChange;
  }

  /** The least median first; of the race before until the new one is over. */
  get judged() {
    return this.#judged;
  }

  /** Whether a race is not over yet. */
  get isJudging() {
    return this.#isJudging;
  }

  get trouble() {
    return this.#trouble;
  }

  /**
   * Judge what a sweep has tuned.
   *
   * @param {Picture} picture  that is whole
   * @param {number[]} seeds
   * @param {number | null} target
   */
  judge(picture, seeds, target) {
    const key = JSON.stringify([picture.key, seeds, target]);
    if (key === this.#key) return;
    this.leave();
    this.#key = key;
    void this.#proceed(picture, seeds, target, this.#abort.signal);
  }

  /** Nobody waits any longer. */
  leave() {
    this.#abort.abort();
    this.#abort = new AbortController();
    this.#key = "";
  }

  /**
   * @param {Picture} picture
   * @param {number[]} seeds
   * @param {number | null} target
   * @param {AbortSignal} signal
   */
  async #proceed(picture, seeds, target, signal) {
    const tuned = tunedIn(picture);
    /** @type {Parameters<typeof judgedOf>[1]} */
    const found = new Map();
    this.#trouble = null;
    this.#isJudging = true;
    try {
      for (const { body, slots } of judgingOf(tuned, seeds, target)) {
        const cells = await wholeSweep(this.#api, body, signal);
        slots.forEach((slot, i) => found.set(slot, { cells, first: i * seeds.length, count: seeds.length }));
      }
      this.#judged = judgedOf(tuned, found);
    } catch (error) {
      if (signal.aborted) return;
      this.#trouble = error;
    }
    this.#isJudging = false;
    this.#onChange();
  }
}

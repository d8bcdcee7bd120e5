/**
 * Keeps the clock where it stood while the records under it are replaced: the player can only stand where there are
 * records, and new ones arrive one block after the other. Whoever moves the clock meanwhile has it.
 */

/** @typedef {import("./player.js").Player} Player */

export class Anchor {
  /** @type {number | null} */
  #step = null;
  /** @type {number | null} where it would stand, but for runs that ended before */
  #beyond = null;
  /** where it left the clock */
  #left = 0;
  /** what had been asked of the clock then */
  #asked = 0;
  #player;

  /** @param {Player} player */
  constructor(player) {
    this.#player = player;
  }

  get isHeld() {
    return this.#step !== null;
  }

  /** @param {number} step  Infinity is the last one, whichever that will be */
  set(step) {
    this.#step = step;
    this.#beyond = null;
    this.#note();
  }

  /** Stay here; at the end, stay at the end, unless it only stands there because the runs ended before its place. */
  hold() {
    this.#heed();
    const { step, last } = this.#player;
    this.#step ??= step === last ? (this.#beyond ?? Infinity) : step;
    this.#beyond = null;
    this.#note();
  }

  release() {
    this.#step = null;
    this.#beyond = null;
  }

  /**
   * Go as near as the records allow.
   *
   * @param {boolean} complete  whether no more will come
   */
  pull(complete) {
    this.#heed();
    if (this.#step === null) return;
    this.#player.seek(this.#step);
    this.#note();
    const isThere = this.#player.last >= this.#step;
    if (!complete && !isThere) return;
    this.#beyond = isThere || this.#step === Infinity ? null : this.#step;
    this.#step = null;
  }

  /** Leave the clock to who has moved it; who asked for a record that is still to come is taken there. */
  #heed() {
    const { asked, step, last } = this.#player;
    const isAsked = asked !== this.#asked;
    if (!isAsked && step === Math.min(this.#left, last)) return;
    this.release();
    if (isAsked && asked > step) this.#step = asked;
  }

  #note() {
    this.#left = this.#player.step;
    this.#asked = this.#player.asked;
  }
}

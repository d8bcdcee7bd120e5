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
    this.#left = this.#player.step;
  }

  /** Stay here; at the end, stay at the end, unless it only stands there because the runs ended before its place. */
  hold() {
    const { step, last } = this.#player;
    if (this.#isMoved) this.release();
    this.#step ??= step === last ? (this.#beyond ?? Infinity) : step;
    this.#beyond = null;
    this.#left = step;
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
    if (this.#isMoved) this.release();
    if (this.#step === null) return;
    this.#player.seek(this.#step);
    this.#left = this.#player.step;
    const isThere = this.#player.last >= this.#step;
    if (!complete && !isThere) return;
    this.#beyond = isThere || this.#step === Infinity ? null : this.#step;
    this.#step = null;
  }

  /** Whether the clock stands elsewhere than where it was left, for all that fewer records leave room for. */
  get #isMoved() {
    const { step, last } = this.#player;
    return step !== Math.min(this.#left, last);
  }
}

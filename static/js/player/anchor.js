/**
 * Keeps the clock where it stood while the records under it are replaced: the player can only stand where there are
 * records, and new ones arrive one block after the other.
 */

/** @typedef {import("./player.js").Player} Player */

export class Anchor {
  /** @type {number | null} */
  #step = null;
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
  }

  /** Stay here; at the end, stay at the end. */
  hold() {
    const { step, last } = this.#player;
    this.#step ??= step === last ? Infinity : step;
  }

  release() {
    this.#step = null;
  }

  /**
   * Go as near as the records allow.
   *
   * @param {boolean} complete  whether no more will come
   */
  pull(complete) {
    if (this.#step === null) return;
    this.#player.seek(this.#step);
    if (complete || this.#player.last >= this.#step) this.#step = null;
  }
}

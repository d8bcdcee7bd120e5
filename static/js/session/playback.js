/**
 * What the clock does by itself: begins to play once there is something to see, and keeps its place while runs are
 * trained anew.
 */

import { Anchor } from "../player/anchor.js";

/**
 * @typedef {import("../player/player.js").Player} Player
 *
 * @typedef {object} Progress
 * @property {number} records  of the longest run
 * @property {boolean} trained  whether no more will come
 * @property {boolean} drawn  whether the surface is there, too
 */

/** Playing begins with the surface, or this long after the first records if that takes longer. */
const PATIENCE_MS = 1500;

export class Playback {
  #player;
  #anchor;
  #reducedMotion;
  #isToPlay = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #patience;

  /**
   * @param {Player} player
   * @param {{reducedMotion: boolean}} options  with reduced motion nothing plays by itself: the whole is shown
   */
  constructor(player, { reducedMotion }) {
    this.#player = player;
    this.#anchor = new Anchor(player);
    this.#reducedMotion = reducedMotion;
  }

  /** The step that a person has come to: null while playing has not begun, undefined while it is on its way back. */
  get step() {
    if (this.#isToPlay) return null;
    return this.#anchor.isHeld ? undefined : this.#player.step;
  }

  /** Play from the beginning, as soon as there is something to see. */
  begin() {
    this.#player.pause();
    this.#isToPlay = !this.#reducedMotion;
    this.#anchor.set(this.#reducedMotion ? Infinity : 0);
  }

  /** @param {number} step  to stand at */
  standAt(step) {
    this.#isToPlay = false;
    this.#anchor.set(step);
  }

  /** Runs are about to be trained anew. */
  hold() {
    if (!this.#player.playing && !this.#isToPlay) this.#anchor.hold();
  }

  /** @param {Progress} progress */
  follow({ records, trained, drawn }) {
    if (records < this.#player.length) this.hold(); // those of an earlier edit were there, and are replaced
    this.#player.setLength(records, { complete: trained });
    this.#anchor.pull(trained);
    if (!this.#isToPlay || records === 0) return;
    if (drawn) this.#play();
    else this.#patience ??= setTimeout(() => this.#play(), PATIENCE_MS);
  }

  #play() {
    clearTimeout(this.#patience);
    this.#patience = undefined;
    if (!this.#isToPlay) return;
    this.#isToPlay = false;
    this.#anchor.release();
    this.#player.play();
  }
}

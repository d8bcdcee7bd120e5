/**
 * The one clock of the page. It knows a step, a length and a speed; it draws nothing.
 *
 * However often it is told to seek, those who listen hear of it once a frame.
 */

/** Speeds to choose from, in steps per second. */
export const SPEEDS = Object.freeze([1, 2, 5, 10, 20, 30, 60, 120, 300, 1000]);

/** Steps per second: 300 steps take ten seconds. */
export const DEFAULT_SPEED = 30;

/** A frame that took longer than this (a tab in the background) does not make the clock jump. */
const LONGEST_FRAME_MS = 250;

/** Sixty sixtieths of a step are one step, whatever their floating-point sum. */
const ROUNDING = 1e-6;

/**
 * @typedef {object} Clock
 * @property {(callback: (time: number) => void) => number} requestFrame  as `requestAnimationFrame`
 * @property {(handle: number) => void} cancelFrame  as `cancelAnimationFrame`
 */

export class Player {
  #clock;
  /** @type {Set<(player: Player) => void>} */
  #listeners = new Set();
  /** @type {number | null} */
  #frame = null;
  /** @type {number | null} when the last frame was, while it plays */
  #time = null;
  /** steps, with the part of one that has not been reached yet */
  #position = 0;
  #asked = 0;
  #length = 0;
  #complete = false;
  #playing = false;
  #speed = DEFAULT_SPEED;

  /** @param {Clock} clock */
  constructor(clock) {
    this.#clock = clock;
  }

  /** The record that everything shows. */
  get step() {
    return Math.floor(this.#position + ROUNDING);
  }

  /** The step that was last asked for, or where playing began: its record may be still to come. */
  get asked() {
    return this.#asked;
  }

  /** How many records there are to show. */
  get length() {
    return this.#length;
  }

  get last() {
    return Math.max(0, this.#length - 1);
  }

  get playing() {
    return this.#playing;
  }

  /** Whether it plays, but has shown all that has arrived so far. */
  get waiting() {
    return this.#playing && !this.#complete && this.#position >= this.last;
  }

  /** Steps per second. */
  get speed() {
    return this.#speed;
  }

  /** Play from here, or from the beginning where all has been shown. */
  play() {
    if (this.#playing) return;
    if (this.#complete && this.#position >= this.last) this.#position = 0;
    this.#asked = this.step;
    this.#playing = true;
    this.#time = null;
    this.#request();
  }

  pause() {
    if (!this.#playing) return;
    this.#playing = false;
    this.#position = this.step;
    this.#request();
  }

  toggle() {
    if (this.#playing) this.pause();
    else this.play();
  }

  /**
   * Show this step, or the nearest that there is.
   *
   * @param {number} step
   */
  seek(step) {
    const wish = Math.max(0, Math.round(step));
    const target = Math.min(wish, this.last);
    this.#asked = this.#complete ? target : wish;
    if (target === this.#position) return;
    this.#position = target;
    this.#request();
  }

  /**
   * One step by hand: the clock stops.
   *
   * @param {number} steps  negative to go back
   */
  stepBy(steps) {
    this.pause();
    this.seek(this.step + steps);
  }

  /** @param {number} speed  steps per second */
  setSpeed(speed) {
    if (!(speed > 0) || !Number.isFinite(speed)) throw new RangeError(`speed must be above 0, got ${speed}`);
    this.#speed = speed;
    this.#request();
  }

  /**
   * @param {number} records  of the longest run
   * @param {{complete: boolean}} state  whether more will come
   */
  setLength(records, { complete }) {
    if (records === this.#length && complete === this.#complete) return;
    this.#length = records;
    this.#complete = complete;
    this.#position = Math.min(this.#position, this.last);
    this.#request();
  }

  /**
   * @param {(player: Player) => void} listener  called at most once a frame, when anything has changed
   * @returns {() => void} what ends the subscription
   */
  subscribe(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  destroy() {
    if (this.#frame !== null) this.#clock.cancelFrame(this.#frame);
    this.#frame = null;
    this.#playing = false;
    this.#listeners.clear();
  }

  #request() {
    this.#frame ??= this.#clock.requestFrame((time) => this.#tick(time));
  }

  /** @param {number} time  milliseconds */
  #tick(time) {
    this.#frame = null;
    if (this.#playing) this.#advance(time);
    for (const listener of this.#listeners) listener(this);
  }

  /** @param {number} time  milliseconds */
  #advance(time) {
    const elapsed = Math.min(time - (this.#time ?? time), LONGEST_FRAME_MS);
    this.#time = time;
    this.#position = Math.min(this.#position + (elapsed / 1000) * this.#speed, this.last);
    if (this.#complete && this.#position >= this.last) this.#playing = false;
    else this.#request();
  }
}

/**
 * @param {Partial<Clock>} [clock]  the browser's by default
 * @returns {Player}
 */
export function createPlayer(clock = {}) {
  return new Player({
    requestFrame: clock.requestFrame ?? ((callback) => requestAnimationFrame(callback)),
    cancelFrame: clock.cancelFrame ?? ((handle) => cancelAnimationFrame(handle)),
  });
}

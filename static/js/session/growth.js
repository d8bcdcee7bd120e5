/**
 * How far the surface has come with runs that grow: their paths are drawn again once in a while, and at the end.
 */

/** @typedef {import("../api/follower.js").Follower} Follower */

const PAUSE_MS = 1000;

export class Growth {
  #follower;
  #now;
  /** @type {Map<string, number>} by the id of a run */
  #reached = new Map();
  #since = -Infinity;

  /**
   * @param {Pick<Follower, "get">} follower
   * @param {() => number} [now]  milliseconds
   */
  constructor(follower, now = () => performance.now()) {
    this.#follower = follower;
    this.#now = now;
  }

  /** @param {string} id */
  get = (id) => this.#follower.get(id);

  /**
   * The step that the path of a run is drawn to, −1 for none.
   *
   * @param {string} id
   */
  reached = (id) => this.#reached.get(id) ?? -1;

  /**
   * Take in what has come since, unless that was done a moment ago and there is more to come.
   *
   * @param {string[]} ids
   * @returns {boolean}  whether there is something new to draw
   */
  advance(ids) {
    const grown = ids.filter((id) => this.#lastOf(id) > this.reached(id));
    const isPressing = grown.some((id) => this.reached(id) < 0 || this.get(id)?.status === "settled");
    if (grown.length === 0 || (!isPressing && this.#now() - this.#since < PAUSE_MS)) return false;
    for (const id of grown) this.#reached.set(id, this.#lastOf(id));
    this.#since = this.#now();
    return true;
  }

  /** @param {string} id */
  #lastOf(id) {
    const history = this.get(id)?.history ?? null;
    return history === null || history.isEmpty ? -1 : history.last;
  }
}

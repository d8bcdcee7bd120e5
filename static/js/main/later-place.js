/** A place of the page whose modules come when somebody first goes there. */

/** @template T */
export class LaterPlace {
  #load;
  #onFail;
  /** @type {Promise<T> | null} */
  #onItsWay = null;
  /** @type {T | null} which not everybody comes to */
  place = null;

  /**
   * @param {() => Promise<T>} load
   * @param {() => void} onFail  its modules could not be had
   */
  constructor(load, onFail) {
    this.#load = load;
    this.#onFail = onFail;
  }

  /** Whether nobody has asked for it yet. */
  get isToCome() {
    return this.#onItsWay === null;
  }

  /** @returns {Promise<T | null>}  null where its modules could not be had, which has been said */
  async bring() {
    try {
      this.#onItsWay ??= this.#load();
      this.place = await this.#onItsWay;
    } catch {
      this.#onItsWay = null;
      this.#onFail();
    }
    return this.place;
  }
}

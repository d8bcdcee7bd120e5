/**
 * The values that were used last.
 *
 * @template T
 */
export class Recent {
  /** @type {Map<string, T>} the least recently used first */
  #values = new Map();
  #size;

  /** @param {number} size */
  constructor(size) {
    this.#size = size;
  }

  /** @param {string} key */
  get(key) {
    const value = this.#values.get(key);
    if (value !== undefined) this.set(key, value);
    return value;
  }

  /**
   * @param {string} key
   * @param {T} value
   */
  set(key, value) {
    this.#values.delete(key);
    this.#values.set(key, value);
    if (this.#values.size > this.#size) this.#values.delete([...this.#values.keys()][0]);
  }
}

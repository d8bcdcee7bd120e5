/**
 * What there is to read about an entry of the catalog, asked for when somebody wants to know it.
 */

import { withEntry } from "../state/catalog.js";

/**
 * @typedef {import("../state/types.js").Catalog} Catalog
 * @typedef {import("../state/catalog.js").Section} Section
 *
 * @typedef {object} DetailsOptions
 * @property {Catalog} catalog  as it is at first
 * @property {Pick<import("../api/resources.js").Api, "catalogEntry">} api
 * @property {() => void} onKnown  there is more in the catalog
 * @property {(error: unknown, retry: () => void) => void} onTrouble
 */

export class Details {
  #api;
  #onKnown;
  #onTrouble;
  /** @type {Map<string, Promise<void>>} by section and name */
  #asked = new Map();

  /** @param {DetailsOptions} options */
  constructor({ catalog, api, onKnown, onTrouble }) {
    /** The catalog with all that is known by now. */
    this.catalog = catalog;
    this.#api = api;
    this.#onKnown = onKnown;
    this.#onTrouble = onTrouble;
  }

  /**
   * Know all about some entries; what cannot be had is told as trouble.
   *
   * @param {Section} section
   * @param {string[]} names
   */
  async know(section, names) {
    try {
      await Promise.all(names.map((name) => this.#entry(section, name)));
    } catch (error) {
      this.#onTrouble(error, () => void this.know(section, names));
    }
  }

  /**
   * @param {Section} section
   * @param {string} name
   */
  #entry(section, name) {
    const key = `${section}/${name}`;
    const asked = this.#asked.get(key) ?? this.#ask(section, name);
    this.#asked.set(key, asked);
    asked.catch(() => this.#asked.delete(key));
    return asked;
  }

  /**
   * @param {Section} section
   * @param {string} name
   */
  async #ask(section, name) {
    const entry = await this.#api.catalogEntry(section, name);
    this.catalog = withEntry(this.catalog, section, entry);
    this.#onKnown();
  }
}

/**
 * The words of the page, in the language of the moment; those that stand in the template too.
 *
 * The page names the languages that there are. The first of them is always loaded and stands in for what another lacks;
 * any other is loaded once it is chosen.
 */

import { catalogIn } from "./catalog.js";
import { Translator } from "./translator.js";

/**
 * @typedef {import("./translator.js").Language} Language
 * @typedef {import("../state/types.js").Catalog} Catalog
 * @typedef {{code: string, name: string, short: string, tag: string, address: string}} Offered  a language
 */

export class Words {
  #root = document.documentElement;
  #preferred = this.#root.dataset.preferred ?? "";
  #wanted = this.#root.dataset.language ?? this.#preferred;
  #code = this.#wanted;
  #load;
  /** @type {Map<string, Translator>} */
  #translators = new Map();

  /** @type {WeakMap<Translator, {catalog: Catalog, told: Catalog}>} */
  #catalogs = new WeakMap();

  /** @param {(address: string) => Promise<Language>} load */
  constructor(load) {
    this.#load = load;
    /** @type {Offered[]} */
    this.offered = JSON.parse(this.#root.dataset.languages ?? "[]");
  }

  /** The code of the language that is shown. */
  get language() {
    return this.#code;
  }

  /** Whether there are any yet. */
  get areHere() {
    return this.#translators.size > 0;
  }

  /** @returns {Translator} */
  get translator() {
    return /** @type {Translator} */ (this.#translators.get(this.#code));
  }

  /** @type {Translator["t"]} */
  t = (key, params) => this.translator.t(key, params);

  /** @type {Translator["say"]} */
  say = (said) => this.translator.say(said);

  /** @type {Translator["catalogText"]} */
  catalogText = (place, english) => this.translator.catalogText(place, english);

  /**
   * The catalog in the language that is shown: the same one until that changes.
   *
   * @param {Catalog} catalog  of the server
   */
  catalogIn(catalog) {
    const known = this.#catalogs.get(this.translator);
    if (known?.catalog === catalog) return known.told;
    const told = catalogIn(catalog, this.translator.catalogText);
    this.#catalogs.set(this.translator, { catalog, told });
    return told;
  }

  /** For what formats dates and lists. */
  get tag() {
    return this.translator.tag;
  }

  /** How many entries of the language are missing, as far as it is known by now. */
  get missing() {
    return this.translator.missing.size;
  }

  /** Load what the page begins with. */
  async begin() {
    this.#translators.set(this.#code, await this.#translatorOf(this.#code));
    this.#show(this.#code);
  }

  /**
   * Speak a language: at once if it has been loaded, else as soon as it is.
   *
   * @param {string | null} chosen  null is the browser's choice
   */
  async use(chosen) {
    const code = chosen ?? this.#preferred;
    this.#wanted = code;
    if (!this.#translators.has(code)) this.#translators.set(code, await this.#translatorOf(code));
    if (code === this.#wanted) this.#show(code);
  }

  /** @param {string} code */
  async #translatorOf(code) {
    const base = this.offered[0];
    const own = this.offered.find((language) => language.code === code) ?? base;
    if (own === base) return new Translator(await this.#load(base.address));
    return new Translator(...(await Promise.all([this.#load(own.address), this.#load(base.address)])));
  }

  /** @param {string} code  of a language that has been loaded */
  #show(code) {
    this.#code = code;
    this.#root.lang = this.translator.tag;
    this.#write();
  }

  /** `data-text` names the message that an element holds, `data-label` the one that names it to a screen reader. */
  #write() {
    for (const element of document.querySelectorAll("[data-text]")) {
      element.textContent = this.t(String(element.getAttribute("data-text")));
    }
    for (const element of document.querySelectorAll("[data-label]")) {
      element.setAttribute("aria-label", this.t(String(element.getAttribute("data-label"))));
    }
  }
}

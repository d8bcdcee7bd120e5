/**
 * The words of the page, in the language of the moment; those that stand in the template too.
 */

import { createTranslator, LANGUAGES, resolveLanguage } from "../i18n/translate.js";

/**
 * @typedef {import("../i18n/translate.js").Language} Language
 * @typedef {import("../i18n/translate.js").Translator} Translator
 */

export class Words {
  #root = document.documentElement;
  /** @type {Language} the browser's choice, as the server understood it */
  #preferred = resolveLanguage(null, [this.#root.lang]);
  #language = this.#preferred;
  #translator = createTranslator(this.#language);

  constructor() {
    this.#write();
  }

  get language() {
    return this.#language;
  }

  /** @type {Translator["t"]} */
  t = (key, params) => this.#translator.t(key, params);

  /** @type {Translator["local"]} */
  local = (text) => this.#translator.local(text);

  /** @param {Language | null} chosen  null is the browser's choice */
  use(chosen) {
    this.#language = chosen ?? this.#preferred;
    this.#translator = createTranslator(this.#language);
    this.#root.lang = LANGUAGES.find(({ code }) => code === this.#language)?.tag ?? "en";
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

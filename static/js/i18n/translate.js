/**
 * From a key to a sentence in the language of the page.
 */

import { catalogZh } from "./catalog-zh.js";
import { en } from "./en.js";
import { endsZh } from "./ends-zh.js";
import { lintZh } from "./lint-zh.js";
import { refusalsZh } from "./refusals-zh.js";
import { createSentences } from "./sentences.js";
import { storageZh } from "./storage-zh.js";
import { zh } from "./zh.js";

/**
 * @typedef {"en" | "zh"} Language
 * @typedef {string | {one: string, other: string}} Message  with {parameters}; two forms where a count decides
 * @typedef {{[key: string]: Message | Messages}} Messages
 * @typedef {Record<string, string | number>} Params
 *
 * @typedef {object} Translator
 * @property {(key: string, params?: Params) => string} t
 * @property {(text: string) => string} local  a text of the server's, translated if there is a translation
 */

/** @type {Record<Language, Messages>} */
const CATALOGUES = { en, zh };

/** @type {Record<Language, Record<string, string>>} */
const OF_THE_SERVER = { en: {}, zh: catalogZh };

/** @type {Record<Language, (text: string) => string | null>} */
const FILLED_BY_THE_SERVER = {
  en: () => null,
  zh: createSentences([...lintZh, ...endsZh, ...storageZh, ...refusalsZh]),
};

/** How the languages call themselves, and their names for `lang`. */
export const LANGUAGES = /** @type {const} */ ([
  { code: "en", name: "English", short: "EN", tag: "en" },
  { code: "zh", name: "简体中文", short: "中文", tag: "zh-CN" },
]);

/**
 * The language of the page: the one that was chosen, else the first of the browser's that there is.
 *
 * @param {Language | null} chosen
 * @param {readonly string[]} preferred  as `navigator.languages`
 * @returns {Language}
 */
export function resolveLanguage(chosen, preferred) {
  if (chosen !== null) return chosen;
  for (const tag of preferred) {
    const code = tag.toLowerCase().split("-")[0];
    const known = LANGUAGES.find((language) => language.code === code);
    if (known !== undefined) return known.code;
  }
  return "en";
}

/**
 * @param {Language} language
 * @returns {Translator}
 */
export function createTranslator(language) {
  const messages = flatten(CATALOGUES[language]);
  const plural = new Intl.PluralRules(language);
  return {
    t(key, params = {}) {
      const message = messages.get(key);
      if (message === undefined) throw new RangeError(`no message ${key} in ${language}`);
      return fill(typeof message === "string" ? message : message[form(plural, params)], params);
    },
    local: (text) =>
      Object.hasOwn(OF_THE_SERVER[language], text)
        ? OF_THE_SERVER[language][text]
        : (FILLED_BY_THE_SERVER[language](text) ?? text),
  };
}

/**
 * @param {Intl.PluralRules} plural
 * @param {Params} params
 * @returns {"one" | "other"}
 */
function form(plural, { count }) {
  return plural.select(Number(count)) === "one" ? "one" : "other";
}

/**
 * @param {string} message
 * @param {Params} params
 */
function fill(message, params) {
  return message.replace(/\{(\w+)\}/g, (_, name) => {
    if (!(name in params)) throw new RangeError(`"${message}" needs ${name}`);
    return String(params[name]);
  });
}

/**
 * Every message under its whole key, such as `runs.add`.
 *
 * @param {Messages} messages
 * @param {string} [prefix]
 * @returns {Map<string, Message>}
 */
export function flatten(messages, prefix = "") {
  /** @type {Map<string, Message>} */
  const flat = new Map();
  for (const [key, value] of Object.entries(messages)) {
    if (isMessage(value)) flat.set(prefix + key, value);
    else for (const [inner, message] of flatten(value, `${prefix}${key}.`)) flat.set(inner, message);
  }
  return flat;
}

/**
 * @param {Message | Messages} value
 * @returns {value is Message}
 */
function isMessage(value) {
  return typeof value === "string" || (typeof value.one === "string" && typeof value.other === "string");
}

/**
 * Findings of the server, each with its detail in the language of the page.
 *
 * @template {{detail: string}} T
 * @param {readonly T[]} findings
 * @param {Translator["local"]} local
 * @returns {T[]}
 */
export function localised(findings, local) {
  return findings.map((finding) => ({ ...finding, detail: local(finding.detail) }));
}

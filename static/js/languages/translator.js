/**
 * From a key, or the code of what the server says, to a sentence in the language of the page.
 */

import { localOf } from "./legacy.js";

/**
 * @typedef {Partial<Record<Intl.LDMLPluralRule, string>> & {other: string}} Forms
 * @typedef {string | Forms} Message  with {holes}; several forms where a count decides
 * @typedef {{[key: string]: Message | Messages}} Messages
 * @typedef {Record<string, string | number>} Params
 *
 * @typedef {object} Language  what `GET /languages/{code}.json` answers: the files of a folder
 * @property {{name: string, short: string, tag: string}} language
 * @property {Messages} words  those of the page
 * @property {Record<string, Message>} [said]  the sentences of the server by their codes
 * @property {Texts} [catalog]  the texts of the catalog by where they stand
 *
 * @typedef {{[key: string]: string | Texts}} Texts
 *
 * @typedef {object} Said  a sentence of the server's
 * @property {string} detail  in English
 * @property {string} [code]
 * @property {SaidParams} [params]
 *
 * @typedef {string | number | {code: string, params: SaidParams}} SaidPart
 * @typedef {{[hole: string]: SaidPart | SaidPart[]}} SaidParams
 */

export class Translator {
  #own;
  #base;
  #said;
  #catalog;
  #says;

  /**
   * @param {Language} own
   * @param {Language} [base]  stands in, entry by entry, for what is missing
   */
  constructor(own, base = own) {
    this.tag = own.language.tag;
    this.#own = new Wording(flatten(own.words), own.language.tag);
    this.#base = base === own ? this.#own : new Wording(flatten(base.words), base.language.tag);
    this.#said = new Wording(new Map(Object.entries(own.said ?? {})), own.language.tag);
    this.#catalog = own.catalog ?? {};
    this.#says = base !== own; // the server itself says it in the language that all others rest on
    /** @type {Set<string>} the entries that the base stands in for, as far as they are known by now */
    this.missing = new Set(this.#base.keys().filter((key) => !this.#own.has(key)));
  }

  /**
   * @param {string} key
   * @param {Params} [params]
   * @returns {string}
   */
  t = (key, params = {}) => {
    const wording = this.#own.has(key) ? this.#own : this.#base;
    if (!wording.has(key)) throw new RangeError(`no message ${key}`);
    return wording.fill(key, params);
  };

  /**
   * @param {Said} said
   * @returns {string}
   */
  say = ({ detail, code, params = {} }) => {
    if (!this.#says || code === undefined) return detail;
    return this.#rendered(code, params) ?? detail;
  };

  /**
   * A text of the catalog; an entry of another package stays in its own words.
   *
   * @param {[section: string, entry: string, ...path: string[]]} place  where the text stands
   * @param {string} english
   * @returns {string}
   */
  catalogText = (place, english) => {
    if (!this.#says || place[1].includes(".")) return english;
    const [section, , ...path] = place;
    const found = textAt(this.#catalog, place) ?? textAt(this.#catalog, [section, SHARED, ...path]);
    if (found === undefined) this.missing.add(`catalog.${place.join(".")}`);
    return found ?? english;
  };

  /** A text of the server's by its English. */
  local = (/** @type {string} */ text) => localOf(this.tag, text);

  /**
   * @param {string} code
   * @param {SaidParams} params
   * @returns {string | null}  null if it, or what is in it, is missing
   */
  #rendered(code, params) {
    if (!this.#said.has(code)) {
      this.missing.add(`said.${code}`);
      return null;
    }
    /** @type {Params} */
    const filled = {};
    for (const [hole, value] of Object.entries(params)) {
      const parts = [value].flat().map((part) => this.#part(part));
      if (parts.includes(null)) return null;
      filled[hole] =
        parts.length === 1 && typeof value === "number" ? value : parts.join(this.t("shell.comma"));
    }
    return this.#said.fill(code, filled);
  }

  /** @param {SaidPart} part */
  #part(part) {
    return typeof part === "object" ? this.#rendered(part.code, part.params) : String(part);
  }
}

/** The entry of a section whose texts are those of all others, unless they have their own. */
const SHARED = "*";

/**
 * @param {Texts} texts
 * @param {string[]} place
 * @returns {string | undefined}
 */
function textAt(texts, place) {
  /** @type {string | Texts | undefined} */
  let found = texts;
  for (const part of place) {
    found = typeof found === "object" && Object.hasOwn(found, part) ? found[part] : undefined;
  }
  return typeof found === "string" ? found : undefined;
}

/** Messages of one language, and its rules for counts. */
class Wording {
  #messages;
  #plural;

  /**
   * @param {Map<string, Message>} messages
   * @param {string} tag
   */
  constructor(messages, tag) {
    this.#messages = messages;
    this.#plural = new Intl.PluralRules(tag);
  }

  keys() {
    return [...this.#messages.keys()];
  }

  /** @param {string} key */
  has(key) {
    return this.#messages.has(key);
  }

  /**
   * @param {string} key  one that it has
   * @param {Params} params
   * @returns {string}
   */
  fill(key, params) {
    const message = /** @type {Message} */ (this.#messages.get(key));
    if (typeof message === "string") return fill(message, params);
    return fill(message[this.#plural.select(Number(params.count))] ?? message.other, params);
  }
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
 * Every message under its whole key, such as `controls.runs.add`.
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

const FORMS = new Set(["zero", "one", "two", "few", "many", "other"]);

/**
 * @param {Message | Messages} value
 * @returns {value is Message}
 */
function isMessage(value) {
  if (typeof value === "string") return true;
  return typeof value.other === "string" && Object.keys(value).every((form) => FORMS.has(form));
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

/**
 * From a key, or the code of what the server says, to a sentence in the language of the page.
 */

/**
 * @typedef {Partial<Record<Intl.LDMLPluralRule, string>> & {other: string}} Forms
 * @typedef {string | Forms} Message  with {holes}; several forms where a count decides
 * @typedef {{[key: string]: Message | Messages}} Messages
 * @typedef {Record<string, string | number | readonly string[]>} Params  a list is said with the commas of the language
 *
 * @typedef {object} Language  what `GET /languages/{code}.json` answers: the files of a folder
 * @property {{name: string, short: string, tag: string}} language
 * @property {Messages} words  those of the page
 * @property {Record<string, Message>} [said]  the sentences of the server by their codes
 * @property {Texts} [catalog]  the texts of the catalog by where they stand
 * @property {{mark: string, texts: Record<string, string>}} [quoted]  those of other packages by their English
 *
 * @typedef {{[key: string]: string | Texts}} Texts
 *
 * @typedef {object} Said  a sentence of the server's
 * @property {string} detail  in English
 * @property {string | null} [code]  null of what is not said
 * @property {SaidParams} [params]
 *
 * @typedef {Record<string, import("../state/types.js").Json>} SaidParams  a text, a number, what is said in its turn as
 *   `{code, params}`, or a list of such
 */

export class Translator {
  #own;
  #base;
  #said;
  #catalog;
  #quoted;
  #says;

  /**
   * @param {Language} own
   * @param {Language} [base]  stands in, entry by entry, for what is missing
   */
  constructor(own, base = own) {
    this.tag = own.language.tag;
    this.#own = new Wording(flatten(own.words), own);
    this.#base = base === own ? this.#own : new Wording(flatten(base.words), base);
    this.#said = new Wording(new Map(Object.entries(own.said ?? {})), own);
    this.#catalog = own.catalog ?? {};
    this.#quoted = own.quoted;
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
    const own = this.#own.fill(key, params);
    if (own !== null) return own;
    const instead = this.#base.fill(key, params);
    if (instead === null) throw new RangeError(`no message ${key}, or not all that it needs`);
    this.missing.add(key);
    return instead;
  };

  /**
   * @param {Said} said
   * @returns {string}
   */
  say = ({ detail, code, params = {} }) => {
    if (!this.#says || code === undefined || code === null) return detail;
    return this.#rendered(code, params) ?? detail;
  };

  /**
   * A text of the catalog; what another package says and is not known is marked as its own.
   *
   * @param {[section: string, entry: string, ...path: string[]]} place  where the text stands
   * @param {string} english
   * @returns {string}
   */
  catalogText = (place, english) => {
    if (!this.#says) return english;
    if (place[1].includes(".")) return this.#quote(place, english);
    const [section, , ...path] = place;
    const found = textAt(this.#catalog, place) ?? textAt(this.#catalog, [section, SHARED, ...path]);
    if (found === undefined) this.missing.add(`catalog.${place.join(".")}`);
    return found ?? english;
  };

  /**
   * @param {string[]} place
   * @param {string} english  of another package, which may name its own class
   */
  #quote([, entry, ...path], english) {
    if (this.#quoted === undefined || UNMARKED.includes(path[0])) return english;
    const { mark, texts } = this.#quoted;
    const name = entry.slice(entry.lastIndexOf(".") + 1);
    const known = [english, english.replaceAll(name, "{name}")].find((text) => Object.hasOwn(texts, text));
    return known === undefined
      ? (fill(mark, { text: english }) ?? english)
      : texts[known].replaceAll("{name}", name);
  }

  /**
   * @param {string} code
   * @param {SaidParams} params
   * @returns {string | null}  null if it, or what is in it, is missing
   */
  #rendered(code, params) {
    /** @type {Params} */
    const filled = {};
    for (const [hole, value] of Object.entries(params)) {
      const text = this.#filling(value);
      if (text === null) return null;
      filled[hole] = text;
    }
    const text = this.#said.fill(code, filled);
    if (text === null) this.missing.add(`said.${code}`);
    return text;
  }

  /**
   * @param {any} value
   * @returns {string | number | string[] | null}
   */
  #filling(value) {
    if (typeof value === "number") return value;
    if (!Array.isArray(value))
      return typeof value === "object" ? this.#rendered(value.code, value.params) : String(value);
    const parts = value.map((part) => this.#filling(part));
    return parts.includes(null) ? null : parts.map(String);
  }
}

/** Names, and what the server says of an entry: no words of its package. */
const UNMARKED = ["title", "reason"];

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
  #comma;

  /**
   * @param {Map<string, Message>} messages
   * @param {Language} language  that they are of
   */
  constructor(messages, { language, words }) {
    this.#messages = messages;
    this.#plural = new Intl.PluralRules(language.tag);
    this.#comma = String(flatten(words).get("shell.comma") ?? ", ");
  }

  keys() {
    return [...this.#messages.keys()];
  }

  /** @param {string} key */
  has(key) {
    return this.#messages.has(key);
  }

  /**
   * @param {string} key
   * @param {Params} params
   * @returns {string | null}  null if there is no such message, or one that asks for more
   */
  fill(key, params) {
    const message = this.#messages.get(key);
    if (message === undefined) return null;
    return fill(this.#formOf(message, params), params, this.#told);
  }

  /**
   * @param {Message} message
   * @param {Params} params
   */
  #formOf(message, { count }) {
    if (typeof message === "string") return message;
    return message[this.#plural.select(Number(count))] ?? message.other;
  }

  /** @param {Params[string]} value */
  #told = (value) => (typeof value === "object" ? value.join(this.#comma) : String(value));
}

const HOLE = /\{(\w+)\}/;

/** Messages that have been said, each cut at its holes: what stands before one, its name, what stands behind. */
const CUT = /** @type {Map<string, string[]>} */ (new Map());

/** @param {string} message */
function cut(message) {
  const known = CUT.get(message);
  if (known !== undefined) return known;
  const parts = message.split(HOLE);
  CUT.set(message, parts);
  return parts;
}

/**
 * @param {string} message
 * @param {Params} params
 * @param {(value: Params[string]) => string} [told]
 * @returns {string | null}  null if it has a hole that nothing fills
 */
function fill(message, params, told = String) {
  const parts = cut(message);
  let text = parts[0];
  for (let i = 1; i < parts.length; i += 2) {
    if (!Object.hasOwn(params, parts[i])) return null;
    text += told(params[parts[i]]) + parts[i + 1];
  }
  return text;
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
 * @template {Said} T
 * @param {readonly T[]} findings
 * @param {Translator["say"]} say
 * @returns {T[]}
 */
export function localised(findings, say) {
  return findings.map((finding) => ({ ...finding, detail: say(finding) }));
}

/**
 * What a field of a document says, whose code and parameters stand beside it.
 *
 * @param {any} document
 * @param {string} field
 * @returns {Said | null}
 */
export function saidIn(document, field) {
  const detail = document[field] ?? null;
  if (detail === null) return null;
  return { detail, code: document[`${field}_code`], params: document[`${field}_params`] };
}

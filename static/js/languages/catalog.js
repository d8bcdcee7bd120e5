/**
 * The catalog in the language of the page: every text is asked for by where it stands.
 */

/**
 * @typedef {import("../state/types.js").Catalog} Catalog
 * @typedef {import("./translator.js").Translator["catalogText"]} CatalogText
 *
 * @typedef {object} Entry  of any section
 * @property {string} name
 * @property {string} [title]
 * @property {string} [summary]
 * @property {string} [description]
 * @property {string} [failure]
 * @property {string | null} [reason]
 * @property {{name: string, description: string}[]} [hyperparameters]
 * @property {{key: string, meaning: string}[]} [state_keys]
 */

const SECTIONS = /** @type {const} */ ([
  "problems",
  "activations",
  "optimizers",
  "lr_schedulers",
  "clipping",
]);
const TEXTS = /** @type {const} */ (["title", "summary", "description", "failure", "reason"]);

/**
 * @param {Catalog} catalog
 * @param {CatalogText} text
 * @returns {Catalog}
 */
export function catalogIn(catalog, text) {
  const sections = SECTIONS.map((section) => [
    section,
    entriesIn(section, /** @type {Entry[]} */ (catalog[section]), text),
  ]);
  return { ...catalog, ...Object.fromEntries(sections) };
}

/**
 * @template {Entry} T
 * @param {string} section
 * @param {readonly T[]} entries
 * @param {CatalogText} text
 * @returns {T[]}
 */
export function entriesIn(section, entries, text) {
  return entries.map((entry) => {
    const told = { ...entry };
    for (const field of TEXTS) {
      const english = entry[field];
      if (english && english !== entry.name) told[field] = text([section, entry.name, field], english);
    }
    told.hyperparameters = entry.hyperparameters?.map((one) => {
      const place = /** @type {const} */ ([section, entry.name, "hyperparameters", one.name]);
      return { ...one, description: one.description && text([...place], one.description) };
    });
    told.state_keys = entry.state_keys?.map((one) => ({
      ...one,
      meaning: text([section, entry.name, "state", one.key], one.meaning),
    }));
    return told;
  });
}

/**
 * The catalog as the page knows it: in brief at first, entry by entry with all that there is to read about it.
 */

/**
 * @typedef {import("./types.js").Catalog} Catalog
 * @typedef {import("./types.js").Problem} Problem
 * @typedef {import("../wire.d.ts").CatalogSummary} CatalogSummary
 * @typedef {import("../wire.d.ts").CatalogEntry} CatalogEntry
 * @typedef {"problems" | "activations" | "optimizers" | "lr_schedulers" | "clipping"} Section
 */

/** The package whose optimizers are known whole enough to be chosen. */
const OWN_PACKAGE = "torch";

/** What a field is that an entry leaves out, or that is told with its details. */
const PROBLEM = {
  description: "",
  formula: "",
  formula_text: "",
  citation: "",
  task: null,
  start: null,
  minima: [],
  saddles: [],
  options: [],
  option_defaults: {},
};
const CHOICE = { package: OWN_PACKAGE, summary: "", hyperparameters: [] };

/**
 * The catalog from what is told of it in brief.
 *
 * @param {CatalogSummary} summary
 * @returns {Catalog}
 */
export function filled({
  problems,
  optimizers,
  lr_schedulers: schedulers,
  clipping,
  activations,
  ...others
}) {
  return /** @type {Catalog} */ (
    /** @type {unknown} */ ({
      ...others,
      problems: problems.map((problem) => ({ ...PROBLEM, ...titled(problem) })),
      activations: activations.map(titled),
      optimizers: optimizers.map(choiceOf),
      lr_schedulers: schedulers.map(choiceOf),
      clipping: clipping.map(choiceOf),
    })
  );
}

/**
 * @param {Catalog} catalog
 * @param {string} name
 * @returns {Problem}
 */
export function problemOf(catalog, name) {
  const problem = catalog.problems.find((entry) => entry.name === name);
  if (problem === undefined) throw new RangeError(`the catalog has no problem ${name}`);
  return problem;
}

/**
 * @template {{name: string, title?: string}} T
 * @param {T} entry
 */
function titled(entry) {
  return { ...entry, title: entry.title ?? entry.name };
}

/** @param {CatalogSummary["optimizers"][number] | CatalogSummary["clipping"][number]} entry */
function choiceOf(entry) {
  const choice = { ...CHOICE, ...titled(entry) };
  const declared = choice.hyperparameters.map((one) => ({
    description: "",
    ...one,
    suggested: one.suggested ?? one.default,
  }));
  return { ...choice, hyperparameters: declared };
}

/**
 * The catalog with all that there is about an entry.
 *
 * @param {Catalog} catalog
 * @param {Section} section
 * @param {CatalogEntry} whole
 * @returns {Catalog}
 */
export function withEntry(catalog, section, whole) {
  const entries = catalog[section].map((entry) => (entry.name === whole.name ? whole : entry));
  return { ...catalog, [section]: entries };
}

/**
 * The optimizers of other packages that a text names: what they take is told with their entries alone.
 *
 * @param {Catalog} catalog
 * @param {string} text
 * @returns {string[]}
 */
export function optimizersNamedIn({ optimizers }, text) {
  return optimizers
    .filter((entry) => entry.package !== OWN_PACKAGE && text.includes(entry.name))
    .map(({ name }) => name);
}

/**
 * Watched runs among those that are compared: the one place that knows that a run may have no config, and what is known
 * in the place of one.
 */

/**
 * @typedef {import("./types.js").Call} Call
 * @typedef {import("./types.js").Json} Json
 * @typedef {import("./types.js").Run} Run
 * @typedef {import("./types.js").State} State
 * @typedef {import("../wire.d.ts").Layer} Layer
 * @typedef {import("../languages/translator.js").Said} Said
 *
 * @typedef {object} Watched  a kept run of a loop that is not ours, as its document has it
 * @property {string} id
 * @property {string} name
 * @property {number} first
 * @property {Record<string, unknown> | null} [source]
 */

/** Why nothing is computed of a run that was not trained here, as the server says it. @type {Said & {code: string}} */
export const NO_CONFIG = {
  code: "no_config",
  params: {},
  detail:
    "this run was not trained here: nothing is known that it could be trained from, forked with or drawn on",
};

/**
 * Whether a card shows a run of a loop that is not ours.
 *
 * @param {Pick<Run, "kept">} run
 */
export function isWatchedCard({ kept }) {
  return kept?.watched !== undefined;
}

/**
 * What a card says of a watched run: its name, and what its loop made its optimizer of.
 *
 * @param {Watched} run
 * @returns {Omit<Run, "slot"> & Required<Pick<Run, "kept">>}
 */
export function watchedCard({ id, name, first, source }) {
  return {
    ...recipeIn(source),
    freeze: [],
    clip_grad: null,
    kept: { id, first, without: [], watched: name },
  };
}

/**
 * What is known of a run without a config, in the shape of one: its optimizer and its scheduler, by their classes.
 *
 * @param {{source?: Record<string, unknown> | null, layers?: Layer[] | null}} started
 */
export function knownConfig({ source, layers }) {
  const { optimizer, lr_scheduler } = recipeIn(source);
  const count = groupsIn(source).length;
  const groups = Array.from({ length: count }, (_, group) => ({ params: parametersIn(layers ?? [], group) }));
  return {
    problem: { name: "" },
    optimizer: { ...optimizer, param_groups: groups },
    lr_scheduler,
    freeze: [],
    clip_grad: null,
    batch_size: null,
    loop: {},
  };
}

/**
 * @param {Record<string, unknown> | null | undefined} source
 * @returns {Pick<Run, "optimizer" | "lr_scheduler">}
 */
function recipeIn(source) {
  const [optimizer] = listIn(source, "optimizers");
  const [scheduler] = listIn(source, "schedulers");
  const group = { ...optimizer?.defaults, ...(groupsIn(source).length === 1 ? optimizer?.groups?.[0] : {}) };
  return {
    optimizer: { name: textOf(optimizer?.name), hyperparameters: toldOf(group) },
    lr_scheduler: scheduler === undefined ? null : { name: textOf(scheduler), hyperparameters: {} },
  };
}

/**
 * The hyperparameters that say something: numbers and pairs of them, and what is switched on.
 *
 * @param {Record<string, unknown>} group
 * @returns {Record<string, Json>}
 */
function toldOf({ initial_lr: initial, tensors: _, ...group }) {
  const told = { ...group, lr: initial ?? group.lr }; // which a schedule may have changed by then
  const isTold = (/** @type {unknown} */ value) =>
    value === true || (typeof value === "number" && value !== 0) || Array.isArray(value);
  return /** @type {Record<string, Json>} */ (
    Object.fromEntries(Object.entries(told).filter(([, value]) => isTold(value)))
  );
}

/**
 * The param groups of all optimizers, in the order of their columns in the records.
 *
 * @param {Record<string, unknown> | null | undefined} source
 * @returns {unknown[]}
 */
function groupsIn(source) {
  return listIn(source, "optimizers").flatMap((optimizer) => optimizer?.groups ?? []);
}

/**
 * @param {Layer[]} layers
 * @param {number} group
 */
function parametersIn(layers, group) {
  return layers.filter((layer) => layer.group === group).flatMap(({ parameters }) => parameters);
}

/**
 * @param {Record<string, unknown> | null | undefined} source  which a stranger may have written
 * @param {string} name
 * @returns {any[]}
 */
function listIn(source, name) {
  const list = source?.[name];
  return Array.isArray(list) ? list : [];
}

/** @param {unknown} value */
function textOf(value) {
  return typeof value === "string" ? value : "";
}

/**
 * The comparison as what it can be trained of: without watched runs; where it has no others, with what the problem
 * suggests.
 *
 * @param {State} state
 * @param {() => Run[]} suggested
 * @returns {State}
 */
export function trainable(state, suggested) {
  if (!state.runs.some(isWatchedCard)) return state;
  const own = state.runs.filter((run) => !isWatchedCard(run));
  const runs = own.length > 0 ? own : suggested();
  const selected = runs.some(({ slot }) => slot === state.selected) ? state.selected : runs[0].slot;
  return { ...state, runs, selected };
}

/**
 * From the state and what has been trained to what the controls and the views show.
 */

import { asked, keyOf } from "./wish.js";
import { problemOf } from "../state/catalog.js";
import { configsOf } from "../state/configs.js";
import { labelsOf } from "../state/labels.js";
import { GHOST, idOf, lookOf } from "../state/look.js";
import { planeConfig } from "../state/plane.js";
import { scalesOf } from "../views/registry.js";

/**
 * @typedef {import("../state/types.js").State} State
 * @typedef {import("../state/types.js").Catalog} Catalog
 * @typedef {import("../controls/parts/page.js").Page["runs"][number]} ShownRun
 * @typedef {import("./wish.js").Job} Job
 * @typedef {import("../api/resources.js").SurfaceView} SurfaceView
 * @typedef {import("../views/types.js").Data} Data
 *
 * @typedef {object} Trained  what the trainer knows
 * @property {(id: string) => import("./shown-runs.js").Shown | null} shown
 * @property {import("./surfaces.js").SurfaceShown | null} surface
 *
 * @typedef {object} Appearance
 * @property {(token: string) => string} color  the value of a design token
 * @property {import("../state/labels.js").Translate} t
 *
 * @typedef {object} Kept  what is known of runs that the server keeps
 * @property {(id: string) => import("../api/follower.js").Followed | null} get
 * @property {(id: string) => number} reached  the step that a path is drawn to
 */

/** @type {Kept} before anything is known of kept runs */
const NONE_KEPT = { get: () => null, reached: () => -1 };

/**
 * What is to be trained, in the order of the cards.
 *
 * @param {State} state
 * @param {Catalog} catalog
 * @param {Kept} [kept]
 * @returns {Job[]}
 */
export function jobsOf(state, catalog, kept = NONE_KEPT) {
  const configs = configsOf(state, problemOf(catalog, state.problem));
  return configs.map((config, index) => {
    const run = state.runs[index];
    const job = { id: idOf(run.slot), config };
    if (run.kept === undefined) return job;
    const { id } = run.kept;
    return { ...job, config: kept.get(id)?.document?.config ?? config, kept: { id, last: kept.reached(id) } };
  });
}

/**
 * What is looked at.
 *
 * @param {State} state
 * @param {Catalog} catalog
 * @param {number} [step]  that a slice lies through which follows the clock
 * @returns {SurfaceView}
 */
export function viewOf(state, catalog, step = 0) {
  const { kind, inputs = 2, outputs = 1 } = problemOf(catalog, state.problem);
  const { window } = state;
  if (kind === "function") return { plane: { kind }, window };
  return { plane: planeConfig(state, { inputs, outputs }, step), window };
}

/**
 * The selected run without what it freezes, to be seen beside it. One that is kept is trained for this from its config;
 * a fork is not, as it does not begin with its config.
 *
 * @param {State} state
 * @param {Pick<Job, "id" | "config">[]} jobs
 * @returns {Job | null}  null where it freezes nothing, or began in the middle of another one
 */
export function ghostOf(state, jobs) {
  const job = jobs.find(({ id }) => id === idOf(state.selected));
  if (job === undefined || beginningOf(state) > 0 || (job.config.freeze ?? []).length === 0) return null;
  const { freeze: _, ...config } = job.config;
  return { id: GHOST, config };
}

/**
 * The step at which the selected run begins.
 *
 * @param {Pick<State, "runs" | "selected">} state
 */
function beginningOf({ runs, selected }) {
  return runs.find(({ slot }) => slot === selected)?.kept?.first ?? 0;
}

/** @type {Omit<import("./shown-runs.js").Shown, "key">} */
const NOTHING = { history: null, stale: false, errors: [], queue: null };

/**
 * @param {State} state
 * @param {Catalog} catalog
 * @param {Trained} trained
 * @param {Kept} kept
 * @param {Appearance} appearance
 * @returns {ShownRun[]}  in the order of the cards
 */
export function runsOf(state, catalog, trained, kept, { color, t }) {
  const labels = labelsOf(state.runs, t);
  return jobsOf(state, catalog, kept).map((job, index) => {
    const { id, config } = job;
    const look = lookOf(state.runs[index].slot);
    const { history, stale, errors, queue } = trained.shown(id) ?? NOTHING;
    return {
      ...look,
      color: color(look.color),
      id,
      label: labels[index],
      config,
      request: asked(job),
      history,
      stale,
      errors,
      queue,
      ownRate: ownRateOf(config, catalog),
    };
  });
}

/**
 * @param {import("../state/types.js").RunConfig} config
 * @param {Catalog} catalog
 */
function ownRateOf({ optimizer }, { optimizers }) {
  return optimizers.find(({ name }) => name === optimizer.name)?.own_rate ?? null;
}

/**
 * What the views show. While the first records of a new problem are on their way, that is still the old one.
 *
 * @param {State} state
 * @param {Catalog} catalog
 * @param {ShownRun[]} runs
 * @param {Trained} trained
 * @param {{theme: "light" | "dark", language: string, unfrozen: string}} appearance  unfrozen: what the ghost is called
 * @returns {Data & {language: string}}
 */
export function dataOf(state, catalog, runs, trained, { unfrozen, ...appearance }) {
  const { surface } = trained;
  const problem = runs.find((run) => run.history !== null)?.history?.config.problem.name ?? state.problem;
  return {
    ...appearance,
    runs: runs.map((run) => (run.history?.config.problem.name === problem ? run : { ...run, history: null })),
    ghost: ghostRun(state, runs, trained, unfrozen),
    begins: beginningOf(state),
    selected: idOf(state.selected),
    problem: problemOf(catalog, problem),
    steps: state.steps,
    nothing: nothingOf(runs),
    surface: surface?.problem === problem ? surface : null,
    scales: scalesOf(state),
    mode: problemOf(catalog, problem).kind === "function" && state.mode === "data" ? "contour" : state.mode,
    window: state.window,
    arrows: state.arrows,
    network: state.network,
    parameter: state.parameter,
    element: state.element,
    quantity: state.quantity,
    meanings: meaningsOf(state, catalog),
    needs: needsOf(state, catalog),
  };
}

/**
 * The ghost, as soon as it has records: in the colour of the selected run.
 *
 * @param {State} state
 * @param {ShownRun[]} runs
 * @param {Trained} trained
 * @param {string} label
 * @returns {Data["ghost"]}
 */
function ghostRun(state, runs, trained, label) {
  const { history = null, key } = trained.shown(GHOST) ?? {};
  if (history === null) return null;
  const job = ghostOf(state, runs);
  const own = runs.find(({ id }) => id === idOf(state.selected));
  if (job === null || own === undefined || key !== keyOf(job)) return null;
  return {
    ...own,
    id: job.id,
    label,
    config: job.config,
    request: job.config,
    history,
    stale: false,
    errors: [],
  };
}

/**
 * Why no run has anything to draw, now or later: the server refuses all of them, or they broke off before a record.
 *
 * @param {ShownRun[]} runs
 * @returns {Data["nothing"]}
 */
function nothingOf(runs) {
  if (runs.every(({ errors }) => errors.length > 0)) return "refused";
  const isOver = runs.every(
    ({ errors, history }) => errors.length > 0 || (history?.isEmpty && history.ended !== null),
  );
  return isOver ? "broken" : null;
}

/**
 * What the optimizers of the selected run keep, in the words of the catalog.
 *
 * @param {State} state
 * @param {Catalog} catalog
 * @returns {Record<string, string>}  by torch's key
 */
function meaningsOf({ runs, selected }, { optimizers }) {
  const { optimizer } = runs.find(({ slot }) => slot === selected) ?? runs[0];
  const rest = /** @type {import("../state/types.js").Call | undefined} */ (optimizer.rest);
  const used = [rest?.name, optimizer.name].map((name) => optimizers.find((entry) => entry.name === name));
  const keys = used.flatMap((entry) => entry?.state_keys ?? []);
  return Object.fromEntries(keys.map(({ key, meaning }) => [key, meaning]));
}

/**
 * What the selected run's optimizer asks of the loop, and which schedulers ask for the loss.
 *
 * @param {State} state
 * @param {Catalog} catalog
 * @returns {import("../views/types.js").Needs}
 */
function needsOf({ runs, selected }, { optimizers, lr_schedulers: schedulers }) {
  const run = runs.find(({ slot }) => slot === selected) ?? runs[0];
  const optimizer = optimizers.find(({ name }) => name === run.optimizer.name);
  const metric = schedulers.filter(({ needs_metric: needs }) => needs === true).map(({ name }) => name);
  return { closure: optimizer?.closure === true, metric };
}

/**
 * From the state and what has been trained to what the controls and the views show.
 */

import { asked, keyOf } from "./wish.js";
import { problemIn } from "../state/points/problem.js";
import { configsOf, runOf } from "../state/configs.js";
import { differsInFreezing, parentOf } from "../state/kept-runs.js";
import { exactLabelsOf, labelsOf } from "../state/labels.js";
import { GHOST, idOf, lookOf } from "../state/look.js";
import { coversViews } from "../state/place.js";
import { shapesOn } from "../state/layers.js";
import { isWatchedCard } from "../state/watched.js";
import { planeConfig } from "../state/plane.js";
import { scalesOf } from "../views/registry.js";

/**
 * @typedef {import("../state/types.js").State} State
 * @typedef {import("../state/types.js").Call} Call
 * @typedef {import("../state/types.js").RunConfig} RunConfig
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
 * @typedef {object} Look
 * @property {"light" | "dark"} theme
 * @property {string} language
 * @property {{own: string, parent: string}} ghost  what it is called: parent where it is the run that a fork comes from
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
  const configs = configsOf(state, problemIn(catalog, state));
  return configs.map((config, index) => {
    const run = state.runs[index];
    const job = { id: idOf(run.slot), config };
    if (run.kept === undefined) return job;
    const { id } = run.kept;
    const followed = kept.get(id);
    if (isWatchedCard(run)) {
      const known =
        /** @type {RunConfig | undefined} */ (followed?.history?.config) ?? withoutProblem(config);
      return { ...job, config: known, kept: { id, last: -1 }, watched: /** @type {const} */ (true) };
    }
    return { ...job, config: followed?.document?.config ?? config, kept: { id, last: kept.reached(id) } };
  });
}

/**
 * What a card says of a watched run, before there is more.
 *
 * @param {RunConfig} config  of its card
 * @returns {RunConfig}
 */
function withoutProblem({ optimizer, lr_scheduler: scheduler }) {
  return { problem: { name: "" }, optimizer, ...(scheduler && { lr_scheduler: scheduler }) };
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
  const problem = problemIn(catalog, state);
  const { window } = state;
  if (problem.kind === "function") return { plane: { kind: problem.kind }, window };
  return { plane: planeConfig(state, shapesOn(problem, state.hidden), step), window };
}

/**
 * The selected run without what it freezes, to be seen beside it: trained for this from its config; of a fork, which does
 * not begin with its config, the run that it comes from.
 *
 * @param {State} state
 * @param {Pick<Job, "id" | "config">[]} jobs
 * @param {Kept} [kept]
 * @returns {Job | null}  null where it freezes nothing, or is a fork of which there is no such run
 */
export function ghostOf(state, jobs, kept = NONE_KEPT) {
  const job = jobs.find(({ id }) => id === idOf(state.selected));
  if (job === undefined || (job.config.freeze ?? []).length === 0) return null;
  if (beginningOf(state) > 0) return ghostOfFork(state, kept);
  const { freeze: _, ...config } = job.config;
  return { id: GHOST, config };
}

/**
 * @param {State} state
 * @param {Kept} kept
 * @returns {Job | null}
 */
function ghostOfFork(state, kept) {
  const id = parentOfSelected(state, kept);
  const [fork, parent] = [selectedKept(state, kept)?.document, id === null ? null : kept.get(id)?.document];
  if (id === null || !fork || !parent || !differsInFreezing(fork, parent)) return null;
  return { id: GHOST, config: parent.config, kept: { id, last: kept.reached(id) } };
}

/**
 * The run that the selected one is a fork of, to be followed for its sake.
 *
 * @param {Pick<State, "runs" | "selected">} state
 * @param {Pick<Kept, "get">} kept
 * @returns {string | null}  its id; null where it would be no ghost
 */
export function parentOfSelected(state, kept) {
  const fork = selectedKept(state, kept)?.document ?? null;
  return (fork?.config?.freeze ?? []).length === 0 ? null : parentOf(fork);
}

/**
 * @param {Pick<State, "runs" | "selected">} state
 * @param {Pick<Kept, "get">} kept
 */
function selectedKept({ runs, selected }, kept) {
  const own = runs.find(({ slot }) => slot === selected)?.kept;
  return own === undefined ? null : kept.get(own.id);
}

/**
 * The step at which the selected run begins.
 *
 * @param {Pick<State, "runs" | "selected">} state
 */
function beginningOf({ runs, selected }) {
  return runs.find(({ slot }) => slot === selected)?.kept?.first ?? 0;
}

/**
 * The step at which the selected run begins, where it is therefore not seen without what it freezes; 0 elsewhere, and as
 * long as that is not known.
 *
 * @param {State} state
 * @param {Pick<Job, "id" | "config">[]} jobs
 * @param {Kept} kept
 */
function aloneFrom(state, jobs, kept) {
  const parent = parentOfSelected(state, kept);
  const isKnown = selectedKept(state, kept)?.document && (parent === null || isSeen(kept.get(parent)));
  return isKnown && ghostOf(state, jobs, kept) === null ? beginningOf(state) : 0;
}

/** @param {import("../api/follower.js").Followed | null} followed */
function isSeen(followed) {
  return followed !== null && (followed.document !== null || followed.status === "gone");
}

/** @type {import("./shown-runs.js").Shown} */
const NOTHING = { key: "", history: null, stale: false, errors: [], queue: null };

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
  const exact = exactLabelsOf(state.runs, t);
  const jobs = jobsOf(state, catalog, kept);
  const drawn = drawnOf(state, jobs, trained, t);
  return jobs.map((job, index) => {
    const { id, config } = job;
    const look = lookOf(state.runs[index].slot);
    const { history, stale, errors, queue } = shownOf(state, trained, job);
    return {
      ...look,
      color: color(look.color),
      id,
      label: labels[index],
      exactLabel: exact[index],
      config,
      request: asked(job),
      watched: job.watched === true,
      history,
      stale,
      errors,
      queue,
      ownRate: ownRateOf(config, catalog),
      drawn: { ...drawn[index], ownRate: ownRateOf(drawn[index], catalog) },
      refused: errors.length > 0 && job.kept === undefined ? labels[index] : null,
    };
  });
}

/**
 * In a place that covers the views no run is trained, so that nothing takes the place of what an earlier setting came to.
 *
 * @param {Pick<State, "place">} state
 * @param {Trained} trained
 * @param {Job} job
 */
function shownOf({ place }, trained, job) {
  const shown = trained.shown(job.id) ?? NOTHING;
  return coversViews(place) && shown.key !== keyOf(job) ? { ...shown, history: null, stale: false } : shown;
}

/**
 * What the records on the screen are of: while those of an edit are on their way, or the edit is refused, that is the run
 * before it.
 *
 * @param {State} state
 * @param {Job[]} jobs
 * @param {Trained} trained
 * @param {import("../state/labels.js").Translate} t
 * @returns {{label: string, optimizer: Call}[]}
 */
function drawnOf(state, jobs, trained, t) {
  const runs = jobs.map((job, index) => {
    const { config, history, key } = trained.shown(job.id) ?? NOTHING;
    const isOther = config !== undefined && history !== null && key !== keyOf(job);
    return isOther ? runOf(config, state.runs[index].slot) : state.runs[index];
  });
  const labels = labelsOf(runs, t);
  return runs.map(({ optimizer }, index) => ({ label: labels[index], optimizer }));
}

/**
 * @param {Pick<import("../state/types.js").RunConfig, "optimizer">} config
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
 * @param {Kept} kept
 * @param {Look} look
 * @returns {Data & {language: string}}
 */
export function dataOf(state, catalog, runs, trained, kept, { ghost, ...appearance }) {
  const { surface } = trained;
  const selected = runs.find(({ id }) => id === idOf(state.selected)) ?? runs[0];
  const drawn = runs.find((run) => run.history !== null && !run.watched)?.history?.config.problem;
  const problem = drawn?.name ?? state.problem;
  const entry = problemIn(catalog, { problem, points: drawn === undefined ? state.points : drawn.points });
  return {
    ...appearance,
    runs: runs.map((run) =>
      run.watched || run.history?.config.problem.name === problem ? asDrawn(run) : { ...run, history: null },
    ),
    ghost: ghostRun(state, runs, trained, kept, ghost),
    aloneFrom: aloneFrom(state, runs, kept),
    selected: idOf(state.selected),
    problem: entry,
    steps: state.steps,
    nothing: nothingOf(runs),
    surface: surface?.problem === problem && runs.some(({ watched }) => !watched) ? surface : null,
    scales: scalesOf(state),
    mode: entry.kind !== "dataset" && state.mode === "data" ? "contour" : state.mode,
    window: state.window,
    arrows: state.arrows,
    network: state.network,
    parameter: state.parameter,
    element: state.element,
    quantity: state.quantity,
    meanings: meaningsOf(selected.drawn.optimizer, catalog),
    needs: needsOf(selected.drawn.optimizer, catalog),
  };
}

/**
 * A run under the name of that whose records it has.
 *
 * @param {ShownRun} run
 * @returns {ShownRun}
 */
function asDrawn(run) {
  const { label, ownRate } = run.drawn;
  return { ...run, label, ownRate };
}

/**
 * The ghost, as soon as it has records: in the colour of the selected run.
 *
 * @param {State} state
 * @param {ShownRun[]} runs
 * @param {Trained} trained
 * @param {Kept} kept
 * @param {Look["ghost"]} names
 * @returns {Data["ghost"]}
 */
function ghostRun(state, runs, trained, kept, names) {
  const { history = null, key } = trained.shown(GHOST) ?? {};
  if (history === null) return null;
  const job = ghostOf(state, runs, kept);
  const own = runs.find(({ id }) => id === idOf(state.selected));
  if (job === null || own === undefined || key !== keyOf(job)) return null;
  return {
    ...own,
    id: job.id,
    label: job.kept === undefined ? names.own : names.parent,
    config: job.config,
    request: asked(job),
    history,
    stale: false,
    errors: [],
    refused: null,
  };
}

/**
 * Why no run has anything to draw, now or later: the server refuses all of them, they broke off before a record, or none
 * was trained here.
 *
 * @param {ShownRun[]} all
 * @returns {Data["nothing"]}
 */
function nothingOf(all) {
  const runs = all.filter(({ watched }) => !watched);
  if (runs.length === 0) return "watched";
  if (runs.every(({ errors }) => errors.length > 0)) return "refused";
  const isOver = runs.every(
    ({ errors, history }) => errors.length > 0 || (history?.isEmpty && history.ended !== null),
  );
  return isOver ? "broken" : null;
}

/**
 * What the optimizers of a run keep, in the words of the catalog.
 *
 * @param {Call} optimizer
 * @param {Catalog} catalog
 * @returns {Record<string, string>}  by torch's key
 */
function meaningsOf(optimizer, { optimizers }) {
  const rest = /** @type {Call | undefined} */ (optimizer.rest);
  const used = [rest?.name, optimizer.name].map((name) => optimizers.find((entry) => entry.name === name));
  const keys = used.flatMap((entry) => entry?.state_keys ?? []);
  return Object.fromEntries(keys.map(({ key, meaning }) => [key, meaning]));
}

/**
 * What an optimizer asks of the loop, and which schedulers ask for the loss.
 *
 * @param {Call} used
 * @param {Catalog} catalog
 * @returns {import("../views/types.js").Needs}
 */
function needsOf(used, { optimizers, lr_schedulers: schedulers }) {
  const optimizer = optimizers.find(({ name }) => name === used.name);
  const metric = schedulers.filter(({ needs_metric: needs }) => needs === true).map(({ name }) => name);
  return { closure: optimizer?.closure === true, metric };
}

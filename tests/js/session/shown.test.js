import assert from "node:assert/strict";
import { test } from "node:test";

import {
  dataOf,
  ghostOf,
  jobsOf,
  parentOfSelected,
  runsOf,
  viewOf,
} from "../../../static/js/session/shown.js";
import { keyOf } from "../../../static/js/session/wish.js";
import { editRun } from "../../../static/js/state/edits.js";
import { defaultState } from "../../../static/js/state/address/table.js";
import { catalog } from "../catalog.js";
import { translatorOf } from "../languages.js";

const state = defaultState(catalog);
const rosenbrock = defaultState(catalog, "rosenbrock");
/** What is known of kept runs: there are none. */
const kept = { get: () => null, reached: () => -1 };
const color = (/** @type {string} */ token) => `the value of ${token}`;
const shownAs = { color, t: translatorOf("en").t };
const look = /** @type {const} */ ({
  theme: "light",
  language: "en",
  ghost: { own: "unfrozen", parent: "parent" },
});

/** What a trainer knows that has trained these runs on a problem. */
function trainedOn(/** @type {string} */ problem, /** @type {string[]} */ ids) {
  const history = { config: { problem: { name: problem } }, length: 5 };
  return /** @type {any} */ ({
    shown: (/** @type {string} */ id) => (ids.includes(id) ? { history, stale: false, errors: [] } : null),
    surface: { problem, response: {}, runs: ids, stale: false },
  });
}

test("Each card is trained, under its name.", () => {
  assert.deepEqual(
    jobsOf(state, catalog, kept).map(({ id, config }) => [id, config.problem.name]),
    [
      ["run-0", "xor"],
      ["run-1", "xor"],
      ["run-2", "xor"],
    ],
  );
});

test("A network is looked at on the chosen plane, a test function as it is.", () => {
  const window = /** @type {any} */ ([[0, 1], [2, 3]]); // prettier-ignore
  assert.deepEqual(viewOf(state, catalog, 7), { plane: { kind: "pca", through: "mean" }, window: null });
  assert.deepEqual(viewOf({ ...rosenbrock, window }, catalog, 7), { plane: { kind: "function" }, window });
});

test("A run has its label, its colour in the theme, and its records as soon as there are some.", () => {
  const [first, second] = runsOf(state, catalog, trainedOn("xor", ["run-1"]), kept, shownAs);
  assert.deepEqual([first.label, first.color, first.history], ["SGD", "the value of --run-0", null]);
  assert.equal(second.history?.length, 5);
});

test("Until an edit has records, the views name the run whose records they show, and what is refused.", () => {
  const trained = trainedOn("xor", ["run-0", "run-1", "run-2"]);
  const was = jobsOf(state, catalog, kept);
  const { shown } = trained;
  /** @type {any[]} */
  let errors = [];
  trained.shown = (/** @type {string} */ id) => {
    const job = was.find((job) => job.id === id);
    return { ...shown(id), key: job && keyOf(job), config: job?.config, ...(id === "run-0" && { errors }) };
  };
  const named = (/** @type {import("../../../static/js/state/types.js").State} */ state) => {
    const runs = runsOf(state, catalog, trained, kept, shownAs);
    const data = dataOf(state, catalog, runs, trained, kept, look);
    const [{ label, refused }] = data.runs;
    return { card: runs[0].label, label, refused, needs: data.needs.closure };
  };
  const lbfgs = { name: "LBFGS", hyperparameters: {} };
  const edited = { ...state, ...editRun(state, 0, { optimizer: lbfgs }), selected: 0 };
  assert.deepEqual(named(state), { card: "SGD", label: "SGD", refused: null, needs: false });
  assert.deepEqual(named(edited), { card: "LBFGS", label: "SGD", refused: null, needs: false });
  errors = [{ pointer: "/optimizer", detail: "" }];
  assert.deepEqual(named(edited), { card: "LBFGS", label: "SGD", refused: "LBFGS", needs: false });
});

test("In the place Tune, where no run is trained, a card that was edited has no records.", () => {
  const trained = trainedOn("xor", ["run-0", "run-1", "run-2"]);
  const { shown } = trained;
  const was = new Map(jobsOf(state, catalog, kept).map((job) => [job.id, keyOf(job)]));
  trained.shown = (/** @type {string} */ id) => ({ ...shown(id), key: was.get(id) });
  const lengths = (/** @type {import("../../../static/js/state/types.js").State} */ state) =>
    runsOf(state, catalog, trained, kept, shownAs).map(({ history }) => history?.length ?? 0);
  const edited = {
    ...state,
    ...editRun(state, 0, { optimizer: { name: "Adam", hyperparameters: { lr: 0.5 } } }),
  };
  assert.deepEqual(lengths({ ...state, place: "tune" }), [5, 5, 5]);
  assert.deepEqual(lengths({ ...edited, place: "tune" }), [0, 5, 5]);
  assert.deepEqual(lengths(edited), [5, 5, 5]);
});

test("While nothing of a new problem is there, the old one is shown, with its surface.", () => {
  const trained = trainedOn("xor", ["run-0", "run-1", "run-2"]);
  const runs = runsOf(rosenbrock, catalog, trained, kept, shownAs);
  const data = dataOf(rosenbrock, catalog, runs, trained, kept, look);
  assert.deepEqual([data.problem.name, data.surface?.runs.length], ["xor", 3]);
  assert.ok(data.runs.every((run) => run.history !== null));
});

test("The selected run without what it freezes is seen beside it, once it has its own records.", () => {
  const runs = state.runs.map((run) => ({ ...run, freeze: [{ params: ["fc2"] }] }));
  const frozen = { ...state, runs, selected: 1 };
  const ghost = ghostOf(frozen, jobsOf(frozen, catalog, kept));
  assert.equal(ghostOf(state, jobsOf(state, catalog, kept)), null);
  assert.deepEqual([ghost?.id, "freeze" in (ghost?.config ?? {})], ["ghost", false]);
  const seen = (/** @type {string} */ key) => {
    const trained = trainedOn("xor", ["run-1", "ghost"]);
    const { shown } = trained;
    trained.shown = (/** @type {string} */ id) => (id === "ghost" ? { ...shown(id), key } : shown(id));
    return dataOf(frozen, catalog, runsOf(frozen, catalog, trained, kept, shownAs), trained, kept, look)
      .ghost;
  };
  assert.equal(seen("of another run"), null);
  const beside = seen(JSON.stringify(ghost?.config));
  assert.deepEqual([beside?.label, beside?.color], ["unfrozen", "the value of --run-1"]);
});

/** A run that the server keeps, and a fork of it from step 20 that freezes fc2. */
const parent = { id: "parent", step: 60, config: { optimizer: { name: "SGD" }, freeze: [], steps: 60 } };
const restore = { optimizer: true, lr_scheduler: true };
const fork = {
  ...{ id: "fork", first: 20, step: 80, origin: { run: "parent", step: 20, restore } },
  config: { ...parent.config, freeze: [{ params: ["fc2"] }], steps: 80 },
};

test("The ghost of a fork is the run that it comes from, where what it freezes is all that parts them.", () => {
  const runs = [{ ...state.runs[0], kept: { id: "fork", first: 20, without: [] } }];
  const forked = /** @type {typeof state} */ ({ ...state, runs, selected: 0 });
  const seen = (/** @type {any} */ ofFork = {}, /** @type {any} */ ofParent = {}) => {
    const told = [{ ...fork, ...ofFork }, ofParent && { ...parent, ...ofParent }];
    const followed = told.map((document, i) => [["fork", "parent"][i], { document, status: "settled" }]);
    const known = {
      ...kept,
      get: (/** @type {string} */ id) => new Map(/** @type {any} */ (followed)).get(id),
    };
    const trained = trainedOn("xor", ["run-0"]);
    const shown = runsOf(forked, catalog, trained, known, shownAs);
    const { aloneFrom } = dataOf(forked, catalog, shown, trained, known, look);
    const job = ghostOf(forked, jobsOf(forked, catalog, known), known);
    return [job?.kept?.id ?? null, parentOfSelected(forked, known), aloneFrom];
  };
  assert.deepEqual(seen(), ["parent", "parent", 0]);
  assert.deepEqual(seen({}, null), [null, "parent", 0], "not known yet");
  assert.deepEqual(seen({ config: parent.config }), [null, null, 20], "it freezes nothing");
  assert.deepEqual(seen({}, { step: 20 }), [null, "parent", 20], "the parent ended where the fork begins");
  assert.deepEqual(seen({}, { config: fork.config }), [null, "parent", 20], "both freeze the same");
  const other = { ...parent.config, optimizer: { name: "Adam" } };
  assert.deepEqual(seen({}, { config: other }), [null, "parent", 20], "more was changed");
  const without = { run: "parent", step: 20, restore: { ...restore, optimizer: false } };
  assert.deepEqual(seen({ origin: without }), [null, null, 20], "it has not taken over all state");
  assert.deepEqual(
    seen({ origin: { checkpoint: true, step: 20 } }),
    [null, null, 20],
    "it comes from a file",
  );
});

test("The ghost of a fork has a name of its own.", () => {
  const runs = [{ ...state.runs[0], kept: { id: "fork", first: 20, without: [] } }];
  const forked = /** @type {typeof state} */ ({ ...state, runs, selected: 0 });
  const known = /** @type {any} */ ({
    ...kept,
    get: (/** @type {string} */ id) => ({ document: id === "fork" ? fork : parent }),
  });
  const trained = trainedOn("xor", ["run-0", "ghost"]);
  const { shown } = trained;
  const key = keyOf(/** @type {any} */ (ghostOf(forked, jobsOf(forked, catalog, known), known)));
  trained.shown = (/** @type {string} */ id) => (id === "ghost" ? { ...shown(id), key } : shown(id));
  const { ghost } = dataOf(
    forked,
    catalog,
    runsOf(forked, catalog, trained, known, shownAs),
    trained,
    known,
    look,
  );
  assert.deepEqual([ghost?.label, ghost?.request], ["parent", { id: "parent" }]);
});

test("Where no run has anything to draw, it is said whether they are refused or broke off.", () => {
  const nothingOf = (/** @type {any[]} */ shown) => {
    const trained = /** @type {any} */ ({
      shown: (/** @type {string} */ id) => ({
        stale: false,
        errors: [],
        queue: null,
        ...shown[Number(id.at(-1))],
      }),
      surface: null,
    });
    return dataOf(state, catalog, runsOf(state, catalog, trained, kept, shownAs), trained, kept, look)
      .nothing;
  };
  const config = { problem: { name: "xor" } };
  const broken = { history: { config, isEmpty: true, ended: { reason: "failed", step: 0 } } };
  const refused = { history: null, errors: [{ pointer: "", detail: "" }] };
  const coming = { history: { config, isEmpty: true, ended: null } };
  assert.equal(nothingOf([refused, refused, refused]), "refused");
  assert.equal(nothingOf([broken, refused, broken]), "broken");
  assert.equal(nothingOf([broken, refused, coming]), null);
});

test("A surface of another problem is not shown.", () => {
  const trained = { ...trainedOn("rosenbrock", ["run-0"]), surface: trainedOn("xor", []).surface };
  const data = dataOf(
    rosenbrock,
    catalog,
    runsOf(rosenbrock, catalog, trained, kept, shownAs),
    trained,
    kept,
    look,
  );
  assert.deepEqual([data.problem.name, data.surface], ["rosenbrock", null]);
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { dataOf, jobsOf, runsOf } from "../../../static/js/session/shown.js";
import { decodeState, encodeState } from "../../../static/js/state/address/address.js";
import { defaultState } from "../../../static/js/state/address/table.js";
import { chooseProblem } from "../../../static/js/state/choose-problem.js";
import { addRun } from "../../../static/js/state/edits.js";
import { addKept, isComparable, misfits, refreshKept } from "../../../static/js/state/kept-runs.js";
import { labelsOf } from "../../../static/js/state/labels.js";
import { knownConfig, trainable } from "../../../static/js/state/watched.js";
import { VIEW_KEYS } from "../../../static/js/views/registry.js";
import { catalog } from "../catalog.js";
import { translatorOf } from "../languages.js";
import { watchedDocument, watchedHistory, watchedStart } from "../watched-run.js";

const { t } = translatorOf("en");
const state = defaultState(catalog);
const added = { ...state, ...addKept(state, catalog, watchedDocument()) };
const card = added.runs[added.runs.length - 1];
const alone = { ...added, runs: [card], selected: card.slot };
const history = watchedHistory();
/** What is known of kept runs: this one, with its records. */
const kept = /** @type {any} */ ({
  get: (/** @type {string} */ id) => (id === "w1" ? { document: watchedDocument(), history } : null),
  reached: () => -1,
});

test("A watched run gets a card of its own beside the others: its name, and what its loop made.", () => {
  assert.equal(added.runs.length, state.runs.length + 1);
  assert.equal(added.selected, card.slot);
  assert.deepEqual(card.optimizer, { name: "Adam", hyperparameters: { lr: 0.05, betas: [0.8, 0.9] } });
  assert.equal(card.lr_scheduler?.name, "StepLR");
  assert.equal(labelsOf(added.runs, t).at(-1), "mine");
  assert.deepEqual(labelsOf(added.runs, t).slice(0, -1), labelsOf(state.runs, t));
  assert.deepEqual(addKept(added, catalog, watchedDocument()), { selected: card.slot });
});

test("Only one that was recorded whole can be compared, and none is on another problem.", () => {
  assert(isComparable(watchedDocument()));
  assert(!isComparable(watchedDocument({ whole: 0 })));
  const elsewhere = { ...added, ...chooseProblem(added, catalog, "rosenbrock") };
  assert.deepEqual(elsewhere.runs.at(-1), card);
  assert.deepEqual(
    misfits(/** @type {any} */ (elsewhere), catalog, () => watchedDocument()),
    [],
  );
});

test("An address says a watched run, of whatever class its optimizer is, and a rename reaches its card.", () => {
  const own = {
    ...watchedDocument(),
    source: { optimizers: [{ name: "Mine", groups: [{ lr: 1, foreach: false }] }] },
  };
  const shown = { ...state, ...addKept(state, catalog, own) };
  const { state: read, unread } = decodeState(encodeState(shown, catalog, VIEW_KEYS), catalog, VIEW_KEYS);
  assert.deepEqual([read.runs.at(-1), unread], [shown.runs.at(-1), []]);
  const renamed = refreshKept(shown, catalog, { ...own, name: "12" });
  assert.equal(renamed.runs?.at(-1)?.kept?.watched, "12");
  const { state: again } = decodeState(
    encodeState({ ...shown, ...renamed }, catalog, VIEW_KEYS),
    catalog,
    VIEW_KEYS,
  );
  assert.equal(again.runs.at(-1)?.kept?.watched, "12");
  assert.deepEqual(refreshKept(shown, catalog, own), {});
});

test("A further run is a copy of one that can be trained; where none can, of what the problem suggests.", () => {
  assert.deepEqual(addRun(added).runs?.at(-1)?.optimizer, state.runs.at(-1)?.optimizer);
  const suggested = addRun(alone, undefined, () => state.runs).runs ?? [];
  assert.deepEqual(suggested.at(-1)?.optimizer, state.runs.at(-1)?.optimizer);
  assert.equal(suggested.at(-1)?.kept, undefined);
});

test("What trains leaves watched runs out, and has what the problem suggests where nothing is left.", () => {
  assert.deepEqual(trainable(added, () => []).runs, state.runs);
  assert.equal(trainable(added, () => []).selected, 0);
  assert.deepEqual(trainable(alone, () => state.runs).runs, state.runs);
  assert.equal(
    trainable(state, () => []),
    state,
  );
});

test("In the place of a config stands what is known, with the group of each parameter.", () => {
  const { layers } = watchedStart();
  const groups = [{ lr: 0.1 }, { lr: 0.2 }];
  const two = layers.map((/** @type {any} */ layer, /** @type {number} */ i) => ({ ...layer, group: i }));
  const known = knownConfig({ source: { optimizers: [{ name: "SGD", groups }] }, layers: two });
  assert.deepEqual(
    known.optimizer.param_groups.map(({ params }) => params),
    [["fc1.weight", "fc1.bias"], ["fc2.weight", "fc2.bias"]], // prettier-ignore
  );
  assert.equal(knownConfig({ source: {}, layers: null }).optimizer.name, "");
});

const trained = /** @type {any} */ ({
  shown: () => ({ history, stale: false, errors: [], queue: null }),
  surface: { problem: state.problem, response: {}, runs: [], stale: false },
});
const look = /** @type {const} */ ({ theme: "light", language: "en", ghost: { own: "", parent: "" } });

test("A watched run is followed and drawn beside ours; alone it has no surface, and that is said.", () => {
  const jobs = jobsOf(added, catalog, kept);
  assert.deepEqual(
    jobs.map(({ watched }) => watched === true),
    [...state.runs.map(() => false), true],
  );
  const shownOf = (/** @type {any} */ of) => {
    const runs = runsOf(of, catalog, trained, kept, { color: () => "", t });
    return dataOf(of, catalog, runs, trained, kept, look);
  };
  const data = shownOf(alone);
  assert.deepEqual([data.nothing, data.surface, data.runs[0].history], ["watched", null, history]);
  assert.equal(data.runs[0].watched, true);
});

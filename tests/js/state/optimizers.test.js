import assert from "node:assert/strict";
import { test } from "node:test";

import { changeOptimizer, changeRest } from "../../../static/js/state/optimizers.js";
import { rateSource } from "../../../static/js/state/suggested-rates.js";
import { chooseProblem } from "../../../static/js/state/choose-problem.js";
import { defaultState } from "../../../static/js/state/address/table.js";
import { createStore } from "../../../static/js/store.js";
import { Undo } from "../../../static/js/session/undo.js";
import { editRun } from "../../../static/js/state/edits.js";
import { catalog as plain } from "../catalog.js";

const rated = (/** @type {number} */ value) => [{ name: "lr", kind: "float", default: value, minimum: 0 }];
const lbfgs = { name: "LBFGS", hyperparameters: rated(1), param_groups: false, closure: true };
const adadelta = { name: "Adadelta", hyperparameters: rated(1) };
const muon = { name: "Muon", hyperparameters: rated(0.001), matrices_only: true };
const adamw = { name: "AdamW", hyperparameters: rated(0.001) };
/** @type {any} */
const catalog = { ...plain, optimizers: [...plain.optimizers, lbfgs, adadelta, muon] };
const place = { catalog, problem: catalog.problems[0], steps: 300 };
const named = (/** @type {string} */ name) =>
  catalog.optimizers.find((/** @type {any} */ one) => one.name === name);
const sgd = (/** @type {any} */ hyperparameters) => ({ name: "SGD", hyperparameters });
/** Through optimizers, one after another. */
const through = (/** @type {any} */ run, /** @type {string[]} */ ...names) =>
  names.reduce((now, name) => changeOptimizer(now, named(name), place), run);

test("The rate of an optimizer is what the problem suggests, else its default, whatever way one came.", () => {
  for (const way of [["Adam"], ["LBFGS", "Adam"], ["Adadelta", "LBFGS", "Adam"]]) {
    assert.deepEqual(through({ optimizer: sgd({ lr: 0.3 }) }, ...way).optimizer, {
      name: "Adam",
      hyperparameters: { lr: 0.05 },
    });
  }
  assert.deepEqual(through({ optimizer: sgd({ lr: 0.3 }) }, "Adadelta").optimizer.hyperparameters, {});
});

test("Coming back to an optimizer gives it the rate that was chosen for it, and what the others cannot carry.", () => {
  const chosen = sgd({ lr: 0.3, momentum: 0.8 });
  assert.deepEqual(through({ optimizer: chosen }, "LBFGS", "Adam", "SGD").optimizer, chosen);
});

test("A default that was chosen in the place of a suggestion is remembered as well.", () => {
  const there = through({ optimizer: { name: "Adam", hyperparameters: {} } }, "SGD");
  assert.deepEqual(there.earlier, [{ name: "Adam", hyperparameters: { lr: 0.001 } }]);
  assert.deepEqual(through(there, "Adam").optimizer, { name: "Adam", hyperparameters: {} });
});

test("A rate that nobody chose is not remembered: there is nothing to remember.", () => {
  assert.equal(through({ optimizer: sgd({ lr: 0.1 }) }, "Adam").earlier, undefined);
});

test("A suggestion is for a momentum, and of another momentum it is said.", () => {
  const source = (/** @type {any} */ given) => rateSource(place.problem, named("SGD"), sgd(given));
  assert.deepEqual(
    [{ lr: 0.1 }, { lr: 0.05, momentum: 0.9 }, { lr: 0.1, momentum: 0.9 }].map((given) => {
      const found = source(given);
      return found?.kind === "suggested" ? found.fits : found;
    }),
    [true, true, false],
  );
  assert.deepEqual([source({}), source({ lr: 7 })], [{ kind: "default" }, { kind: "chosen" }]);
  assert.equal(rateSource({ ...place.problem, rates: undefined }, named("SGD"), sgd({})), null);
});

test("Groups stay, with the values that the next optimizer knows, and come back after one that takes none.", () => {
  const groups = [{ params: ["fc1"], lr: 0.5, momentum: 0.9, from_step: 9 }, { params: ["fc2"] }];
  const run = { optimizer: { ...sgd({ lr: 0.1 }), param_groups: groups } };
  const onAdam = [{ params: ["fc1"], lr: 0.5, from_step: 9 }, { params: ["fc2"] }];
  assert.deepEqual(
    through(run, "Adam").optimizer.param_groups.map((/** @type {any} */ group) => ({ ...group })),
    onAdam,
  );
  const without = through(run, "LBFGS");
  assert.equal("param_groups" in without.optimizer, false);
  assert.deepEqual(through(without, "SGD").optimizer.param_groups, groups);
});

test("An optimizer of matrices leaves the rest to the one before it, if that can share a step.", () => {
  const call = { name: "Adam", hyperparameters: { lr: 0.3, betas: [0.8, 0.9] } };
  const changed = through({ optimizer: call }, "Muon");
  assert.deepEqual(changed.optimizer, { name: "Muon", hyperparameters: {}, rest: call });
  assert.deepEqual(through(changed, "Adam").optimizer, call);
  const fromLbfgs = through({ optimizer: { name: "LBFGS", hyperparameters: {} } }, "Muon");
  assert.deepEqual(fromLbfgs.optimizer.rest, sgd({ lr: 0.1 }));
});

test("What the rest has is remembered as what the card has.", () => {
  const run = { optimizer: { name: "Muon", hyperparameters: {}, rest: sgd({ lr: 0.7 }) } };
  const known = { ...place, catalog: { ...catalog, optimizers: [...catalog.optimizers, adamw] } };
  const changed = changeRest(run, /** @type {any} */ (adamw), known);
  assert.deepEqual(changed.optimizer.rest, { name: "AdamW", hyperparameters: {} });
  assert.deepEqual(changeRest(changed, named("SGD"), known).optimizer.rest, sgd({ lr: 0.7 }));
});

test("On another problem, a rate that nobody chose is what that one suggests.", () => {
  const state = defaultState(catalog);
  const [run] = state.runs;
  /** @param {any} optimizer */
  const lrThere = (optimizer) =>
    chooseProblem({ ...state, runs: [{ ...run, optimizer }] }, catalog, "seed-example").runs?.[0].optimizer
      .hyperparameters.lr;
  assert.equal(lrThere({ name: "Adam", hyperparameters: { lr: 0.05, amsgrad: true } }), 0.5);
  assert.equal(lrThere({ name: "Adam", hyperparameters: { lr: 0.06, amsgrad: true } }), 0.06);
  assert.equal(lrThere({ name: "Adadelta", hyperparameters: {} }), undefined);
});

test("What a card remembers is undone with the edit that it came by.", () => {
  const store = createStore(defaultState(catalog));
  const undo = new Undo(store, () => 0);
  const before = store.get().runs;
  const next = changeOptimizer({ optimizer: sgd({ lr: 9 }) }, named("Adam"), place);
  store.set(editRun(store.get(), 0, next));
  assert.equal(store.get().runs[0].earlier?.length, 1);
  undo.undo();
  assert.deepEqual(store.get().runs, before);
});

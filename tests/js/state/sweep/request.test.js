import assert from "node:assert/strict";
import { test } from "node:test";

import { defaultState } from "../../../../static/js/state/address/table.js";
import { RATES } from "../../../../static/js/state/sweep/axis.js";
import { asksOf, holds, mappedRuns, seedsOf, uprightOf } from "../../../../static/js/state/sweep/request.js";
import { catalog } from "../../catalog.js";

const state = defaultState(catalog, "xor");
const [xor] = catalog.problems.filter(({ name }) => name === "xor");
const momentum = { path: "/optimizer/hyperparameters/momentum", values: [0, 0.9] };

test("Runs that differ by their optimizers alone share a sweep.", () => {
  const { asks, lacking } = asksOf(state, catalog, [RATES], [1, 2]);
  assert.deepEqual(lacking, []);
  assert.equal(asks.length, 1);
  assert.deepEqual(
    asks[0].slots,
    state.runs.map(({ slot }) => slot),
  );
  assert.deepEqual(
    asks[0].body.optimizers,
    state.runs.map(({ optimizer }) => optimizer),
  );
  assert.deepEqual(asks[0].body.seeds, [1, 2]);
});

test("A run with a schedule of its own is swept by itself.", () => {
  const [first, ...rest] = state.runs;
  const scheduled = { ...first, lr_scheduler: { name: "StepLR", hyperparameters: { step_size: 3 } } };
  const { asks } = asksOf({ ...state, runs: [scheduled, ...rest] }, catalog, [RATES], undefined);
  assert.deepEqual(
    asks.map(({ slots }) => slots),
    [[0], rest.map(({ slot }) => slot)],
  );
});

test("A run without a field of an axis is told, and not asked for.", () => {
  const { asks, lacking } = asksOf(state, catalog, [RATES, momentum], undefined);
  const without = state.runs.filter(({ optimizer }) => optimizer.name !== "SGD").map(({ slot }) => slot);
  assert.deepEqual(
    lacking,
    without.map((slot) => ({ slot, path: momentum.path })),
  );
  assert.ok(asks.flatMap(({ slots }) => slots).every((slot) => !without.includes(slot)));
});

test("Only what is known to lack a field is said to lack it.", () => {
  const config = /** @type {any} */ ({ optimizer: { name: "SGD", hyperparameters: {} } });
  const cases = /** @type {const} */ ([
    ["/optimizer/hyperparameters/momentum", true],
    ["/optimizer/hyperparameters/betas/0", false],
    ["/optimizer/param_groups/0/lr", false],
    ["/lr_scheduler/hyperparameters/gamma", false],
    ["/batch_size", true],
  ]);
  for (const [path, is] of cases) assert.equal(holds(config, path, catalog), is, path);
});

test("Seeds begin at the page's own, those that judge behind those that tune.", () => {
  const own = { ...state, seed: 44, sweep: { ...state.sweep, seeds: 2 } };
  assert.deepEqual(seedsOf(own, xor), [44, 45]);
  assert.deepEqual(seedsOf(own, xor, 2, 3), [46, 47, 48]);
  assert.equal(seedsOf({ ...own, weights: {} }, xor), undefined);
});

test("What stands upright is the seeds of a network, and the start of a function.", () => {
  const bowl = /** @type {any} */ ({ ...xor, kind: "function", bounds: [[-2, 2], [-1, 1]] }); // prettier-ignore
  assert.equal(uprightOf(state, xor), null);
  assert.equal(uprightOf(state, bowl)?.path, "/model/start/0");
  const chosen = { ...state, sweep: { ...state.sweep, y: momentum } };
  assert.equal(uprightOf(chosen, bowl), momentum);
});

test("A map is of all runs, or of the selected one; a fork has none.", () => {
  const fork = { ...state.runs[1], kept: { id: "a", first: 9, without: [] } };
  const runs = [state.runs[0], fork, ...state.runs.slice(2)];
  const slots = (/** @type {any} */ change) =>
    mappedRuns({ ...state, runs, ...change }).map(({ slot }) => slot);
  assert.deepEqual(slots({}), [0, ...runs.slice(2).map(({ slot }) => slot)]);
  assert.deepEqual(slots({ selected: 2, tune: { ...state.tune, of: "selected" } }), [2]);
});

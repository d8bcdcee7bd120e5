import assert from "node:assert/strict";
import { test } from "node:test";

import { DEFAULTS_V1 } from "../../../../static/js/state/address/defaults-v1.js";
import { axisKind } from "../../../../static/js/state/sweep/axis.js";
import { defaultState } from "../../../../static/js/state/address/table.js";
import { fieldsOf } from "../../../../static/js/state/sweep/fields.js";
import { runsWithout } from "../../../../static/js/state/sweep/varied.js";
import { presetOf, presetsFor } from "../../../../static/js/state/sweep/presets.js";
import { catalog } from "../../catalog.js";

const state = defaultState(catalog, "xor");

test("Every field that is offered can be written in an address and read again.", () => {
  const fields = fieldsOf(state, catalog);
  assert.ok(fields.length > 4);
  for (const axis of fields) assert.deepEqual(axisKind.decode(axisKind.encode(axis)), axis);
});

test("The fields of the selected run are offered.", () => {
  const paths = (/** @type {number} */ selected) =>
    fieldsOf({ ...state, selected }, catalog).map(({ path }) => path);
  const [sgd] = state.runs.filter(({ optimizer }) => optimizer.name === "SGD");
  const [adam] = state.runs.filter(({ optimizer }) => optimizer.name === "Adam");
  assert.ok(paths(sgd.slot).includes("/optimizer/hyperparameters/momentum"));
  assert.ok(!paths(adam.slot).includes("/optimizer/hyperparameters/momentum"));
});

test("Every preset that is offered gives a map of one of its axes.", () => {
  const offered = presetsFor(state, catalog);
  assert.ok(offered.includes("rates") && offered.includes("batch") && offered.includes("decay"));
  for (const name of offered) {
    const next = { ...state, ...presetOf(state, catalog, name) };
    assert.ok(
      next.runs.some(({ slot }) => slot === next.selected),
      name,
    );
    assert.notDeepEqual([next.sweep, next.tune], [DEFAULTS_V1.page.sweep, DEFAULTS_V1.page.tune], name);
  }
});

test("A preset leaves no schedule for the next one, and brings a network where it needs one.", () => {
  const warm = { ...state, ...presetOf(state, catalog, "warmup") };
  for (const name of ["decay", "rates", "batch"]) {
    const { runs } = { ...warm, ...presetOf(warm, catalog, name) };
    assert.ok(runs.every(({ lr_scheduler: scheduler }) => scheduler === null), name); // prettier-ignore
  }
});

test("What is of batches, seeds and weights brings a network to the page of a test function.", () => {
  const functions = catalog.problems.map((one) => (one.name === "xor" ? { ...one, name: "moons" } : one));
  const withMoons = { ...catalog, problems: functions };
  const point = defaultState(withMoons, "rosenbrock");
  for (const name of ["decay", "warmup", "batch"])
    assert.equal(presetOf(point, withMoons, name).problem, "moons", name);
});

test("Beside a map a run is named without what its axes vary.", () => {
  const rates = { path: "/optimizer/hyperparameters/lr", values: [0.1, 1] };
  const map = { ...state, sweep: { ...state.sweep, x: rates, y: null } };
  const names = (/** @type {any} */ of) => runsWithout(of).map(({ optimizer }) => "lr" in optimizer.hyperparameters); // prettier-ignore
  assert.ok(names(map).every((has) => !has));
  assert.ok(names({ ...map, tune: { ...state.tune, kind: "basins" } }).some((has) => has));
});

test("Adam and AdamW decay side by side, at the rate that the problem suggests for each, whatever the selected run has.", () => {
  const [sgd] = state.runs.filter(({ optimizer }) => optimizer.name === "SGD");
  const suggested = state.runs.find(({ optimizer }) => optimizer.name === "Adam")?.optimizer.hyperparameters
    .lr;
  const { runs, sweep } = presetOf({ ...state, selected: sgd.slot }, catalog, "decay");
  assert.equal(runs?.[0].optimizer.hyperparameters.lr, suggested);
  assert.notEqual(suggested, sgd.optimizer.hyperparameters.lr);
  assert.deepEqual(runs?.map(({ optimizer }) => optimizer.name), ["Adam", "AdamW"]); // prettier-ignore
  assert.equal(sweep?.y?.path, "/optimizer/hyperparameters/weight_decay");
});

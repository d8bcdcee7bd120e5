import assert from "node:assert/strict";
import { test } from "node:test";

import { defaultState } from "../../../static/js/state/address/table.js";
import {
  NETWORK,
  atRate,
  dropStart,
  freezeLayer,
  otherKind,
  ratesToTry,
  runToChange,
  runToRaise,
} from "../../../static/js/state/offers.js";
import { catalog as known } from "../catalog.js";

const [xor, , rosenbrock] = known.problems;
const catalog = { ...known, problems: [...known.problems, { ...xor, name: NETWORK }] };
const onFunction = defaultState(catalog, "rosenbrock");
const onNetwork = defaultState(catalog, "xor");

test("The rate of the selected run is doubled, as far as its optimizer takes it.", () => {
  const raised = /** @type {any} */ (runToRaise({ ...onNetwork, selected: 2 }, catalog));
  assert.equal(raised.lr, 0.05);
  assert.deepEqual(ratesToTry(raised.run, 0.05, catalog).slice(0, 3), [0.1, 0.2, 0.4]);
  assert.deepEqual(ratesToTry(raised.run, 2e8, catalog), [4e8, 8e8]);
  assert.deepEqual(atRate(raised.run, 0.4, catalog).optimizer, {
    name: "Adam",
    hyperparameters: { lr: 0.4 },
  });
});

test("Of a run that the server keeps there is no rate to raise, and nothing to change.", () => {
  const [first, ...others] = onNetwork.runs;
  const runs = [{ ...first, kept: { id: "a", first: 0, without: [] } }, ...others];
  const state = { ...onNetwork, runs, selected: first.slot };
  assert.deepEqual([runToRaise(state, catalog), runToChange(state)], [null, null]);
  assert.equal(runToChange({ ...state, selected: others[0].slot }), others[0]);
});

test("The second layer is frozen first, then the others, and one must train.", () => {
  let state = onNetwork;
  const frozen = [];
  for (let found = freezeLayer(state, catalog, xor); found; found = freezeLayer(state, catalog, xor)) {
    frozen.push(found.layer);
    state = { ...state, ...found.patch };
  }
  assert.deepEqual(frozen, ["fc2", "fc3"]);
});

test("On a function a layer is frozen in the network that comes with it, in one edit.", () => {
  const { layer, patch } = /** @type {any} */ (freezeLayer(onFunction, catalog, rosenbrock));
  assert.equal(patch.problem, NETWORK);
  assert.deepEqual(patch.runs[0].freeze, [{ params: [layer] }]);
});

test("A start is dropped well within the bounds, and a network begins with other weights.", () => {
  const bounded = { ...rosenbrock, bounds: [[-2, 2], [0, 10]] }; // prettier-ignore
  const ends = [0, 1].map((at) => dropStart(onFunction, bounded, () => at).patch.start);
  assert.deepEqual(ends, [[-1.4, 1.5], [1.4, 8.5]]); // prettier-ignore
  assert.deepEqual(dropStart(onNetwork, xor, () => 0.5).patch, { seed: 500, weights: null });
});

test("The way to a network leads back to where a bare address begins.", () => {
  assert.equal(otherKind(onFunction, catalog, rosenbrock).problem, NETWORK);
  assert.equal(otherKind(onNetwork, catalog, xor).problem, "xor");
});

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  addKept,
  cardOf,
  changesOf,
  misfits,
  refreshKept,
  releaseKept,
  same,
  withoutRuns,
} from "../../../static/js/state/kept-runs.js";
import { configsOf } from "../../../static/js/state/configs.js";
import { decodeState, encodeState } from "../../../static/js/state/address/address.js";
import { defaultState } from "../../../static/js/state/address/table.js";
import { VIEW_KEYS } from "../../../static/js/views/registry.js";
import { catalog } from "../catalog.js";

const [xor] = catalog.problems;
const state = defaultState(catalog);

/** The document of a kept run, with its config as the server completes it. */
function kept(changes = {}, config = {}) {
  const [first] = configsOf(state, xor);
  const optimizer = {
    name: "SGD",
    hyperparameters: { lr: 0.1, momentum: 0, nesterov: false },
    param_groups: null,
    rest: null,
  };
  return /** @type {any} */ ({
    id: "3f9a0c7d21be",
    name: "SGD on xor",
    first: 0,
    origin: null,
    config: {
      ...first,
      optimizer,
      lr_scheduler: null,
      freeze: [{ params: ["fc2"], from_step: 0, to_step: null, clear_grad: true }],
      clip_grad: null,
      batch_size: null,
      ...config,
    },
    ...changes,
  });
}

test("The card of a kept run says what makes it, without what is torch's default.", () => {
  const card = cardOf(kept(), catalog);
  assert.deepEqual(card.kept, { id: "3f9a0c7d21be", first: 0, without: [] });
  assert.deepEqual(card.freeze, [{ params: ["fc2"] }]);
  assert.equal(card.optimizer.hyperparameters.lr, 0.1);
  assert.equal("rest" in card.optimizer, false);
});

test("A fork remembers where it began, and what it did not take over.", () => {
  const origin = { run: "a", step: 50, restore: { optimizer: false, lr_scheduler: false }, notes: [] };
  const card = cardOf(kept({ first: 50, origin }), catalog);
  assert.deepEqual(card.kept, { id: "3f9a0c7d21be", first: 50, without: ["optimizer"] });
});

test("A kept run comes beside the others, once.", () => {
  const more = { ...state, ...addKept(state, catalog, kept()) };
  assert.equal(more.runs.length, state.runs.length + 1);
  assert.equal(more.selected, more.runs[more.runs.length - 1].slot);
  assert.deepEqual(addKept(more, catalog, kept()), { selected: more.selected });
});

test("A link to a kept run comes back as it was.", () => {
  const more = { ...state, ...addKept(state, catalog, kept({ first: 50 })) };
  const { state: read, unread } = decodeState(encodeState(more, catalog, VIEW_KEYS), catalog, VIEW_KEYS);
  assert.deepEqual([unread, read.runs, read.selected], [[], more.runs, more.selected]);
  assert.equal(encodeState(read, catalog, VIEW_KEYS), encodeState(more, catalog, VIEW_KEYS));
});

test("A kept run of another problem takes the comparison there.", () => {
  const other = kept({}, { problem: { name: "rosenbrock" }, model: { start: [3, 3] } });
  const next = { ...state, ...addKept(state, catalog, other) };
  assert.deepEqual([next.problem, next.start], ["rosenbrock", [3, 3]]);
});

test("What was trained on something else does not fit, whatever its seed and its steps.", () => {
  const more = { ...state, ...addKept(state, catalog, kept()) };
  const look = () => kept();
  assert.deepEqual(misfits({ ...more, seed: 99, steps: 7 }, catalog, look), []);
  const points = { x: [[1]], y: [1], loss: "mse_loss", held_out: 0, standardize: false };
  for (const change of [
    { hidden: [4] },
    { problem: "rosenbrock" },
    { dtype: "float64" },
    { samples: 7 },
    { points },
  ]) {
    const leaving = misfits({ .../** @type {any} */ (more), ...change }, catalog, look);
    assert.deepEqual(leaving.map((run) => run.kept?.id), ["3f9a0c7d21be"]); // prettier-ignore
  }
});

test("A comparison keeps a run to change when all of its kept runs leave.", () => {
  const alone = { ...state, ...addKept({ ...state, runs: [] }, catalog, kept()) };
  const left = withoutRuns(alone, alone.runs);
  assert.deepEqual(left.runs?.map((run) => run.kept), [undefined]); // prettier-ignore
});

test("A card that is released can be changed; the others stay kept.", () => {
  const one = { ...state, ...addKept(state, catalog, kept()) };
  const two = { ...one, ...addKept(one, catalog, kept({ id: "b" })) };
  const { runs = [] } = releaseKept(two, one.selected);
  assert.deepEqual(runs.slice(-2).map((run) => run.kept?.id), [undefined, "b"]); // prettier-ignore
});

test("What the server says of a run is what its card shows.", () => {
  const more = { ...state, ...addKept(state, catalog, kept()) };
  assert.deepEqual(refreshKept(more, catalog, kept()), {});
  const { runs } = refreshKept(more, catalog, kept({ first: 9 }));
  assert.equal(runs?.[runs.length - 1].kept?.first, 9);
});

test("The changes of a fork are a merge patch: what is dropped is null, another class comes whole.", () => {
  const before = cardOf(kept(), catalog);
  const lr = { ...before, optimizer: { name: "SGD", hyperparameters: { lr: 0.01 } } };
  assert.deepEqual(changesOf(before, before), {});
  assert.deepEqual(changesOf(before, lr), { optimizer: { hyperparameters: { lr: 0.01 } } });
  const bare = { ...before, optimizer: { name: "SGD", hyperparameters: {} }, freeze: [] };
  assert.deepEqual(changesOf(before, bare), { optimizer: { hyperparameters: { lr: null } }, freeze: [] });
  const adam = { ...before, optimizer: { name: "Adam", hyperparameters: { lr: 0.01 } } };
  assert.deepEqual(changesOf(before, adam), { optimizer: adam.optimizer });
  const step = { name: "StepLR", hyperparameters: { step_size: 10 } };
  assert.deepEqual(changesOf(before, { ...before, lr_scheduler: step }), { lr_scheduler: step });
  assert.deepEqual(changesOf({ ...before, lr_scheduler: step }, before), { lr_scheduler: null });
});

test("Values are the same whatever the order of their keys.", () => {
  assert.ok(same({ a: [1, { b: null }], c: 2 }, { c: 2, a: [1, { b: null }] }));
  for (const other of [{ a: 1, b: undefined }, { a: 2 }, [1], null]) assert.ok(!same({ a: 1 }, other));
});

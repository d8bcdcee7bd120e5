import assert from "node:assert/strict";
import { test } from "node:test";

import { MOST_ENTRIES, Undo, editedPlaces } from "../../../static/js/session/undo.js";
import { addressTable, defaultState } from "../../../static/js/state/address/table.js";
import { addRun, editRun, removeRun } from "../../../static/js/state/edits.js";
import { planeOf } from "../../../static/js/state/plane.js";
import { createStore } from "../../../static/js/store.js";
import { VIEW_KEYS } from "../../../static/js/views/registry.js";
import { catalog } from "../catalog.js";

function setUp() {
  const clock = { now: 0 };
  const initial = { ...defaultState(catalog), language: null, step: 7 };
  const store = createStore(initial);
  const undo = new Undo(store, () => clock.now);
  /** @param {any} change */
  const edit = (change) => {
    undo.part();
    store.set(change);
  };
  return { clock, initial, store, undo, edit };
}

/** @type {[string, (state: any) => any][]} */
const EDITS = [
  ["a run is added", (state) => addRun(state)],
  ["a layer is locked", (state) => editRun(state, 0, { freeze: [{ params: ["fc2"] }] })],
  [
    "a recipe is changed",
    (state) => editRun(state, 0, { clip_grad: { name: "clip_grad_norm_", max_norm: 1 } }),
  ],
  ["another problem", () => ({ problem: "moons", hidden: [8, 8], steps: 50 })],
  ["another plane", () => ({ plane: planeOf("eigen") })],
  ["a start", () => ({ start: [1, 2] })],
  ["a run is removed", (state) => removeRun(state, state.runs[0].slot)],
];

for (const [name, change] of EDITS) {
  test(`Undone and redone: ${name}.`, () => {
    const { store, undo, edit, initial } = setUp();
    edit(change);
    const edited = store.get();
    undo.undo();
    assert.deepEqual(store.get(), initial);
    assert(!undo.canUndo && undo.canRedo);
    undo.redo();
    assert.deepEqual(store.get(), edited);
    assert(undo.canUndo && !undo.canRedo);
  });
}

test("All edits are undone one after the other, and redone to the same states.", () => {
  const { store, undo, edit } = setUp();
  const states = [store.get()];
  for (const [, change] of EDITS) states.push((edit(change), store.get()));
  for (const state of states.slice(0, -1).reverse()) assert.deepEqual((undo.undo(), store.get()), state);
  for (const state of states.slice(1)) assert.deepEqual((undo.redo(), store.get()), state);
});

test("How the page is looked at, and where the clock stands, stays.", () => {
  const { store, undo, edit } = setUp();
  edit({ steps: 40 });
  edit({ theme: "dark", step: 20, panel: "step", selected: 1, mode: "3d", window: [[0, 1], [0, 1]] }); // prettier-ignore
  undo.undo();
  const { theme, step, panel, selected, mode } = store.get();
  assert.deepEqual({ theme, step, panel, selected, mode }, { theme: "dark", step: 20, panel: "step", selected: 1, mode: "3d" }); // prettier-ignore
  assert(!undo.canUndo);
});

test("The map that an edit of runs asked for goes with them, back and forth; one that was asked for alone stays.", () => {
  const { store, undo, edit } = setUp();
  const { tune } = store.get();
  const preset = { ...tune, of: "selected" };
  edit({ steps: 50, tune: preset });
  edit({ steps: 60 });
  edit({ tune: { ...preset, kind: "curve" } });
  undo.undo();
  assert.deepEqual([store.get().steps, store.get().tune.kind], [50, "curve"]);
  undo.undo();
  assert.deepEqual(store.get().tune, tune);
  undo.redo();
  assert.deepEqual([store.get().steps, store.get().tune.kind], [50, "curve"]);
});

test("The step that an edit left goes back with it; where the clock stands else, stays.", () => {
  const { store, undo, edit } = setUp();
  edit({ problem: "moons", step: null });
  edit({ seed: 5 });
  store.set({ step: 3 }, "page");
  undo.undo();
  assert.equal(store.get().step, 3);
  undo.undo();
  assert.equal(store.get().step, 7);
});

test("A run that was removed is selected again when it comes back.", () => {
  const { store, undo, edit } = setUp();
  edit({ selected: 1 });
  edit((/** @type {any} */ state) => removeRun(state, 1));
  assert.notEqual(store.get().selected, 1);
  undo.undo();
  assert.equal(store.get().selected, 1);
});

test("A drag is one entry, however long it takes and whatever it changes.", () => {
  const { clock, store, undo, initial } = setUp();
  undo.part();
  undo.hold(true);
  for (const start of [
    [0, 1],
    [0, 2],
    [5, 2],
  ]) {
    clock.now += 5000;
    store.set({ start: /** @type {any} */ (start) });
  }
  undo.hold(false);
  undo.undo();
  assert.deepEqual(store.get(), initial);
  assert(!undo.canUndo);
});

test("Keys that change one thing quickly are one entry; another thing or a pause begins another.", () => {
  const { clock, store, undo } = setUp();
  for (const steps of [11, 12, 13]) store.set({ steps });
  clock.now = 400;
  store.set({ seed: 5 });
  clock.now = 2000;
  store.set({ seed: 6 });
  undo.undo();
  assert.equal(store.get().seed, 5);
  undo.undo();
  assert.equal(store.get().steps, 13);
  undo.undo();
  assert(!undo.canUndo);
});

test("What the page changes by itself is no edit, and what is undone can still be redone after it.", () => {
  const { store, undo, edit } = setUp();
  edit({ steps: 40 });
  undo.undo();
  store.set({ seed: 99 }, "page");
  store.set((state) => ({ plane: /** @type {any} */ ({ ...state.plane, axes: [1, -2] }) }), "page");
  assert(!undo.canUndo);
  undo.redo();
  assert.equal(store.get().steps, 40);
});

test("An edit after undoing begins another future.", () => {
  const { undo, edit } = setUp();
  edit({ steps: 40 });
  undo.undo();
  edit({ steps: 50 });
  assert(!undo.canRedo);
});

test("So many edits are kept, and no more.", () => {
  const { store, undo, edit } = setUp();
  for (let seed = 1; seed <= MOST_ENTRIES + 20; seed += 1) edit({ seed });
  for (let i = 0; i < MOST_ENTRIES; i += 1) undo.undo();
  assert.equal(store.get().seed, 20);
  assert(!undo.canUndo);
});

test("With nothing to undo or redo, nothing happens.", () => {
  const { store, undo, initial } = setUp();
  undo.undo();
  undo.redo();
  assert.equal(store.get(), initial);
});

test("Everything that an address says is either edited or looked at.", () => {
  const state = defaultState(catalog);
  const fields = new Set(addressTable(catalog, VIEW_KEYS).map(({ field }) => field));
  const edited = [...fields].filter(
    (field) => editedPlaces(state, { ...state, [field]: "something else" }).length > 0,
  );
  assert.equal(
    edited.join(" "),
    "problem samples noise dataSeed expression bounds points hidden activation seed weights start steps dtype " +
      "batchSize batchSeed runs sweep plane",
  );
});

test("An edit is told by its place.", () => {
  const state = defaultState(catalog);
  const next = { ...state, ...editRun(state, 0, { freeze: [{ params: ["fc2"] }] }), step: 5 };
  assert.deepEqual(editedPlaces(state, next), ["runs.0.freeze"]);
  assert.deepEqual(editedPlaces(state, { ...state, seed: state.seed + 1, theme: "dark" }), ["seed"]);
});

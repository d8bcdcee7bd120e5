import assert from "node:assert/strict";
import { test } from "node:test";

import {
  driftOf,
  driftsWithin,
  layerKind,
  thawOf,
  timesPlain,
} from "../../../../static/js/views/drawing/frozen.js";
import { freezeNotes } from "../../../../static/js/views/network/freeze-notes.js";
import { historyOf } from "../../drawn.js";

const SHAPES = { "fc1.weight": [2], "fc2.weight": [2], "fc3.weight": [2] };
const WINDOW = { params: ["fc2"], from_step: 3, to_step: 6, clear_grad: true };
const format = (/** @type {number} */ value) => value.toFixed(1);

/**
 * Records of twelve steps of which fc2 is frozen in 4 to 6: moving by `moves(k)` a step, with these gradients there.
 *
 * @param {{freeze?: any[], moves?: (k: number) => number, held?: "None" | "zero" | "old", decay?: number, memory?: boolean}} [options]
 */
function recorded({
  freeze = [WINDOW],
  moves = (k) => Number(k < 4 || k > 6),
  held = "None",
  decay = 0,
  memory = false,
} = {}) {
  const isHeld = (/** @type {number} */ k) => k > 3 && k <= 6;
  let place = 0;
  const places = Array.from({ length: 12 }, (_, k) => (place += k === 0 ? 0 : moves(k)));
  const history = historyOf(SHAPES, 12, (k, _, name) => (name.startsWith("fc2") ? places[k] : k), {
    config: { freeze, optimizer: { name: "SGD", hyperparameters: { weight_decay: decay } } },
    frozen: (/** @type {string} */ layer, /** @type {number} */ k) =>
      layer === "fc2" && held === "None" && isHeld(k),
    grad: (/** @type {number} */ k, _, /** @type {string} */ name) =>
      isHeld(k) && name.startsWith("fc2") ? Number(held === "old") : 1,
  });
  history.stateKeys = () => (memory ? ["momentum_buffer"] : []);
  history.state = (_, __, k) => (memory && k > 0 ? Float32Array.of(1, 2) : null);
  return history;
}

const kinds = (/** @type {ReturnType<typeof recorded>} */ history) =>
  [3, 4, 6, 7].map((k) => layerKind(history, history.layers[1], k));

test("A layer without gradients that keeps its values is frozen, and has thawed after it.", () => {
  assert.deepEqual(kinds(recorded()), ["trains", "frozen", "frozen", "thaws"]);
});

test("A frozen layer that moves drifts, whatever its rule says; why is read from its gradient.", () => {
  const moves = () => 1;
  for (const [held, decay, memory, drift] of /** @type {const} */ ([
    ["zero", 0, true, "memory"],
    ["zero", 0.1, false, "decay"],
    ["zero", 0.1, true, "both"],
    ["old", 0, true, "stale"],
    ["None", 0, false, "unasked"],
  ])) {
    const history = recorded({ moves, held, decay, memory });
    assert.deepEqual(kinds(history), ["trains", "drifts", "drifts", "thaws"]);
    assert.equal(driftOf(history, "fc2.weight", 5), drift);
    assert.equal(driftsWithin(history, { name: "fc2", from: 3, to: 6 }), true);
    assert.equal(freezeNotes(history, 5, format)[0].key, `views.freeze.drift.${drift}`);
  }
  assert.equal(driftsWithin(recorded(), { name: "fc2", from: 3, to: 6 }), false);
});

test("A rule that only looks like freezing freezes nothing, and what has no gradient by itself is not frozen.", () => {
  const moving = recorded({ freeze: [{ ...WINDOW, by: "eval" }], moves: () => 1, held: "old" });
  assert.deepEqual(kinds(moving), ["trains", "trains", "trains", "trains"]);
  assert.deepEqual(kinds(recorded({ freeze: [] })), ["trains", "none", "none", "trains"]);
});

test("The first step after a thaw is measured in −lr · .grad, and what was kept is named.", () => {
  const history = recorded({ moves: (k) => (k === 7 ? 2.7 : Number(k < 4 || k > 6)), memory: true });
  assert.deepEqual(thawOf(history, "fc2.weight", 9), { step: 7, since: 3, kept: ["momentum_buffer"] });
  assert.equal(timesPlain(history, ["fc2.weight"], 7).toFixed(3), "27.000");
  const [note] = freezeNotes(history, 9, format);
  assert.deepEqual([note.key, note.kind], ["views.freeze.thaw.kept", "thaws"]);
  assert.deepEqual(note.params, {
    layer: "fc2",
    step: 7,
    times: "27.0",
    keys: ["momentum_buffer"],
    since: 3,
  });
  assert.equal(freezeNotes(recorded(), 7, format)[0].key, "views.freeze.thaw.fresh");
});

/** @type {[string, string[], string[], Record<string, unknown>][]} */
const FLOWS = [
  ["through one layer", ["fc2"], ["frozen", "flows"], { layers: ["fc2"], layer: "fc1" }],
  ["through two", ["fc2", "fc3"], ["frozen", "frozen", "flows"], { layers: ["fc2", "fc3"], layer: "fc1" }],
  ["no further than to what trains first", ["fc1", "fc2"], ["frozen", "frozen", "stops"], { layer: "fc3" }],
  ["through the head to what trains first", ["fc1", "fc3"], ["frozen", "frozen", "stops", "flows"], { layers: ["fc3"], layer: "fc2" }], // prettier-ignore
];

for (const [where, layers, keys, params] of FLOWS) {
  test(`The gradient flows ${where}.`, () => {
    const history = historyOf(SHAPES, 4, () => 0, {
      config: { freeze: layers.map((layer) => ({ params: [layer] })) },
      frozen: (/** @type {string} */ layer) => layers.includes(layer),
    });
    const found = freezeNotes(history, 2, format);
    assert.deepEqual(
      found.map(({ key }) => key.replace("views.network.", "")),
      keys,
    );
    const { norm: _, ...rest } = /** @type {any} */ (found.at(-1)?.params);
    assert.deepEqual(rest, params);
    assert.equal(freezeNotes(history, 0, format).length, found.length);
  });
}

test("Where no gradient arrives, that is said.", () => {
  const history = historyOf(SHAPES, 4, () => 0, {
    config: { freeze: [{ params: ["fc2"] }] },
    frozen: (/** @type {string} */ layer) => layer === "fc2",
    grad: (/** @type {number} */ _, __, /** @type {string} */ name) => Number(!name.startsWith("fc1")),
  });
  assert.equal(freezeNotes(history, 2, format).at(-1)?.key, "views.network.blocked");
});

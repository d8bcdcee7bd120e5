import assert from "node:assert/strict";
import { test } from "node:test";

import {
  freezeAllLike,
  gradualUnfreezing,
  isParted,
  lockOf,
  movedTo,
  rulesOf,
  thawOrder,
  toggleLock,
  windowsFrom,
  windowsOf,
  withChange,
  withEnd,
  withWindow,
} from "../../../static/js/state/freezing.js";
import { tellNoGhost } from "../../../static/js/state/freezing-words.js";
import { defaultState } from "../../../static/js/state/address/table.js";
import { catalog } from "../catalog.js";
import { translatorOf } from "../languages.js";

/** @typedef {import("../../../static/js/state/types.js").Freeze} Freeze */

const window = (
  /** @type {string} */ name,
  from = 0,
  /** @type {number | null} */ to = null,
  clears = true,
) => ({
  name,
  from,
  to,
  clears,
});
const rule = (/** @type {string} */ name, /** @type {Partial<Freeze>} */ rest = {}) => ({
  params: [name],
  ...rest,
});

test("A rule of several layers is a window of each, and an edit makes each of them a rule.", () => {
  /** @type {Freeze[]} */
  const freeze = [{ params: ["fc1", "fc2"], from_step: 5, to_step: 9 }];
  assert.deepEqual(windowsOf(freeze), [window("fc1", 5, 9), window("fc2", 5, 9)]);
  assert.deepEqual(withChange(freeze, window("fc2", 5, 9), { to: 12 }), [
    rule("fc1", { from_step: 5, to_step: 9 }),
    rule("fc2", { from_step: 5, to_step: 12 }),
  ]);
  assert.deepEqual(withChange(freeze, window("fc1", 5, 9), null), [
    rule("fc2", { from_step: 5, to_step: 9 }),
  ]);
});

/** @type {[string, ReturnType<typeof window>[], Freeze[]][]} */
const TIDIED = [
  ["Windows that meet are one.", [window("fc2", 0, 5), window("fc2", 9, 12), window("fc2", 5, 10)], [rule("fc2", { to_step: 12 })]], // prettier-ignore
  ["Windows apart stay apart.", [window("fc2", 0, 5), window("fc2", 6, 9)], [rule("fc2", { to_step: 5 }), rule("fc2", { from_step: 6, to_step: 9 })]], // prettier-ignore
  ["Windows that keep .grad are others.", [window("fc2", 0, 5), window("fc2", 3, 9, false)], [rule("fc2", { to_step: 5 }), rule("fc2", { from_step: 3, to_step: 9, clear_grad: false })]], // prettier-ignore
  ["A window of all parameters is the layer's.", [window("fc2.weight", 3, 9), window("fc2.bias", 3, 9)], [rule("fc2", { from_step: 3, to_step: 9 })]], // prettier-ignore
  ["What the layer says is not said of its parameter.", [window("fc2", 3, 9), window("fc2.bias", 4, 9)], [rule("fc2", { from_step: 3, to_step: 9 })]], // prettier-ignore
  ["What the layer does not say is.", [window("fc2", 3, 9, false), window("fc2.bias", 4, 9)], [rule("fc2", { from_step: 3, to_step: 9, clear_grad: false }), rule("fc2.bias", { from_step: 4, to_step: 9 })]], // prettier-ignore
];

for (const [says, windows, rules] of TIDIED) test(says, () => assert.deepEqual(rulesOf(windows), rules));

test("A rule keeps what else it says.", () => {
  const freeze = /** @type {any} */ ([{ params: ["fc2"], by: "detach" }]);
  assert.deepEqual(withChange(freeze, windowsOf(freeze)[0], { from: 4 }), [
    { params: ["fc2"], from_step: 4, by: "detach" },
  ]);
  assert.equal(withWindow(freeze, window("fc2", 0, null)).length, 2);
});

test("The ends of a window stay a step apart and within the run; one at the last step lasts.", () => {
  const between = { from: 10, to: 30 };
  assert.deepEqual(withEnd(between, "start", 12.4, 100), { from: 12, to: 30 });
  assert.deepEqual(withEnd(between, "start", 40, 100), { from: 29, to: 30 });
  assert.deepEqual(withEnd(between, "start", -3, 100), { from: 0, to: 30 });
  assert.deepEqual(withEnd(between, "end", 2, 100), { from: 10, to: 11 });
  assert.deepEqual(withEnd(between, "end", 101, 100), { from: 10, to: null });
  assert.deepEqual(withEnd({ from: 5, to: null }, "start", 200, 100), { from: 99, to: null });
  assert.deepEqual(withEnd({ from: 0, to: 30 }, "end", -4, 100), { from: 0, to: 0 });
});

test("A window that moves keeps its length and stays within the run.", () => {
  assert.deepEqual(movedTo({ from: 10, to: 30 }, 15, 100), { from: 15, to: 35 });
  assert.deepEqual(movedTo({ from: 10, to: 30 }, -5, 100), { from: 0, to: 20 });
  assert.deepEqual(movedTo({ from: 10, to: 30 }, 95, 100), { from: 80, to: null });
});

test("A lock says whether a layer is frozen never, for a while or all the time.", () => {
  const locks = (/** @type {Freeze[]} */ freeze) => ["fc1", "fc2"].map((layer) => lockOf(freeze, layer, 100));
  assert.deepEqual(locks([]), ["open", "open"]);
  assert.deepEqual(locks([rule("fc2")]), ["open", "whole"]);
  assert.deepEqual(locks([rule("fc2", { from_step: 10, to_step: 30 })]), ["open", "window"]);
  assert.deepEqual(locks([rule("fc2.bias"), rule("fc1", { to_step: 100 })]), ["whole", "window"]);
  assert.deepEqual(locks([rule("fc2.bias"), rule("fc2.weight")]), ["open", "whole"]);
  assert.deepEqual(locks([rule("fc2", { from_step: 100 })]), ["open", "open"]);
});

test("Of a fork there are the windows after it begins, and what is left of one that it begins in.", () => {
  const windows = [window("fc1", 0, 20), window("fc1", 10), window("fc2", 30, 40)];
  assert.deepEqual(windowsFrom(windows, 20), [window("fc1", 20), window("fc2", 30, 40)]);
  assert.deepEqual(windowsFrom(windows, 0), windows);
});

test("A layer is frozen in part where a parameter of it has a window of its own.", () => {
  assert.deepEqual(
    [[], [rule("fc1")], [rule("fc1"), rule("fc1.bias")], [rule("fc2.bias")]].map((freeze) =>
      isParted(freeze, "fc1"),
    ),
    [false, false, true, false],
  );
});

test("An open lock closes for the whole run; any other opens, and all windows of its layer go.", () => {
  const others = rule("fc1", { to_step: 5 });
  const locked = toggleLock([others], "fc2", 100);
  assert.deepEqual(locked, [others, rule("fc2")]);
  assert.deepEqual(toggleLock(locked, "fc2", 100), [others]);
  assert.deepEqual(
    toggleLock([rule("fc2", { to_step: 5 }), rule("fc2.bias", { from_step: 9 })], "fc2", 100),
    [],
  );
});

test("Gradual unfreezing leaves the head alone and thaws the layers below it one by one.", () => {
  assert.deepEqual(gradualUnfreezing(["fc1", "fc2", "fc3", "fc4"], 100), [
    rule("fc1", { to_step: 75 }),
    rule("fc2", { to_step: 50 }),
    rule("fc3", { to_step: 25 }),
  ]);
});

test("The windows of one run can be those of all.", () => {
  const state = defaultState(catalog);
  const freeze = [rule("fc1", { from_step: 3 })];
  const runs = state.runs.map((run) => (run.slot === 1 ? { ...run, freeze } : run));
  const change = freezeAllLike({ ...state, runs }, 1);
  assert.deepEqual(
    change.runs?.map((run) => run.freeze),
    [freeze, freeze, freeze],
  );
});

test("Where layers thaw one after another, their order is known, head first; else there is none.", () => {
  const layers = ["fc1", "fc2", "fc3"];
  const order = [
    { layer: "fc3", from: 1 },
    { layer: "fc2", from: 34 },
    { layer: "fc1", from: 68 },
  ];
  assert.deepEqual(thawOrder(gradualUnfreezing(layers, 100), layers, 100), order);
  const frozen = (/** @type {ReturnType<typeof window>[]} */ ...windows) =>
    thawOrder(rulesOf(windows), layers, 100);
  assert.equal(frozen(), null);
  assert.equal(frozen(window("fc1", 0, 30), window("fc2", 0, 60)), null);
  assert.equal(frozen(window("fc1", 0, 60), window("fc2", 10, 30)), null);
  assert.equal(frozen(window("fc1"), window("fc2", 0, 30)), null);
  assert.equal(frozen(window("fc1.weight", 0, 60), window("fc2", 0, 30)), null);
});

test("Of a fork that freezes something it is said in words why it has no ghost.", () => {
  const [en, zh] = ["en", "zh"].map((code) => translatorOf(code).t);
  assert.match(tellNoGhost([rule("fc1")], 20, en), /^No ghost: this run begins at step 20/);
  assert.match(tellNoGhost([rule("fc1")], 20, zh), /第 20 步开始/);
  for (const [freeze, begins] of /** @type {const} */ ([
    [[], 20],
    [[rule("fc1")], 0],
  ]))
    // prettier-ignore
    assert.equal(tellNoGhost([...freeze], begins, en), "");
});

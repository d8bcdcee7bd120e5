import assert from "node:assert/strict";
import { test } from "node:test";

import { elementsAt, holdingsOf, linesOf, verdictOf } from "../../../../static/js/views/step/step-words.js";
import { historyOf } from "../../drawn.js";

const SHAPES = { "fc1.weight": [2, 2], "fc2.weight": [2, 2], "fc2.bias": [2] };
const PLAIN = { closure: false, metric: [] };
const SGD = { optimizer: { name: "SGD", hyperparameters: {} } };

/** A run whose gradient is 1 everywhere, and whose every step takes `step` off. */
const descent = (config = {}, { step = 0.1, ...options } = {}) =>
  historyOf(SHAPES, 6, (k) => 1 - step * k, { config: { ...SGD, ...config }, ...options });

const codes = (/** @type {any} */ lines) => lines.map((/** @type {any} */ { code }) => code);
const said = (/** @type {any} */ lines, /** @type {string} */ part) =>
  lines.find((/** @type {any} */ line) => line.part === part).said;

test("The lines are those of the tutorial, with the numbers of the step.", () => {
  const lines = linesOf(descent(), 2, "F.mse_loss(model(x), y)", PLAIN);
  assert.deepEqual(codes(lines), [
    "optimizer.zero_grad()",
    "loss = F.mse_loss(model(x), y)",
    "loss.backward()",
    "optimizer.step()",
  ]);
  assert.deepEqual(said(lines, "forward"), [{ key: "loss", params: { step: 2, value: "0.3333" } }]);
  assert.deepEqual(said(lines, "backward"), [{ key: "filled", params: { norm: "2.000" } }]);
});

test("What departs from the tutorial's loop is written as it was run.", () => {
  const loop = { zero_grad: false, scheduler_first: true };
  const config = { loop, lr_scheduler: { name: "StepLR" } };
  const lines = linesOf(descent(config), 2, "f(x, y)", PLAIN);
  assert.deepEqual(codes(lines).slice(0, 2), ["scheduler.step()", "# optimizer.zero_grad()"]);
  assert.deepEqual(said(lines, "zero_grad"), [{ key: "adds" }]);
  const zeros = linesOf(descent({ loop: { set_to_none: false } }), 2, "f(x, y)", PLAIN);
  assert.equal(zeros[0].code, "optimizer.zero_grad(set_to_none=False)");
});

const ORDERS = [
  [
    "zero_grad before the step",
    ["forward", "loss", "backward", "zero_grad", "optimizer_step", "scheduler_step"],
    ["loss = f(x, y)", "loss.backward()", "optimizer.zero_grad()", "optimizer.step()", "scheduler.step()"],
    ["backward", "thrownAway"],
  ],
  [
    "the step before backward",
    ["zero_grad", "forward", "loss", "optimizer_step", "backward", "scheduler_step"],
    ["optimizer.zero_grad()", "loss = f(x, y)", "optimizer.step()", "loss.backward()", "scheduler.step()"],
    ["backward", "unseen"],
  ],
  [
    "no scheduler.step",
    ["zero_grad", "forward", "loss", "backward", "optimizer_step"],
    ["optimizer.zero_grad()", "loss = f(x, y)", "loss.backward()", "optimizer.step()", "# scheduler.step()"],
    ["schedule", "never"],
  ],
];

for (const [name, order, written, [part, key]] of ORDERS)
  test(`The lines follow the order of the loop: ${name}.`, () => {
    const config = { loop: { order }, lr_scheduler: { name: "StepLR" } };
    const lines = linesOf(descent(config), 2, "f(x, y)", PLAIN);
    assert.deepEqual(codes(lines), written);
    assert.deepEqual(said(lines, part), [{ key }]);
  });

test("Clipping after the step is too late, and accumulated passes and their precision are said.", () => {
  const order = ["zero_grad", "forward", "loss", "backward", "optimizer_step", "clip"];
  const config = { loop: { order }, clip_grad: { name: "clip_grad_norm_", max_norm: 1 } };
  assert.deepEqual(said(linesOf(descent(config), 2, "f(x, y)", PLAIN), "clip"), [{ key: "clippedLate" }]);
  const loop = { accumulate: 4, autocast: "bfloat16" };
  const lines = linesOf(descent({ loop }), 2, "f(x, y)", PLAIN);
  assert.deepEqual(
    said(lines, "forward").map(({ key }) => key),
    ["passes", "loss", "lowPrecision"],
  );
  assert.equal(codes(lines)[2], "(loss / 4).backward()");
});

test("Where the graph is cut, nobody is called frozen.", () => {
  const freeze = [{ params: ["fc2"], by: "detach", from_step: 1 }];
  const history = descent({ freeze }, { frozen: () => true });
  assert.equal(said(linesOf(history, 2, "f(x, y)", PLAIN), "backward").at(-1).key, "cut");
  assert.equal(said(linesOf(history, 1, "f(x, y)", PLAIN), "backward").at(-1).key, "noGrad");
});

test("A second optimizer is called in every line that calls the first.", () => {
  const config = { optimizer: { name: "Muon", rest: { name: "Adam" } }, lr_scheduler: { name: "StepLR" } };
  const text = codes(linesOf(descent(config), 2, "f(x, y)", PLAIN)).join("\n");
  for (const call of ["optimizers[1].zero_grad()", "optimizers[1].step()", "schedulers[1].step()"])
    assert.ok(text.includes(call), call);
});

test("The schedule says where it stands, and waits between two of its steps.", () => {
  const lr = (/** @type {number} */ k) => (k < 3 ? 0.1 : 0.05);
  const history = descent({ lr_scheduler: { name: "StepLR", interval: 2 } }, { lr });
  const at = (/** @type {number} */ k) => linesOf(history, k, "f(x, y)", PLAIN).at(-1);
  assert.deepEqual(at(2)?.said, [
    { key: "epoch", params: { epoch: 1 } },
    { key: "rates", params: { from: "[0.1000]", to: "[0.05000]" } },
  ]);
  assert.deepEqual(at(3), {
    part: "schedule",
    code: "# scheduler.step()",
    said: [{ key: "waits", params: { interval: 2, left: 1 } }],
  });
});

test("A scheduler is called with the loss or the epoch, and of a hand-over one part.", () => {
  const needs = { closure: false, metric: ["ReduceLROnPlateau"] };
  const lr = () => Array(9).fill(0.1);
  const called = (/** @type {any} */ scheduler, /** @type {number} */ k) => {
    const line = linesOf(descent({ lr_scheduler: scheduler }, { lr }), k, "f(x, y)", needs).at(-1);
    return [line?.code, line?.said[0].params?.epoch];
  };
  const plateau = { name: "ReduceLROnPlateau" };
  const warm = { name: "CosineAnnealingWarmRestarts", epoch_steps: 2 };
  const handed = { name: "HandOver", schedulers: [{ name: "LinearLR" }, plateau], milestones: [1] };
  assert.deepEqual(called(plateau, 2), ["scheduler.step(loss.item())", 2]);
  assert.deepEqual(called(handed, 1), ["schedulers[0].step()", 1]);
  assert.deepEqual(called(handed, 2), ["schedulers[1].step(loss.item())", 1]);
  assert.deepEqual(called(warm, 2), ["scheduler.step(0 + 1 / 2)", 0]);
});

test("What is averaged follows the step, before its schedule.", () => {
  const config = { average: { name: "EMA" }, lr_scheduler: { name: "ExponentialLR" } };
  const history = descent(config, { lr: () => Array(9).fill(0.1) });
  history.averageLoss = () => 0.25;
  const parts = linesOf(history, 1, "f(x, y)", PLAIN).map(({ part }) => part);
  assert.deepEqual(parts.slice(-3), ["step", "average", "schedule"]);
  const [line] = linesOf(history, 1, "f(x, y)", PLAIN).slice(-2);
  assert.equal(line.code, "averaged.update_parameters(model)");
  assert.deepEqual(line.said, [{ key: "averaged", params: { value: "0.2500" } }]);
});

test("Clipping says whether it bit.", () => {
  const history = descent({ clip_grad: { name: "clip_grad_norm_", max_norm: 1 } });
  for (const [after, key] of /** @type {[number, string][]} */ ([
    [1, "clipped"],
    [2, "unclipped"],
  ])) {
    // prettier-ignore
    history.clippedGradNorm = () => after;
    const line = linesOf(history, 1, "f(x, y)", PLAIN).find(({ part }) => part === "clip");
    assert.equal(line?.code, "nn.utils.clip_grad_norm_(model.parameters(), max_norm=1)");
    assert.equal(line?.said[0].key, key);
  }
});

test("What is frozen is named, as a layer where the whole of it is, and the optimizer passes it over.", () => {
  const frozen = (/** @type {string} */ layer) => layer === "fc2";
  const history = historyOf(SHAPES, 3, (k, _, name) => (name.startsWith("fc2") ? 1 : 1 - 0.1 * k), {
    config: { ...SGD, freeze: [{ params: ["fc2"] }] },
    frozen,
  });
  const lines = linesOf(history, 1, "f(x, y)", PLAIN);
  assert.deepEqual(said(lines, "backward")[1], { key: "none", params: { names: ["fc2"] } });
  assert.equal(verdictOf(history, "fc2.bias", 1).key, "passedOver");
  assert.deepEqual(elementsAt(history, "fc2.bias", 1)[0], { before: 1, grad: null, plain: null, update: 0 });
});

test("What is frozen and moves, and what has just thawed, is told from any other step.", () => {
  const freeze = [{ params: ["fc2"], from_step: 1, to_step: 2, clear_grad: false }];
  const history = descent(
    { ...SGD, freeze },
    { grad: (k, _, name) => Number(k !== 2 || !name.startsWith("fc2")) },
  );
  const lines = linesOf(history, 2, "f(x, y)", PLAIN);
  assert.deepEqual(said(lines, "backward").at(-1), { key: "keepsZero", params: { names: ["fc2"] } });
  assert.equal(verdictOf(history, "fc2.bias", 2).key, "views.freeze.drift.decay");
  assert.equal(verdictOf(history, "fc2.bias", 3).key, "views.freeze.thaw.fresh");
  assert.equal(verdictOf(history, "fc1.weight", 3).key, "plain");
});

test("A closure is counted by what the optimizer keeps.", () => {
  const history = descent();
  history.state = (_, key, k) => (key === "func_evals" ? Float32Array.of(10 * k) : null);
  const lines = linesOf(history, 2, "f(x, y)", { closure: true, metric: [] });
  assert.equal(lines.at(-1)?.code, "optimizer.step(closure)");
  assert.deepEqual(lines.at(-1)?.said, [{ key: "evaluated", params: { count: 10 } }]);
});

test("A step of param -= lr * param.grad is told from any other.", () => {
  assert.equal(verdictOf(descent(), "fc1.weight", 2).key, "plain");
  const other = verdictOf(descent({}, { step: 0.3 }), "fc1.weight", 2);
  assert.deepEqual([other.key, other.params?.times], ["other", "3.00"]);
  assert.equal(verdictOf(descent({}, { step: 0 }), "fc1.weight", 2).key, "still");
  assert.equal(verdictOf(descent({}, { step: 0, grad: () => 1e-12 }), "fc1.weight", 2).key, "still");
  assert.equal(verdictOf(descent({}, { step: Infinity }), "fc1.weight", 2).key, "notFinite");
  assert.equal(verdictOf(descent({}, { grad: () => 0 }), "fc1.weight", 2).key, "carried");
  assert.equal(verdictOf(descent({}, { step: 0, grad: () => 0 }), "fc1.weight", 2).key, "flat");
});

test("A parameter that no group holds is not the optimizer's.", () => {
  const optimizer = { name: "SGD", param_groups: [{ params: ["fc1"] }] };
  const history = descent({ optimizer });
  assert.equal(verdictOf(history, "fc2.bias", 1).key, "outside");
  assert.deepEqual(holdingsOf(history, "fc2.bias", 1), []);
});

test("What the optimizer holds for a parameter is its group's lr and its state.", () => {
  const optimizer = { name: "Muon", rest: { name: "Adam", param_groups: [{ params: ["fc2.bias"] }] } };
  const history = descent({ optimizer });
  history.groups = 2;
  history.stateKeys = () => ["step", "exp_avg", "max_exp_avg_sq", "al"];
  history.state = (_, key) =>
    key === "step" ? Float32Array.of(3) : key === "max_exp_avg_sq" ? null : Float32Array.of(1, 2);
  history.stateShape = (_, key) => (key === "step" ? [] : key === "al" ? [2, 1] : history.shapes["fc2.bias"]);
  const [used] = holdingsOf(history, "fc2.bias", 3, {
    key: "step",
    after: true,
    in_group: false,
    times_lr: false,
  }).filter(({ note }) => note !== undefined);
  assert.deepEqual(used, { code: "step", value: "3.000", note: "rateUsed" });
  const [group, state] = holdingsOf(history, "fc2.bias", 3);
  assert.equal(group.code, 'optimizers[1].param_groups[0]["lr"]');
  assert.deepEqual(state, {
    code: "optimizers[1].state[fc2.bias]",
    value: "{step: 3, exp_avg: […], al: [… 2 × 1]}",
  });
});

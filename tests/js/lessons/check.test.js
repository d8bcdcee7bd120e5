import assert from "node:assert/strict";
import { test } from "node:test";

import { rightChoice } from "../../../static/js/lessons/check.js";
import { shownNumber } from "../../../static/js/lessons/numbers.js";
import { valueOf } from "../../../static/js/lessons/quantity.js";

/** A run of two steps. @param {any} [changes] @returns {any} */
const run = (changes = {}) => ({
  config: { optimizer: { name: "SGD", hyperparameters: { lr: 0.1 } }, freeze: null },
  ended: { reason: "completed", end_loss: 0.25 },
  last: 2,
  isEmpty: false,
  shapes: { w: [1, 2], b: [1] },
  lossAt: (/** @type {number} */ k) => [4, 4, 1][k],
  lr: (/** @type {number} */ k, /** @type {number} */ group) => (group === 0 ? [NaN, 0.1, 0.1][k] : NaN),
  param: (/** @type {string} */ name, /** @type {number} */ k) =>
    Float32Array.of(...(k > 2 ? [] : name === "w" ? [3, 4 - k] : [k])),
  grad: (/** @type {string} */ name) => (name === "w" ? Float32Array.of(0, -2) : null),
  state: () => null,
  stateShape: () => null,
  ...changes,
});

test("A quantity is a number of a record, of the config or of the end, by its path.", () => {
  const of = (/** @type {string} */ path, /** @type {any} */ step) => valueOf(run(), path, step);
  assert.equal(of("loss", 2), 1);
  assert.equal(of("params/w/0/1", 1), 3);
  assert.equal(of("params/b", "end"), 2);
  assert.equal(of("norm/params/w", 0), 5);
  assert.equal(of("change/params/w/0/1", 2), -1);
  assert.equal(of("grads/b", 1), null);
  assert.equal(of("state/w/exp_avg/0/0", 1), null);
  assert.equal(of("config/optimizer/hyperparameters/lr", null), 0.1);
  assert.equal(of("config/freeze/0", null), null);
  assert.equal(of("ended", "end"), "completed");
  assert.equal(of("end_loss", "end"), 0.25);
  assert.throws(() => of("weight", 1), /no quantity weight/);
});

for (const [is, right] of /** @type {[any, number | null][]} */ ([
  ["least", 1],
  ["greatest", 0],
  [{ below: 0 }, 1],
  [{ above: -3 }, null],
  [{ equals: 0 }, 0],
  ["zero", 0],
  ["not zero", 1],
  ["none", null],
]))
  test(`Of two gradients, ${JSON.stringify(is)} is ${right === null ? "no single one" : `choice ${right}`}.`, () => {
    const check = { run: 0, quantity: ["grads/w/0/0", "grads/w/0/1"], step: 1, is };
    assert.equal(rightChoice(check, 2, [run()]), right);
  });

test("Choices are runs, steps or conditions; a loss that is no number is worse than any.", () => {
  const diverged = run({ ended: { reason: "diverged", end_loss: "NaN" } });
  const best = { run: [0, 1], quantity: "end_loss", step: "end", is: /** @type {const} */ ("least") };
  assert.equal(rightChoice(/** @type {any} */ (best), 2, [diverged, run()]), 1);
  assert.equal(rightChoice({ run: 0, quantity: "loss", step: [0, 2], is: "least" }, 2, [run()]), 1);
  const sign = { run: 0, quantity: "change/params/b", step: 1, is: [{ below: 0 }, { above: 0 }, "zero"] };
  assert.equal(rightChoice(/** @type {any} */ (sign), 3, [run()]), 1);
});

test("A number is written with the digits of the text's own, and with a minus.", () => {
  const shown = (/** @type {string} */ text, /** @type {string} */ quantity) =>
    shownNumber({ shown: text, run: 0, quantity, step: 1 }, [run()]);
  assert.equal(shown("0.50", "grads/w/0/1"), "\u22122.00");
  assert.equal(shown("1e-7", "params/w/0/1"), "3e+0");
  assert.equal(shown("5", "params/b"), "1");
  assert.equal(shown("Adam", "config/optimizer/name"), "SGD");
  assert.equal(shown("0.1", "grads/b"), null);
  assert.equal(shownNumber({ shown: "1", run: 3, quantity: "loss", step: 1 }, [run()]), null);
});

test("A quantity of a layer is that of all its parameters, as far as they have it.", () => {
  const frozen = { grad: (/** @type {string} */ name) => (name === "fc.w" ? Float32Array.of(3, 4) : null) };
  const layered = run({
    shapes: { "fc.w": [1, 2], "fc.b": [1], "fc2.w": [1] },
    param: (/** @type {string} */ name) => Float32Array.from(name === "fc.w" ? [4, 4] : [2]),
    ...frozen,
  });
  assert.equal(valueOf(layered, "norm/params/fc", 1), 6);
  assert.equal(valueOf(layered, "norm/grads/fc", 1), 5);
  assert.equal(valueOf(layered, "norm/grads/fc2", 1), null);
});

test("What a run does not have is null, whatever a lesson asks for.", () => {
  for (const path of [
    "params/none",
    "params/w/9/9",
    "grads/w/7",
    "state/w",
    "lr/x/y",
    "norm/params/none",
    "change/grads/b",
  ])
    for (const step of /** @type {const} */ ([0, 99, "end"])) {
      const value = valueOf(run(), path, step);
      assert(value === null || Number.isNaN(value), path);
    }
});

test("Beside a run that is not there, none is the lowest.", () => {
  assert.equal(rightChoice({ run: [0, 4], quantity: "loss", step: 2, is: "least" }, 2, [run()]), null);
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { batchScale, scaleOf } from "../../../../static/js/controls/parts/scale.js";

/** @param {object} declared */
const scale = (declared) => scaleOf(/** @type {any} */ ({ kind: "float", scale: "linear", ...declared }));

const DECLARED = {
  lr: { name: "lr", default: 1e-3, minimum: 0, maximum: 1e9, scale: "log" },
  momentum: { name: "momentum", default: 0, minimum: 0, maximum: null, usual: [0, 1] },
  dampening: { name: "dampening", default: 0, minimum: null, maximum: null, usual: [0, 1] },
  factor: { name: "factor", default: 0.1, minimum: 0, maximum: 1, exclusive_maximum: true },
  weight_decay: { name: "weight_decay", default: 0, minimum: 0, maximum: 100, scale: "log" },
  beta2_decay: { name: "beta2_decay", default: -0.8, minimum: -10, maximum: 0 },
  step_size: {
    name: "step_size",
    kind: "int",
    default: null,
    suggested: 100,
    minimum: 1,
    maximum: 1e6,
    scale: "log",
  },
  patience: { name: "patience", kind: "int", default: 10, minimum: 0, maximum: 1e6 },
  seed: { name: "seed", kind: "int", default: 0, minimum: 0, maximum: 2 ** 32 - 1 },
  noise: { name: "noise", default: 0.1, minimum: 0, maximum: 0.5 },
  unbounded: { name: "unbounded", default: 2, minimum: null, maximum: null },
};

for (const [name, declared] of Object.entries(DECLARED)) {
  test(`The slider of ${name} runs upwards, within the bounds, over values that it finds again.`, () => {
    const { positions, toPosition, toValue } = scale(declared);
    const values = Array.from({ length: positions + 1 }, (_, position) => toValue(position));
    values.forEach((value, position) => {
      assert.ok(
        value >= (declared.minimum ?? -Infinity) && value <= (declared.maximum ?? Infinity),
        String(value),
      );
      assert.equal(toValue(toPosition(value)), value);
      if (position > 0) assert.ok(value >= values[position - 1]);
    });
    assert.ok(values[positions] > values[0]);
  });
}

test("A logarithmic slider gives each decade the same way.", () => {
  const { toPosition } = scale(DECLARED.lr);
  const [a, b, c] = [0.001, 0.01, 0.1].map(toPosition);
  assert.ok(b - a === c - b && b - a === 10);
});

test("A logarithmic slider whose default is 0 begins there.", () => {
  const { toPosition, toValue } = scale(DECLARED.weight_decay);
  assert.equal(toValue(0), 0);
  assert.equal(toPosition(0), 0);
  assert.equal(toValue(1), 1e-6);
});

test("Values are short decimals.", () => {
  assert.equal(scale(DECLARED.momentum).toValue(90), 0.9);
  assert.equal(scale(DECLARED.momentum).toValue(29), 0.29);
  assert.equal(scale(DECLARED.factor).toValue(scale(DECLARED.factor).positions), 0.99);
});

test("A value beyond the slider stands at its end.", () => {
  const { positions, toPosition } = scale(DECLARED.lr);
  assert.equal(toPosition(1e6), positions);
  assert.equal(toPosition(0), 0);
  assert.equal(toPosition(-1), 0);
});

test("A slider of seeds has a hundred of them, and one of noise goes as far as the server takes it.", () => {
  assert.equal(scale(DECLARED.seed).positions, 99);
  assert.equal(scale(DECLARED.seed).toValue(7), 7);
  const { positions, toValue } = scale(DECLARED.noise);
  assert.equal(toValue(positions), 0.5);
});

test("A batch is a power of two below the samples, or all of them, which is null.", () => {
  const { positions, toValue, toPosition } = batchScale(20);
  assert.deepEqual(Array.from({ length: positions + 1 }, (_, i) => toValue(i)), [1, 2, 4, 8, 16, null]); // prettier-ignore
  assert.deepEqual([1, 7, 20, 500].map(toPosition), [0, 3, 5, 5]);
  assert.equal(batchScale(16).positions, 4);
  assert.deepEqual([batchScale(1).positions, batchScale(1).toValue(0)], [0, null]);
});

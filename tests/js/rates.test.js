import assert from "node:assert/strict";
import { test } from "node:test";

import { nameOfRate, ownRateAt } from "../../static/js/rates.js";

const ETA = { key: "eta", after: false, in_group: false, times_lr: false };
const SIZES = { key: "step_size", after: true, in_group: false, times_lr: false };
const D = { key: "d", after: false, in_group: true, times_lr: true };

/** A run whose state of record k is k for each element; eta comes with the first step, d is there before it. */
const history = (/** @type {number} */ first = 0) => ({
  names: ["fc1.weight", "fc1.bias"],
  first,
  length: first + 5,
  lr: () => 0.5,
  state: (/** @type {string} */ name, /** @type {string} */ key, /** @type {number} */ k) => {
    if (key === "d") return name === "fc1.weight" ? Float64Array.of(k + 1) : null;
    if (k === 0) return null;
    return key === "eta" ? Float64Array.of(k) : Float64Array.of(k, name === "fc1.bias" ? k : 3 * k);
  },
});

test("A rate that a step finds is that of the record before; in the first step it is the lr of the group.", () => {
  assert.deepEqual([0, 1, 2, 4, 5].map((k) => ownRateAt(history(), ETA, k)), [null, 0.5, 1, 3, null]); // prettier-ignore
  assert.equal(ownRateAt(history(7), ETA, 8), 7);
});

test("A rate that a step leaves is that of its own record; of several elements it is the mean.", () => {
  assert.deepEqual([0, 1, 2].map((k) => ownRateAt(history(), SIZES, k)), [null, 1.5, 3]); // prettier-ignore
  assert.equal(ownRateAt(history(), SIZES, 2, ["fc1.bias"]), 2);
});

test("A factor of a group multiplies its lr, and says so.", () => {
  assert.deepEqual([1, 2].map((k) => ownRateAt(history(), D, k)), [0.5, 1]); // prettier-ignore
  assert.deepEqual([ETA, D].map(nameOfRate), ["eta", "d × lr"]);
});

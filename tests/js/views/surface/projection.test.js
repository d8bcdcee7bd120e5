import assert from "node:assert/strict";
import { test } from "node:test";

import {
  differsMuch,
  liesOnPlane,
  lossRange,
  untrueMarks,
} from "../../../../static/js/views/surface/projection.js";

const path = /** @type {any} */ ({
  xy: [0, 0, 10, 0, 20, 0],
  length: 3,
  loss: [1, 0.5, 0],
  planeLoss: [1, 0.7, 0.0005],
  distance: [0, 1, 1e-6],
});
const pixelPath = /** @type {any} */ ({
  path,
  pixels: [0, 0, 100, 0, 200, 0],
  corners: [0, 1, 2],
  along: [0, 100, 200],
});

test("The range is that of the losses below where the runs began.", () => {
  assert.equal(lossRange([path]), 1);
  assert.equal(lossRange([path, { ...path, loss: [1, 1e9, NaN] }]), 1);
  assert.equal(lossRange([{ ...path, loss: null }]), 0);
});

test("A tenth of the range is much.", () => {
  assert.deepEqual([0, 1, 2].map((k) => differsMuch(path, k, 1)), [false, true, false]); // prettier-ignore
  assert.equal(differsMuch({ ...path, planeLoss: [1, NaN, 0] }, 1, 1), true);
  assert.equal(differsMuch({ ...path, loss: null }, 1, 1), false);
});

test("Ten times is much, unless that is nothing beside the range.", () => {
  const far = (/** @type {number} */ loss, /** @type {number} */ planeLoss) =>
    differsMuch({ ...path, loss: [loss], planeLoss: [planeLoss] }, 0, 1);
  assert(far(3e-11, 0.0086) && far(0, 0.0086) && far(0.02, 0.001));
  assert(!far(1e-11, 1e-5) && !far(0.02, 0.009) && !far(-0.05, 0.001));
});

test("Rounding does not take a record off the plane.", () => {
  assert.deepEqual([0, 1, 2].map((k) => liesOnPlane(path, k)), [true, false, true]); // prettier-ignore
});

test("Marks stand at even distances where the plane is far from the truth, and nowhere else.", () => {
  const marks = untrueMarks(pixelPath, 1, 40);
  assert.deepEqual(marks.map(({ x, record }) => [x, record]), [[40, 1], [80, 1]]); // prettier-ignore
  assert.deepEqual(untrueMarks(pixelPath, 10, 40), []);
});

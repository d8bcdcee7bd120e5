import assert from "node:assert/strict";
import { test } from "node:test";

import { singularValues } from "../../../static/js/lessons/singular.js";
import { valueOf } from "../../../static/js/lessons/quantity.js";
import { historyOf } from "../drawn.js";

const near = (/** @type {number[]} */ found, /** @type {number[]} */ expected) => {
  assert.equal(found.length, expected.length);
  found.forEach((value, i) => assert.ok(Math.abs(value - expected[i]) < 1e-14, `${value}, ${expected[i]}`));
};

test("Singular values are lengths along directions at right angles, the largest first.", () => {
  near(singularValues([0, -3, 2, 0], 2, 2), [3, 2]);
  near(singularValues([3, 0, 4, 5], 2, 2), [Math.sqrt(45), Math.sqrt(5)]);
  near(singularValues([1, 2, 2, 2, 4, 4], 2, 3), [Math.sqrt(45), 0]);
  near(singularValues([0, 0, 0, 0], 2, 2), [0, 0]);
});

test("A singular value of a matrix of a run, or of what a step has added to it, is a quantity.", () => {
  const shapes = { "fc1.weight": [2, 2], "fc1.bias": [2] };
  const history = historyOf(shapes, 2, (k, i) => [0, -3, 2, 0][i] * (k + 1), { grad: (_, i) => i % 3 });
  near([Number(valueOf(history, "singular/0/params/fc1.weight", 1))], [6]);
  near([Number(valueOf(history, "singular/1/change/params/fc1.weight", 1))], [2]);
  assert.equal(valueOf(history, "singular/2/params/fc1.weight", 1), null);
  assert.equal(valueOf(history, "singular/0/params/fc1.bias", 1), null);
});

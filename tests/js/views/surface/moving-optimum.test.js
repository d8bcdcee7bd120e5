import assert from "node:assert/strict";
import { test } from "node:test";

import { stableFor } from "../../../../static/js/controls/recipe/loop-effects.js";
import { driftAt } from "../../../../static/js/state/loop.js";
import { lowestOf } from "../../../../static/js/views/surface/moving-optimum.js";

test("A path begins where the function is defined, and half a round later it is on the other side.", () => {
  assert.deepEqual(driftAt({ name: "linear", velocity: [0.5, -1] }, 3), [1.5, -3]);
  const circle = /** @type {const} */ ({ name: "circular", radius: 2, period: 8 });
  assert.deepEqual(driftAt(circle, 0), [0, 0]);
  assert.deepEqual(
    driftAt(circle, 4).map((one) => Math.round(one * 1e9) / 1e9),
    [-4, 0],
  );
});

test("The optimum that is marked is the lowest minimum; matrices and data have none.", () => {
  const minima = [
    { at: /** @type {[number, number]} */ ([1, 2]), value: 0.5 },
    { at: /** @type {[number, number]} */ ([3, 4]), value: -1 },
  ];
  assert.deepEqual(lowestOf(/** @type {any} */ ({ kind: "function", minima })), [3, 4]);
  assert.equal(lowestOf(/** @type {any} */ ({ kind: "function", minima: [] })), null);
  assert.equal(lowestOf(/** @type {any} */ ({ kind: "matrix", minima })), null);
});

test("The rate for which late gradients are stable falls from 2 to 1 to 0.618.", () => {
  assert.deepEqual([0, 1, 2].map(stableFor), ["2", "1", "0.618"]);
});

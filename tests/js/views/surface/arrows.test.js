import assert from "node:assert/strict";
import { test } from "node:test";

import { arrowsAt } from "../../../../static/js/views/surface/arrows.js";
import { toPixels } from "../../../../static/js/views/surface/paths.js";
import { basisOf, inPlane, vectorsAt } from "../../../../static/js/views/surface/vectors.js";
import { historyOf, runOf } from "../../drawn.js";
import { encode } from "../../wire.js";

const SHAPES = { "fc1.weight": [1, 2], "fc2.weight": [1, 1] };
const FLAT = basisOf(Float64Array.of(1, 0, 0, 0, 1, 0));
const config = (/** @type {any} */ optimizer = {}) => ({
  optimizer: { name: "SGD", hyperparameters: { lr: 0.1 }, ...optimizer },
});
/** Parameters that move by 0.5 a step, with gradients 1, 2 and 1. */
const history = (/** @type {any} */ options = {}) =>
  historyOf(SHAPES, 4, (k, i) => 0.5 * k + i, { grad: (_, i) => i + 1, config: config(), ...options });
const values = (/** @type {any} */ vectors) =>
  Object.fromEntries(
    vectors.map(({ name, values: all }) => [name, Array.from(all, (x) => Number(x.toFixed(6)))]),
  );

test("The gradient is minus the recorded rate times what was recorded, the step what the parameters did.", () => {
  assert.deepEqual(values(vectorsAt(history(), 2)), { gradient: [-0.1, -0.2, -0.1], step: [0.5, 0.5, 0.5] });
});

test("What is frozen is zero, and so is what no group holds.", () => {
  const frozen = history({ frozen: (/** @type {string} */ layer) => layer === "fc2" });
  assert.deepEqual(values(vectorsAt(frozen, 2)).gradient, [-0.1, -0.2, 0]);
  const left = history({ config: config({ param_groups: [{ params: ["fc1"] }] }) });
  assert.deepEqual(values(vectorsAt(left, 2)).gradient, [-0.1, -0.2, 0]);
});

test("A group that is added later has the last column of the rates, wherever it is configured.", () => {
  const groups = [
    { params: ["fc1"], from_step: 1 },
    { params: ["fc2"], maximize: true },
  ];
  const optional = (/** @type {number} */ k) => ({
    lr: k < 2 ? encode(Float64Array.of(0.1), [1, 1]) : encode(Float64Array.of(0.1, 0.5), [1, 2]),
  });
  const added = history({ config: config({ param_groups: groups }), optional });
  assert.deepEqual(values(vectorsAt(added, 1)).gradient, [0, 0, 0.1]);
  assert.deepEqual(values(vectorsAt(added, 2)).gradient, [-0.5, -1, 0.1]);
});

test("An optimizer that climbs goes along the gradient.", () => {
  const climbing = history({ config: config({ hyperparameters: { lr: 0.1, maximize: true } }) });
  assert.deepEqual(values(vectorsAt(climbing, 1)).gradient, [0.1, 0.2, 0.1]);
});

test("Before the first step, and after the last record, there are no vectors.", () => {
  assert.deepEqual([vectorsAt(history(), 0), vectorsAt(history(), 4)], [[], []]);
});

test("The part in a plane has the length that is said, also where its axes are not orthogonal.", () => {
  const { norm, share, xy } = inPlane(Float64Array.of(3, 4, 12), FLAT);
  assert.deepEqual([norm, xy], [13, [3, 4]]);
  assert.ok(Math.abs(share - 5 / 13) < 1e-12);
  const oblique = inPlane(Float64Array.of(3, 4, 12), basisOf(Float64Array.of(2, 0, 0, 1, 1, 0)));
  assert.ok(Math.abs(oblique.share - 5 / 13) < 1e-12);
  assert.deepEqual(oblique.xy, [-0.5, 4]);
  assert.deepEqual(inPlane(new Float64Array(3), FLAT), { norm: 0, share: 0, xy: [0, 0] });
});

const axes = /** @type {any} */ ({ left: 0, top: 0, width: 800, height: 400, x: [0, 4], y: [0, 4] });
const pathOf = (/** @type {any} */ changes = {}) => {
  const run = runOf("0", { history: history() });
  const xy = Float64Array.from({ length: 8 }, (_, i) => 0.5 * (i >> 1) + (i % 2));
  return toPixels(/** @type {any} */ ({ run, first: 0, xy, length: 4, stale: false, ...changes }), axes);
};
const scene = (/** @type {any} */ path) => /** @type {any} */ ({ path, basis: FLAT, axes, theme: {} });

test("Arrows begin where the step began; the longest has the same length at every step, the others are to scale.", () => {
  for (const step of [1, 2, 3]) {
    const { arrows, times } = arrowsAt(scene(pathOf()), step);
    const [gradient, moved] = arrows;
    assert.deepEqual(gradient.from, [100 * (step - 1), 300 - 50 * (step - 1)]);
    assert.ok(Math.abs(Math.hypot(moved.to[0] - moved.from[0], moved.to[1] - moved.from[1]) - 84) < 1e-6);
    const pixels = [-0.1 * 200, 0.2 * 100].map((pixel) => pixel * times);
    pixels.forEach((pixel, i) => assert.ok(Math.abs(gradient.to[i] - gradient.from[i] - pixel) < 1e-4));
  }
});

test("A run that has ended keeps the arrows of its last step; one that is not there or old has none.", () => {
  assert.deepEqual(arrowsAt(scene(pathOf()), 99).arrows, arrowsAt(scene(pathOf()), 3).arrows);
  for (const path of [null, pathOf({ stale: true }), pathOf({ length: 1 })])
    assert.deepEqual(arrowsAt(scene(path), 2).arrows, []);
  assert.deepEqual(arrowsAt(scene(pathOf()), 0).arrows, []);
});

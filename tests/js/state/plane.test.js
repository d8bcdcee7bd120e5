import assert from "node:assert/strict";
import { test } from "node:test";

import {
  PLANE_KINDS,
  followsStep,
  namesOf,
  parameterEntries,
  planeConfig,
  planeOf,
  pointsOf,
  readPlane,
  writePlane,
} from "../../../static/js/state/plane.js";

const shape = { inputs: 2, outputs: 1 };
const state = (/** @type {any} */ plane, slots = [0, 3]) =>
  /** @type {any} */ ({
    plane,
    runs: slots.map((slot) => ({ slot })),
    selected: 3,
    steps: 101,
    hidden: [2, 2],
  });
const config = (/** @type {any} */ plane, slots = [0, 3]) => planeConfig(state(plane, slots), shape, 42);

const PLANES = [
  ...PLANE_KINDS.map((kind) => planeOf(kind)),
  { ...planeOf("pca"), through: "final" },
  { ...planeOf("parameters"), names: ["fc1.weight[0,1]", "fc3.bias[0]"], at: "step" },
  { ...planeOf("random"), seed: 7, trainable_only: false },
  { ...planeOf("points"), points: [0, 3, 3].map((slot) => ({ slot, at: "middle" })) },
];

for (const plane of PLANES) {
  test(`${JSON.stringify(plane)} survives being written.`, () => {
    assert.deepEqual(readPlane(writePlane(/** @type {any} */ (plane))), plane);
  });
}

test("A plane as it begins is its kind alone.", () => {
  assert.equal(writePlane(planeOf("eigen")), "eigen");
  assert.equal(writePlane({ ...planeOf("random"), seed: 7 }), "random(seed:7)");
});

for (const text of [
  "7",
  "flat",
  "pca(through:nothing)",
  "pca(seed:1)",
  "random(seed:-1)",
  "points(points:[1,2,3])",
  "pca(kind:random)",
]) {
  test(`${text} is no plane.`, () => assert.throws(() => readPlane(text), RangeError));
}

test("TinyNet has fifteen parameters, in torch's order.", () => {
  const entries = parameterEntries([2, 2, 2, 1]).flatMap((group) => group.entries);
  assert.equal(entries.length, 15);
  assert.deepEqual(entries.slice(0, 5), [
    "fc1.weight[0,0]",
    "fc1.weight[0,1]",
    "fc1.weight[1,0]",
    "fc1.weight[1,1]",
    "fc1.bias[0]",
  ]);
  assert.equal(entries[14], "fc3.bias[0]");
});

test("Parameters that the network does not have give way to its first two.", () => {
  const plane = {
    ...planeOf("parameters"),
    names: /** @type {[string, string]} */ (["fc9.bias[0]", "fc1.bias[0]"]),
  };
  assert.deepEqual(namesOf(plane, [2, 2, 1]), ["fc1.weight[0,0]", "fc1.weight[0,1]"]);
});

test("Three points lie on the runs that are there.", () => {
  assert.deepEqual(
    pointsOf(planeOf("points"), [0]).map(({ at }) => at),
    ["start", "middle", "final"],
  );
  const gone = {
    ...planeOf("points"),
    points: /** @type {any} */ ([0, 5, 5].map((slot) => ({ slot, at: "final" }))),
  };
  assert.deepEqual(pointsOf(gone, [0, 3])[2], { slot: 3, at: "final" });
});

test("The server is asked for runs by their number and records by their step.", () => {
  assert.deepEqual(config(planeOf("pca")), { kind: "pca", through: "mean" });
  assert.deepEqual(config(planeOf("eigen")), {
    kind: "eigen",
    at: { run: 1, step: 42 },
    trainable_only: true,
  });
  assert.deepEqual(config(planeOf("random")).at, { run: 1, step: -1 });
  assert.deepEqual(config({ ...planeOf("random"), at: "start" }).at, { run: 1, step: 0 });
  assert.deepEqual(config(planeOf("points"), [3]).points, [
    { run: 0, step: 0 },
    { run: 0, step: 50 },
    { run: 0, step: -1 },
  ]);
});

test("A slice follows the clock if it is asked to.", () => {
  assert.equal(followsStep(planeOf("eigen")), true);
  assert.equal(followsStep(planeOf("random")), false);
  assert.equal(followsStep(planeOf("pca")), false);
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { MOST_HELD, readNumbers, writeNumbers } from "../../../static/js/state/held-plane.js";
import { shapesOn } from "../../../static/js/state/layers.js";
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

const network = (/** @type {number[]} */ hidden) =>
  shapesOn({ kind: "dataset", inputs: 2, outputs: 1, parameters: [] }, hidden);
const MATRICES = [
  { name: "left", shape: [2, 3] },
  { name: "right", shape: [1, 3] },
];
const state = (/** @type {any} */ plane, slots = [0, 3]) =>
  /** @type {any} */ ({
    plane,
    runs: slots.map((slot) => ({ slot })),
    selected: 3,
    steps: 101,
  });
const config = (/** @type {any} */ plane, slots = [0, 3]) =>
  planeConfig(state(plane, slots), network([2, 2]), 42);

const PLANES = [
  ...PLANE_KINDS.map((kind) => planeOf(kind)),
  { ...planeOf("pca"), through: "final" },
  { ...planeOf("pca"), through: "selected", axes: [2, -1] },
  { ...planeOf("eigen"), axes: [1, -2] },
  { kind: "held", of: "pca(through:final)", numbers: writeNumbers(new Float32Array(15), new Float32Array(30).fill(0.1)) }, // prettier-ignore
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
  "pca(axes:[1,1])",
  "random(axes:[1,2])",
  "held",
  "held(of:pca,numbers:AAAA)",
  "held(of:cube,numbers:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA)",
]) {
  test(`${text} is no plane.`, () => assert.throws(() => readPlane(text), RangeError));
}

test("TinyNet has fifteen parameters, in torch's order.", () => {
  const entries = parameterEntries(network([2, 2])).flatMap((group) => group.entries);
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

test("Matrices have entries by row and column, each under its own name.", () => {
  const shapes = shapesOn({ kind: "matrix", inputs: 0, outputs: 0, parameters: MATRICES }, [2, 2]);
  const entries = parameterEntries(shapes).flatMap((group) => group.entries);
  assert.deepEqual([entries.length, entries[4], entries[6]], [9, "left[1,1]", "right[0,0]"]);
});

test("Parameters that the network does not have give way to its first two.", () => {
  const plane = {
    ...planeOf("parameters"),
    names: /** @type {[string, string]} */ (["fc9.bias[0]", "fc1.bias[0]"]),
  };
  assert.deepEqual(namesOf(plane, network([2])), ["fc1.weight[0,0]", "fc1.weight[0,1]"]);
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

test("Principal axes go through the end of the selected run, and are drawn the way round that was kept.", () => {
  const selected = { ...planeOf("pca"), through: "selected", axes: [1, -2] };
  assert.deepEqual(config(selected), { kind: "pca", through: "final", run: 1, axes: [1, -2] });
  assert.deepEqual(config(planeOf("pca")), { kind: "pca", through: "mean" });
});

test("The numbers of a plane survive being written, in float32.", () => {
  for (const width of [2, 15, MOST_HELD]) {
    const numbers = Float32Array.from({ length: 3 * width }, (_, i) => Math.sin(i) * 10 ** ((i % 60) - 30));
    const text = String(writeNumbers(numbers.subarray(0, width), numbers.subarray(width)));
    const { origin, basis } = readNumbers(text);
    assert.deepEqual([...origin, ...basis[0], ...basis[1]], [...numbers]);
    assert.match(text, /^[\w-]+$/);
  }
  assert.equal(writeNumbers(new Float32Array(MOST_HELD + 1), new Float32Array(0)), null);
});

test("A plane that is held is asked for by its numbers; of another network, as it was before it was held.", () => {
  const numbers = String(writeNumbers(new Float32Array(15).fill(0.5), new Float32Array(30).fill(0.25)));
  const held = { kind: "held", of: "pca(through:start)", numbers };
  const asked = config(held);
  assert.deepEqual([asked.kind, asked.origin?.length, asked.basis?.[1][14]], ["held", 15, 0.25]);
  assert.deepEqual(planeConfig(state(held), network([3]), 0), { kind: "pca", through: "start" });
});

for (const numbers of ["", "AAA=", "A", "AAAA", "____".repeat(8), "A".repeat(4 * 5)])
  test(`${numbers || "nothing"}: no numbers of a plane.`, () =>
    assert.throws(() => readNumbers(numbers), RangeError));

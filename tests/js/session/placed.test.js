import assert from "node:assert/strict";
import { test } from "node:test";

import { placed } from "../../../static/js/session/placed.js";

const RECORDS = { a: { first: 0, last: 9 }, fork: { first: 5, last: 9 } };
const records = (/** @type {"a" | "fork"} */ job) => RECORDS[job];
/** @type {("a" | "fork")[]} */
const JOBS = ["a", "fork"];

for (const [run, step, sent] of [
  [0, 0, 0],
  [0, 4, 4],
  [0, 9, -1],
  [0, 99, -1],
  [0, -1, -1],
  [1, 0, 5],
  [1, 7, 7],
]) {
  test(`Step ${step} of a run with records ${Object.values(RECORDS[JOBS[run]])} is asked for as ${sent}.`, () => {
    const plane = { kind: "random", seed: 0, at: { run, step } };
    assert.deepEqual(placed(plane, JOBS, JOBS, records), { ...plane, at: { run, step: sent } });
  });
}

test("Each of three points finds its run among those that are drawn; one that is not becomes the first.", () => {
  const points = [0, 1, 1].map((run, i) => ({ run, step: i === 2 ? 7 : 6 }));
  const plane = placed({ kind: "points", points }, JOBS, ["fork"], records);
  assert.deepEqual(plane.points, [
    { run: 0, step: 6 },
    { run: 0, step: 6 },
    { run: 0, step: 7 },
  ]);
});

test("A plane that goes through no record stays as it is.", () => {
  const plane = { kind: "pca", through: "mean" };
  assert.equal(placed(plane, JOBS, JOBS, records), plane);
});

test("A plane through the end of a run finds it among those that are drawn.", () => {
  const plane = /** @type {any} */ ({ kind: "pca", through: "final", run: 1 });
  assert.deepEqual(placed(plane, JOBS, JOBS, records), plane);
  assert.deepEqual(placed(plane, JOBS, ["fork"], records), { ...plane, run: 0 });
});

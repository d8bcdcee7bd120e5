import assert from "node:assert/strict";
import { test } from "node:test";

import { dashed } from "../../../../static/js/views/surface/dashes.js";

const along = (/** @type {number[]} */ ...xs) => xs.map((x) => [x, 0, 0]);
const distance = (/** @type {number[]} */ a, /** @type {number[]} */ b) =>
  Math.hypot(b[0] - a[0], b[1] - a[1]);
const xs = (/** @type {number[][]} */ line) => line.map(([x]) => (Number.isNaN(x) ? "gap" : x));

test("A solid line stays as it is.", () => {
  const line = along(0, 5, 9);
  assert.equal(dashed(line, [], distance), line);
});

test("Dashes and gaps follow each other along a line, whatever points it goes through.", () => {
  const expected = [0, 3, "gap", 5, 8, "gap"];
  assert.deepEqual(xs(dashed(along(0, 10), [3, 2], distance)), expected);
  assert.deepEqual(xs(dashed(along(0, 4, 10), [3, 2], distance)), expected);
  assert.deepEqual(xs(dashed(along(0, 1, 10), [3, 2], distance)), [0, 1, 3, "gap", 5, 8, "gap"]);
});

test("A point that is not finite breaks the line, and the next dash goes on after it.", () => {
  const line = dashed([[0, 0, 0], [NaN, NaN, NaN], [4, 0, 0], [6, 0, 0]], [3, 2], distance); // prettier-ignore
  assert.deepEqual(xs(line), [0, "gap", 4, 6]);
});

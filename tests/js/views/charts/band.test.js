import assert from "node:assert/strict";
import { test } from "node:test";

import { bandOf } from "../../../../static/js/views/charts/band.js";

const LENGTH = 3000;
const x = (k) => k / 10;
/** Between 20 and 80 pixels, with one spike. */
const noisy = (k) => (k === 1501 ? 3 : 50 + 30 * Math.sin(k * 7919));

test("A curve that goes up and down within a few pixels is a shade that hides no value.", () => {
  const { edges, points } = bandOf(LENGTH, x, noisy);
  const size = 30;
  for (let k = 0; k < LENGTH; k += 1) {
    const [, top, bottom] = edges.subarray(3 * Math.floor(k / size));
    assert.ok(noisy(k) >= top - 1e-4 && noisy(k) <= bottom + 1e-4);
  }
  assert.ok([...edges].some((value) => value === 3));
  const middle = [...points].filter((_, i) => i % 2 === 1).slice(0, -1);
  assert.ok(middle.every((y) => y > 35 && y < 65));
});

test("The line ends where the last record is, to which its marker belongs.", () => {
  const { points } = bandOf(LENGTH, x, noisy);
  assert.deepEqual([...points.slice(-2)], [...Float32Array.of(x(LENGTH - 1), noisy(LENGTH - 1))]);
});

test("A smooth curve, and one with few records a pixel, stay lines.", () => {
  const smooth = (k) => 90 * Math.exp(-k / 500);
  assert.equal(bandOf(LENGTH, x, smooth), null);
  assert.equal(
    bandOf(300, (k) => 2 * k, noisy),
    null,
  );
  assert.equal(bandOf(2, x, noisy), null);
  assert.equal(
    bandOf(
      40,
      (k) => k / 2,
      (k) => 4 * k,
    ),
    null,
  );
});

test("The shade breaks where a value is not finite.", () => {
  const { edges } = bandOf(LENGTH, x, (k) => (k === 45 ? NaN : noisy(k)));
  assert.deepEqual([...edges.subarray(4, 6)], [NaN, NaN]);
  assert.ok(Number.isFinite(edges[1]) && Number.isFinite(edges[7]));
});

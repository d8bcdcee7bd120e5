import assert from "node:assert/strict";
import { test } from "node:test";

import { MARKER_SHAPES, markerPath } from "../../../../static/js/views/drawing/markers.js";
import { arrowLength } from "../../../../static/js/views/network/point-dial.js";

test("There are eight shapes, one for each run, and no two are alike.", () => {
  assert.equal(MARKER_SHAPES.length, 8);
  assert.equal(new Set(MARKER_SHAPES.map((shape) => markerPath(shape, 5))).size, 8);
});

test("Every shape is closed, lies around the origin and grows with its radius.", () => {
  for (const shape of MARKER_SHAPES) {
    const path = markerPath(shape, 10);
    assert.match(path, /^M.*Z$/);
    const numbers = path.match(/-?[\d.]+/g).map(Number);
    assert(numbers.every(Number.isFinite));
    if (shape !== "circle") assert(Math.max(...numbers) <= 15 && Math.min(...numbers) >= -15);
  }
});

test("The arrow of the dial grows with the logarithm of the gradient, within the dial.", () => {
  const lengths = [1e-9, 1e-3, 1, 1e3, 1e9].map(arrowLength);
  assert.deepEqual(
    [...lengths].sort((a, b) => a - b),
    lengths,
  );
  assert(lengths[0] > 0 && lengths.at(-1) <= 62);
  assert(lengths[1] < lengths[2] && lengths[2] < lengths[3]);
});

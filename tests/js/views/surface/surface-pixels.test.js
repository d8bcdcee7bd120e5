import assert from "node:assert/strict";
import { test } from "node:test";

import { lossOnPlane } from "../../../../static/js/views/surface/surface-grid.js";
import { pixelsOf } from "../../../../static/js/views/surface/surface-pixels.js";

/** As many colours as there are whole places from 0 to 100, none of them "nothing". */
const COLORS = Uint32Array.from({ length: 101 }, (_, i) => 1000 + i);

/** @param {number[]} values @param {number} columns */
const fieldOf = (values, columns) => ({
  values,
  columns,
  rows: values.length / columns,
  domain: /** @type {[number, number]} */ ([0, 100]),
});

test("The first row of the grid is at the bottom of the picture.", () => {
  assert.deepEqual([...pixelsOf(fieldOf([0, 0, 100, 100], 2), COLORS, 1, 2)], [1075, 1025]);
});

test("A pixel has the colour of the loss of the plane at its middle.", () => {
  const [columns, rows, width, height] = [4, 3, 9, 7];
  const values = Array.from({ length: columns * rows }, (_, i) => (i * 37) % 101);
  const pixels = pixelsOf(fieldOf(values, columns), COLORS, width, height);
  const grid = /** @type {any} */ ({ x: [0, 1, 2, 3], y: [0, 1, 2], z: values });
  for (let row = 0; row < height; row += 1)
    for (let column = 0; column < width; column += 1) {
      const [x, y] = [((column + 0.5) / width) * (columns - 1), (1 - (row + 0.5) / height) * (rows - 1)];
      const loss = lossOnPlane(grid, x, y);
      assert(Math.abs(pixels[row * width + column] - 1000 - loss) < 0.5 + 1e-9, `${row}, ${column}`);
    }
});

test("Where a grid point around it has no loss, a pixel has no colour.", () => {
  const pixels = pixelsOf(fieldOf([0, 50, 100, 0, NaN, 100, 0, 50, 100, 0, 50, 100], 3), COLORS, 2, 3);
  assert.deepEqual([...pixels], [1025, 1075, 0, 0, 0, 0]);
});

test("The ends of the scale have the first and the last colour.", () => {
  const pixels = pixelsOf(fieldOf([0, 0, 0, 0], 2), COLORS, 1, 1);
  assert.equal(pixels[0], COLORS[0]);
  assert.equal(pixelsOf(fieldOf([100, 100, 100, 100], 2), COLORS, 1, 1)[0], COLORS[100]);
});

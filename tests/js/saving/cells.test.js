import assert from "node:assert/strict";
import { test } from "node:test";

import { MOST, shapesOf } from "../../../static/js/saving/cells.js";

const [RED, BLUE, CLEAR] = [
  [255, 0, 0, 255],
  [0, 0, 255, 51],
  [0, 0, 0, 0],
];

/** @param {number[][][]} rows */
function cells(rows) {
  return { columns: rows[0].length, rows: rows.length, rgba: rows.flat(2) };
}

test("Neighbours of one colour are one rectangle, to the side and downwards; what is clear is left out.", () => {
  const shapes = shapesOf(
    cells([
      [RED, RED, BLUE],
      [RED, RED, CLEAR],
      [BLUE, RED, RED],
    ]),
  );
  assert.deepEqual(shapes, [
    { color: "#0000ff", opacity: 0.2, d: "M2 0h1v1h-1ZM0 2h1v1h-1Z" },
    { color: "#ff0000", opacity: 1, d: "M0 0h2v2h-2ZM1 2h2v1h-2Z" },
  ]);
});

test("Every cell is covered once, in its colour.", () => {
  const [columns, rows] = [17, 11];
  const colors = Array.from({ length: columns * rows }, (_, i) => [(i * i) % 3, 0, 0, (i % 7) % 2 && 255]);
  const found = new Map();
  for (const { color, d } of shapesOf({ columns, rows, rgba: colors.flat() }) ?? [])
    for (const [, x, y, w, h] of d.matchAll(/M(\d+) (\d+)h(\d+)v(\d+)h-\d+Z/g))
      for (let row = +y; row < +y + +h; row += 1)
        for (let column = +x; column < +x + +w; column += 1) {
          assert.equal(found.has(row * columns + column), false);
          found.set(row * columns + column, color);
        }
  colors.forEach(([red, , , alpha], i) => {
    assert.equal(found.get(i), alpha === 0 ? undefined : `#0${red}0000`);
  });
});

test("More rectangles than a picture of pixels is worth are none.", () => {
  const row = Array.from({ length: MOST }, (_, i) => (i % 2 === 0 ? RED : BLUE));
  assert.equal(shapesOf(cells([row]))?.length, 2);
  assert.equal(shapesOf(cells([[...row, RED]])), null);
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { overlap, placeTags, tagOf } from "../../../../static/js/views/surface/tags.js";
import { translatorOf } from "../../languages.js";

const area = { width: 300, height: 260 };
const wanted = (/** @type {number} */ x, /** @type {number} */ y) => ({ x, y, width: 110, side: -1 });
const boxes = (/** @type {any[]} */ placed) => placed.flatMap((one) => (one === null ? [] : [one.box]));
const path = /** @type {any} */ ({ loss: [1, 3e-11], planeLoss: [1, 0.0086], stale: false });
const { t } = translatorOf("en");

/** Heads that lie as they may: spread, in a heap, in a row, along the edges. */
const HEADS = {
  spread: Array.from({ length: 8 }, (_, i) => [30 + 34 * i, 20 + ((97 * i) % 220)]),
  heap: Array.from({ length: 8 }, (_, i) => [150 + i, 130 - 2 * i]),
  row: Array.from({ length: 8 }, (_, i) => [10 + 40 * i, 130]),
  edges: Array.from({ length: 8 }, (_, i) => [i % 2 === 0 ? 0 : 300, 37 * i]),
};

for (const [name, heads] of Object.entries(HEADS)) {
  for (const width of [300, 800]) {
    test(`Eight tags, ${name}, on ${width} pixels: none over another, over a head or outside.`, () => {
      const points = heads.map(([x, y]) => wanted((x * width) / 300, y));
      const key = { left: 0, top: 230, width: 120, height: 20 };
      const placed = boxes(placeTags(points, points, { ...area, width }, [key]));
      assert(placed.length >= (width === 800 ? 4 : 2));
      for (const [i, box] of placed.entries()) {
        assert(box.left >= 0 && box.top >= 0 && box.left + box.width <= width);
        assert(!overlap(box, key) && placed.slice(i + 1).every((other) => !overlap(box, other)));
        for (const { x, y } of points)
          assert(!overlap(box, { left: x - 5, top: y - 5, width: 10, height: 10 }));
      }
    });
  }
}

test("The first has room before all others, and stands where it stood as long as it can.", () => {
  const [placed] = placeTags([{ ...wanted(150, 100), side: 3 }, wanted(150, 100)], [], area, []);
  assert.equal(placed?.side, 3);
  const [moved] = placeTags([{ ...wanted(150, 250), side: 3 }], [], area, []);
  assert.notEqual(moved?.side, 3);
});

test("A tag says the true loss and what the plane shows, only where that is far from it.", () => {
  assert.deepEqual(tagOf(path, 1, 1, t), ["true loss 3.0e−11", "plane here 0.00860"]);
  assert.equal(tagOf(path, 0, 1, t), null);
  assert.equal(tagOf({ ...path, planeLoss: null }, 1, 1, t), null);
  assert.equal(tagOf({ ...path, stale: true }, 1, 1, t), null);
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { meshOf, sourcesOf } from "../../../../static/js/views/tune/refining.js";

test("an axis of few places has no coarser grid; one of many has at most 4 places in its coarsest", () => {
  assert.deepEqual([1, 2, 4, 5, 8, 9, 13, 32, 128].map(meshOf), [1, 1, 1, 2, 2, 4, 4, 8, 32]);
});

test("a cell that is not there is drawn as the finest coarser one that is", () => {
  const size = { columns: 13, rows: 3 };
  const there = new Uint8Array(39);
  for (const column of [0, 4, 6, 7]) there[column] = 1;
  const sources = sourcesOf(size, there);
  assert.deepEqual([...sources.slice(0, 10)], [0, 0, 0, 0, 4, 4, 6, 7, -1, -1]);
  assert.ok(sources.slice(13).every((source) => source === -1));
});

test("what is there stands for itself", () => {
  const sources = sourcesOf({ columns: 40, rows: 40 }, new Uint8Array(1600).fill(1));
  assert.ok(sources.every((source, at) => source === at));
});

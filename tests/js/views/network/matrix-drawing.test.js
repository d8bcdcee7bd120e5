import assert from "node:assert/strict";
import { test } from "node:test";

import { look } from "../../../../static/js/views/network/matrix-drawing.js";

test("A number is as strong as its share of the largest, by its sign; what is none is marked.", () => {
  assert.deepEqual(look(0.5, 2), { "data-sign": "positive", "fill-opacity": "0.250" });
  assert.deepEqual(look(-3, 2), { "data-sign": "negative", "fill-opacity": "1.000" });
  assert.deepEqual(look(NaN, 2), { "data-sign": "none", "fill-opacity": "1" });
  assert.deepEqual(look(null, 2), { "data-sign": "none", "fill-opacity": "1" });
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { INSET, keyPlace } from "../../../../static/js/views/surface/key-place.js";

const key = { width: 60, height: 20 };
const area = { width: 300, height: 200 };
const bottom = area.height - key.height - INSET;

test("The key stands at the bottom left, and where that would hide a path in another corner.", () => {
  const through = (...pixels) => [{ pixels: Float64Array.from(pixels) }];
  assert.deepEqual(keyPlace(through(150, 100), key, area), { left: INSET, top: bottom });
  const started = through(20, 180, 150, 100);
  assert.deepEqual(keyPlace(started, key, area), { left: area.width - key.width - INSET, top: bottom });
  const crossing = through(20, 180, 150, 100, 280, 180);
  assert.deepEqual(keyPlace(crossing, key, area), { left: INSET, top: INSET });
});

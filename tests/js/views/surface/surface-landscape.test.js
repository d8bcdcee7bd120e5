import assert from "node:assert/strict";
import { test } from "node:test";

import { pauseAfter } from "../../../../static/js/views/surface/surface-landscape.js";

const FRAME_MS = 1000 / 60;

test("Drawing the paths over a landscape takes at most a quarter of the time.", () => {
  for (const took of [1, 20, 100, 800]) assert.ok(took / pauseAfter(took) <= 0.25);
});

test("No more than one frame in twenty waits for a drawing that is felt.", () => {
  for (const took of [26, 40, 80, 400]) assert.ok(pauseAfter(took) / FRAME_MS >= 19);
});

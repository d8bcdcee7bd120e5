import assert from "node:assert/strict";
import { test } from "node:test";

import { isLevel, shareOf } from "../../../../static/js/controls/problem/race-table.js";

test("A share has two digits, is 0 below what float32 can tell, and none where the run diverged.", () => {
  assert.deepEqual([0.012345, 1e-10, 1, null].map(shareOf), ["0.012", "0", "1", null]);
});

test("What overlaps the band of the best is level with it, and what is solved, too.", () => {
  assert.equal(isLevel({ low: 0.2 }, { high: 0.3 }), true);
  assert.equal(isLevel({ low: 0.4 }, { high: 0.3 }), false);
  assert.equal(isLevel({ low: null }, { high: 0.3 }), false);
  assert.equal(isLevel({ low: 1e-10 }, { high: 1e-12 }), true);
});

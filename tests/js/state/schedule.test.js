import assert from "node:assert/strict";
import { test } from "node:test";

import { epochsOf } from "../../../static/js/state/schedule.js";
import { follow } from "../../../static/js/state/schedule-edits.js";
import { whole, sequence, chain, extents } from "../schedules.js";

test("The scheduler is called once every interval.", () => {
  assert.equal(epochsOf(300), 300);
  assert.equal(epochsOf(301, 10), 31);
});

test("Pieces that follow each other share the run at the milestones, chained ones all have the whole.", () => {
  assert.deepEqual(extents(whole), [[0, 300]]);
  assert.deepEqual(extents(sequence), [[0, 30], [30, 300]]); // prettier-ignore
  assert.deepEqual(extents(chain), [[0, 300], [0, 300]]); // prettier-ignore
  assert.deepEqual(extents({ ...chain, schedulers: [sequence, whole] }), [[0, 30], [30, 300], [0, 300]]); // prettier-ignore
});

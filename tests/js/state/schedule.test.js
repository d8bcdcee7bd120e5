import assert from "node:assert/strict";
import { test } from "node:test";

import { calledAt, epochsOf, isOrHas, nameOf, tidy } from "../../../static/js/state/schedule.js";
import { follow } from "../../../static/js/state/schedule-edits.js";
import { whole, sequence, handed, chain, extents } from "../schedules.js";

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

test("A hand-over is drawn in stretches, has a name of its own, and calls one part.", () => {
  assert.deepEqual(extents(handed), extents(sequence));
  assert.deepEqual(
    [nameOf(sequence), nameOf(handed)],
    ["LinearLR → CosineAnnealingLR", "LinearLR ⇢ CosineAnnealingLR"],
  );
  assert.deepEqual(
    [29, 30, 31].map((count) => calledAt(handed, count)).map(({ index, count }) => [index, count]),
    [
      [0, 29],
      [1, 0],
      [1, 1],
    ],
  );
  assert.equal(calledAt(sequence, 40).index, null);
  assert.deepEqual([isOrHas(handed, ["LinearLR"]), isOrHas(handed, ["StepLR"])], [true, false]);
});

test("What the server leaves empty says nothing, and the steps of an epoch are kept.", () => {
  const told = { ...whole, interval: 1, schedulers: null, milestones: null };
  assert.deepEqual(tidy({ ...told, epoch_steps: null }), whole);
  assert.deepEqual(tidy({ ...told, epoch_steps: 4 }), { ...whole, epoch_steps: 4 });
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { LOOP_LINES, departuresOf, loopField } from "../../../static/js/state/loop.js";

test("What is as in the tutorial is not kept.", () => {
  assert.deepEqual(loopField({ zero_grad: true, accumulate: 1, order: null, autocast: null }), {});
  assert.deepEqual(loopField(undefined), {});
  const own = { set_to_none: false, accumulate: 2, order: ["forward", "loss"] };
  assert.deepEqual(loopField({ ...own, scale_loss: true, replaced: null }), { loop: own });
});

const without = (...lines) => LOOP_LINES.filter((line) => !lines.includes(line));

for (const [departures, order] of [
  [[], LOOP_LINES],
  [["noZeroGrad"], without("zero_grad")],
  [
    ["zeroGradLate"],
    ["forward", "loss", "backward", "zero_grad", "clip", "optimizer_step", "scheduler_step"],
  ],
  [
    ["backwardTwice"],
    ["zero_grad", "forward", "loss", "backward", "backward", "optimizer_step", "scheduler_step"],
  ],
  [["stepEarly"], ["zero_grad", "forward", "loss", "optimizer_step", "backward", "scheduler_step"]],
  [["clipLate"], ["zero_grad", "forward", "loss", "backward", "optimizer_step", "clip", "scheduler_step"]],
  [["noScheduler"], without("scheduler_step")],
  [["schedulerFirst"], ["scheduler_step", ...without("scheduler_step")]],
  [["noBackward"], without("backward")],
  [["noStep"], without("optimizer_step")],
  [["ownOrder"], ["forward", "zero_grad", "loss", "backward", "clip", "optimizer_step", "scheduler_step"]],
])
  test(`An order departs from the tutorial's in: ${departures.join(", ") || "nothing"}.`, () => {
    assert.deepEqual(departuresOf(order), departures);
  });

test("A run without a scheduler misses no scheduler.step.", () => {
  assert.deepEqual(departuresOf(without("scheduler_step"), false), []);
  assert.deepEqual(departuresOf(without("scheduler_step", "backward"), false), ["noBackward"]);
});

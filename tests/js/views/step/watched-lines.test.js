import assert from "node:assert/strict";
import { test } from "node:test";

import { watchedLines } from "../../../../static/js/views/step/watched-lines.js";
import { watchedHistory } from "../../watched-run.js";
import { encode } from "../../wire.js";

test("Of a loop that is not ours its step is told by what was recorded, and no line of code that nobody knows.", () => {
  const told = watchedLines(watchedHistory(), 2);
  assert.deepEqual(
    told.map(({ part, said }) => [part, said.map(({ key }) => key)]),
    [
      ["forward", ["lossOfLoop"]],
      ["backward", ["filled"]],
      ["step", []],
      ["schedule", ["ratesOfGroups"]],
    ],
  );
  assert.equal(told[0].said[0].params?.value, "0.5000");
});

test("What it has not said is told to be unsaid, and clipping where it has.", () => {
  const norms = (/** @type {number} */ norm) => encode(Float64Array.from(Array(4).fill(norm)), [4]);
  const history = watchedHistory({ loss: norms(NaN), clipped_grad_norm: norms(1) });
  const keys = watchedLines(history, 4).map(({ said }) => said[0]?.key);
  assert.deepEqual(keys, ["unsaid", "filled", "clipped", undefined]);
});

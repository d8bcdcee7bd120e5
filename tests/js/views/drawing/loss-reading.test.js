import assert from "node:assert/strict";
import { test } from "node:test";

import { lossReading } from "../../../../static/js/views/drawing/loss-reading.js";
import { historyOf } from "../../drawn.js";
import { translatorOf } from "../../languages.js";
import { watchedHistory } from "../../watched-run.js";
import { encode } from "../../wire.js";

const { t } = translatorOf("en");
const data = { x: encode(new Float64Array(8), [4, 2]), y: encode(new Float64Array(4), [4, 1]) };

/** A run of four records with losses 8, 8, 4, 2, which ends with 1 unless told otherwise. */
function run(config = {}, end = { end_loss: 1 }) {
  const history = historyOf({ "fc1.bias": [1] }, 4, () => 0, { loss: (k) => [8, 8, 4, 2][k], config, data });
  if (end !== null) history.end({ reason: "completed", step: 3, detail: "", ...end });
  return history;
}

test("The loss is the one here, after the step, which a fork and its parent have in common.", () => {
  const readings = [0, 1, 2, 3, 9].map((step) => lossReading(run(), step, t));
  assert.deepEqual(readings, [
    { text: "8.000", title: "Loss here, at the start" },
    { text: "4.000", title: "Loss here (after step 1)" },
    { text: "2.000", title: "Loss here (after step 2)" },
    { text: "1.000", title: "Loss here (after step 3)" },
    { text: "1.000", title: "Loss here (after step 3)" },
  ]);
});

test("Where it is not known, the loss of the step is said to be that, and a minibatch's to be a minibatch's.", () => {
  const older = lossReading(run({}, {}), 3, t);
  assert.deepEqual(older, { text: "2.000", title: "Loss of step 3 (before it)" });
  const batch = lossReading(run({ batch_size: 2 }), 2, t);
  assert.deepEqual(batch, { text: "4.000 · batch", title: "Loss of step 2 (before it), on its minibatch" });
  assert.equal(lossReading(run({ batch_size: 2 }), 3, t).title, "Loss here (after step 3)");
  assert.deepEqual(lossReading(null, 3, t), { text: "–", title: "" });
});

test("Of a loop that is not ours the loss is what it said, or that it has said nothing.", () => {
  const history = watchedHistory();
  assert.deepEqual(lossReading(history, 2, t), {
    text: "0.5000",
    title: "Loss that your loop said of step 2",
  });
  assert.match(lossReading(history, 0, t).title, /said no loss of step 0/);
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { answerOf } from "../../../../static/js/main/flows.js";
import { flowLines } from "../../../../static/js/views/curvature/flow-figure.js";
import { describeFlow } from "../../../../static/js/views/curvature/flow-words.js";
import { SERIES } from "../../../../static/js/views/charts/series.js";
import { dataOf, runOf } from "../../drawn.js";
import { flowAnswer } from "../../flow.js";

const ctx = /** @type {any} */ ({
  t: (/** @type {string} */ key, params = {}) => `${key} ${JSON.stringify(params)}`,
  say: ({ detail }) => detail,
});

/** A flow of run 0, found with these changes of the answer. */
const flowOf = (changes = {}) =>
  /** @type {any} */ ({ run: "0", found: answerOf(flowAnswer(changes)).found, none: null, stale: false });

test("What is predicted and what is measured are lines over the same steps.", () => {
  const looks = { flow: runOf("flow"), run: runOf("0") };
  const lines = flowLines(flowOf(), looks);
  const drawn = (/** @type {any[]} */ some) => some.map(({ run, column }) => [run.id, ...column.values]);
  assert.deepEqual(drawn(lines.loss), [
    ["0", 3, 2.4, 1.6],
    ["flow", 3, 2.5, 1.5],
  ]);
  assert.deepEqual(drawn(lines.sharpness), [["flow", 4, 5, 5]]);
  assert.deepEqual(lines.swing[0].column.steps, [1, 2, 3]);
  assert.deepEqual(Object.values(flowLines(null, looks)).flat(), []);
});

test("The loss chart shows the predicted mean beside the run's own, and says which it is.", () => {
  const [loss] = SERIES;
  const data = dataOf([runOf("0"), runOf("1")], { flow: flowOf() });
  const [line, ...others] = loss.companions(data);
  assert.deepEqual([line.run.id, [...line.column.values], others.length], ["0", [3, 2.5, 1.5], 0]);
  assert.deepEqual(loss.note(data), { key: "views.charts.flow", whole: null });
  assert.equal(loss.note(dataOf([runOf("0")])), null);
});

test("The sentences say how near it comes, and where it stops holding.", () => {
  const [theory, lossSaid, swing, ...others] = describeFlow(flowOf(), ctx);
  assert.match(theory, /theory/);
  assert.match(lossSaid, /flow\.loss .*"error":"20 %".*"step":2/);
  assert.match(swing, /flow\.swing .*"window":100/);
  assert.deepEqual(others, []);
  const stopped = { stopped: "It ends.", stopped_code: "flow_stopped", stopped_params: { step: 3, why: "" } };
  const said = describeFlow(flowOf({ departs: 3, ...stopped }), ctx);
  assert.match(said[3], /flow\.departs .*3/);
  assert.equal(said[4], "It ends.");
  assert.match(describeFlow(flowOf({ edge: null }), ctx)[1], /flow\.stable/);
});

test("Before it is there, and where there is none, that is said; where it is not asked for, nothing.", () => {
  const waiting = /** @type {any} */ ({ run: "0", found: null, none: null });
  assert.match(describeFlow(waiting, ctx)[0], /waiting/);
  assert.match(describeFlow({ ...waiting, none: "kinks" }, ctx)[0], /none .*kinks/);
  assert.deepEqual(describeFlow(null, ctx), []);
});

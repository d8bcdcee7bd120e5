import assert from "node:assert/strict";
import { test } from "node:test";

import { Flows } from "../../../static/js/main/flows.js";
import { historyOf, runOf } from "../drawn.js";
import { NO_FLOW, flowAnswer } from "../flow.js";

const trained = (/** @type {string} */ id) => {
  const history = historyOf({ "fc1.bias": [1] }, 3, () => 0);
  history.end({ reason: "completed", step: 2, detail: "" });
  return runOf(id, { request: { id }, history });
};
const RUNS = [trained("0"), trained("1")];

/** A source whose server answers `answer`, and what it was asked for. */
function sourceOf(/** @type {any} */ context, /** @type {any} */ answer) {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  /** @type {any[]} */
  const asked = [];
  const centralFlow = async (/** @type {any} */ run) => {
    asked.push(run.id);
    return answer;
  };
  const ctx = /** @type {any} */ ({ api: { centralFlow }, t: String, say: ({ detail }) => detail });
  let changes = 0;
  const source = new Flows(ctx, () => (changes += 1));
  const settle = async () => {
    context.mock.timers.tick(5000);
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { source, settle, asked, changes: () => changes };
}

test("The flow of the selected run alone is asked for, once.", async (context) => {
  const { source, settle, asked, changes } = sourceOf(context, flowAnswer());
  const data = /** @type {any} */ ({ runs: RUNS, selected: "1" });
  const { isWaiting, found } = source.of(data);
  assert.deepEqual([isWaiting, found], [true, null]);
  await settle();
  assert.deepEqual([asked, changes()], [["1"], 1]);
  const flow = source.of(data);
  assert.deepEqual([flow.run, flow.isWaiting, flow.none, flow.stale], ["1", false, null, false]);
  assert.deepEqual([...flow.found.predictedLoss], [3, 2.5, 1.5]);
  assert.deepEqual([flow.found.edge, flow.found.meanLoss], [2, { predicted: 2, measured: 2.5 }]);
  await settle();
  assert.equal(asked.length, 1);
});

test("Where there is none it says why.", async (context) => {
  const { source, settle } = sourceOf(context, NO_FLOW);
  const data = /** @type {any} */ ({ runs: RUNS, selected: "0" });
  source.of(data);
  await settle();
  const { found, none, isWaiting } = source.of(data);
  assert.deepEqual([found, none, isWaiting], [null, "no momentum", false]);
});

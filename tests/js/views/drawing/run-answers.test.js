import assert from "node:assert/strict";
import { test } from "node:test";

import { ApiError } from "../../../../static/js/api/request.js";
import { describeRefusal } from "../../../../static/js/api/trouble.js";
import { RunAnswers } from "../../../../static/js/views/drawing/run-answers.js";
import { answerOf } from "../../curvature.js";
import { historyOf, runOf } from "../../drawn.js";
import { translatorOf } from "../../languages.js";

const ENDED = { reason: "completed", step: 2, detail: "" };

/** @param {string} id @param {any} request @param {any} [changes] */
const trained = (id, request, { records = 3, ended = ENDED, ...changes } = {}) => {
  const history = historyOf({ "fc1.bias": [2] }, records, () => 0);
  if (ended !== null) history.end(ended);
  return runOf(id, { request, history, ...changes });
};

/** A source whose requests are answered by hand, on a clock that is moved by hand. */
function sourceIn(/** @type {any} */ context) {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  /** @type {any[]} */
  const asked = [];
  const changes = { count: 0 };
  const source = new RunAnswers(
    (request, signal) =>
      new Promise((resolve, reject) => {
        asked.push({ request, signal, answer: () => resolve(answerOf()), refuse: reject });
        signal.addEventListener("abort", () => reject(signal.reason));
      }),
    () => (changes.count += 1),
  );
  const tick = (/** @type {number} */ ms) => context.mock.timers.tick(ms);
  return { source, asked, changes, tick };
}

/** Everything that has been promised has happened. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

test("Runs are asked for one after the other, each once.", async (context) => {
  const { source, asked, changes, tick } = sourceIn(context);
  const runs = [trained("1", { lr: 1 }), trained("0", { lr: 0 })];
  source.want(runs);
  tick(0);
  assert.deepEqual(asked.map(({ request }) => request), [{ lr: 1 }]); // prettier-ignore
  asked[0].answer();
  await settled();
  assert.deepEqual(asked.map(({ request }) => request), [{ lr: 1 }, { lr: 0 }]); // prettier-ignore
  asked[1].answer();
  await settled();
  assert.equal(changes.count, 2);
  source.want([...runs].reverse());
  tick(5000);
  assert.equal(asked.length, 2);
  assert.equal(source.known(runs[0]).answer?.steps.length, 3);
});

test("A run whose records are not all there is not asked for: the server would train it for this.", (context) => {
  const { source, asked, tick } = sourceIn(context);
  source.want([
    runOf("0", { request: {} }),
    trained("1", {}, { ended: null }),
    trained("2", {}, { stale: true }),
  ]);
  tick(5000);
  assert.equal(asked.length, 0);
});

test("While an edit rests nothing is asked for, and the old answer stands as stale.", async (context) => {
  const { source, asked, tick } = sourceIn(context);
  source.want([trained("0", { lr: 0 })]);
  tick(0);
  asked[0].answer();
  await settled();
  const edited = trained("0", { lr: 1 });
  source.want([edited]);
  assert.equal(source.known(edited).stale, true);
  tick(200);
  source.want([trained("0", { lr: 2 })]);
  tick(200);
  assert.equal(asked.length, 1);
  tick(100);
  assert.deepEqual(asked[1].request, { lr: 2 });
  asked[1].answer();
  await settled();
  assert.equal(source.known(trained("0", { lr: 2 })).stale, false);
});

test("What is no longer wanted is broken off, and the new is asked for after a rest.", async (context) => {
  const { source, asked, tick } = sourceIn(context);
  source.want([trained("0", { lr: 0 })]);
  tick(0);
  source.want([trained("0", { lr: 1 })]);
  assert.equal(asked[0].signal.aborted, true);
  await settled();
  assert.equal(asked.length, 1);
  tick(300);
  assert.deepEqual(asked[1].request, { lr: 1 });
});

test("To go back to what is known costs nothing.", async (context) => {
  const { source, asked, tick } = sourceIn(context);
  for (const lr of [0, 1, 0]) {
    source.want([trained("0", { lr })]);
    tick(300);
    asked[asked.length - 1].answer();
    await settled();
  }
  assert.equal(asked.length, 2);
  assert.equal(source.known(trained("0", { lr: 0 })).stale, false);
});

test("A kept run that grows is looked at once a second, and is not stale meanwhile.", async (context) => {
  const { source, asked, tick } = sourceIn(context);
  const grown = (/** @type {number} */ records) => trained("0", { id: "k" }, { records, ended: null });
  source.want([grown(3)]);
  tick(0);
  asked[0].answer();
  await settled();
  for (let records = 4; records < 9; records += 1) {
    source.want([grown(records)]);
    tick(150);
  }
  assert.equal(asked.length, 1);
  assert.equal(source.known(grown(8)).stale, false);
  tick(250);
  assert.equal(asked.length, 2);
});

test("A refusal is kept until somebody looks anew; a busy server is asked again when it says.", async (context) => {
  const { source, asked, tick } = sourceIn(context);
  const run = trained("0", { lr: 0 });
  source.want([run]);
  tick(0);
  asked[0].refuse(new ApiError(429, {}, 2));
  await settled();
  assert.equal(source.known(run).error.retryAfter, 2);
  tick(2000);
  tick(0);
  assert.equal(asked.length, 2);
  asked[1].refuse(Object.assign(new Error("no"), { status: 422 }));
  await settled();
  tick(5000);
  assert.equal(asked.length, 2);
  assert.equal(source.known(run).error.status, 422);
  source.rest();
  source.want([run]);
  tick(0);
  assert.equal(asked.length, 3);
});

test("Nothing is asked for while nobody looks.", async (context) => {
  const { source, asked, tick } = sourceIn(context);
  source.want([trained("0", { lr: 0 }), trained("1", { lr: 1 })]);
  tick(0);
  source.rest();
  await settled();
  tick(5000);
  assert.equal(asked[0].signal.aborted, true);
  assert.equal(asked.length, 1);
});

test("Nothing is asked of a loop that is not ours: it is told why, with the code.", (context) => {
  const asked = context.mock.fn(async () => ({}));
  const source = new RunAnswers(asked, () => {});
  const run = trained("0", { id: "w1" }, { watched: true });
  context.mock.timers.enable({ apis: ["setTimeout"] });
  source.want([run]);
  context.mock.timers.tick(10_000);
  const { error } = source.known(run);
  assert.equal(/** @type {any} */ (error).said.code, "no_config");
  assert.equal(describeRefusal(error, translatorOf("zh")).endsWith("（no_config）"), true);
  assert.equal(asked.mock.callCount(), 0);
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { Known } from "../../../static/js/session/known.js";

const job = /** @type {any} */ ({ id: "run-0", config: { steps: 5 } });
const KEY = '{"steps":5}';

for (const [reason, code, isSettled, isShown] of /** @type {[string, string, boolean, boolean][]} */ ([
  ["completed", "completed", true, true],
  ["diverged", "diverged_loss", true, true],
  ["failed", "failed", true, true],
  ["failed", "broke_off", false, true],
  ["stopped", "stopped", false, false],
])) {
  test(`A run that ${reason} (${code}) ${isSettled ? "need not" : "may"} be trained again.`, () => {
    const known = new Known(() => null);
    known.learn(KEY, /** @type {any} */ ({ ended: { reason, code }, isEmpty: false }));
    assert.equal(known.isSettled(KEY), isSettled);
    assert.equal(known.records(job) !== undefined, isShown);
  });
}

test("What is refused is settled, with every reason.", () => {
  const known = new Known(() => null);
  const problems = ["/steps", "/dtype"].map((pointer) => ({ pointer, detail: "" }));
  for (const problem of problems) known.refuse(KEY, problem);
  assert.equal(known.isSettled(KEY), true);
  assert.deepEqual(known.refusals(KEY), problems);
  assert.equal(known.records(job), undefined);
});

test("A kept run has the records that its follower has.", () => {
  const followed = /** @type {any} */ ({ history: { isEmpty: true } });
  const known = new Known((id) => (id === "a" ? followed : null));
  const kept = { ...job, kept: { id: "a", last: -1 } };
  assert.equal(known.records(kept), undefined);
  followed.history.isEmpty = false;
  assert.equal(known.records(kept), followed.history);
});

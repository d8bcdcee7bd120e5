import assert from "node:assert/strict";
import { test } from "node:test";

import { earlyEnd, mendOf, rawOf, stepOfEnd, tellEnd } from "../../../../static/js/views/drawing/ends.js";
import { translatorOf } from "../../languages.js";

const words = translatorOf("en");

/** @param {any} what @param {any} [why] */
const failed = (what, why = "ValueError: no luck") => ({
  reason: /** @type {const} */ ("failed"),
  step: 20,
  detail: `failed at step 21: ${what.detail}; see /lr_scheduler (${why})`,
  code: "failed",
  params: { step: 21, what, pointer: "/lr_scheduler/hyperparameters/total_steps", why },
});
const over = failed({ detail: "OneCycleLR ends", code: "schedule_over", params: { calls: 60 } });
const raised = failed({ detail: "Adam could not make its step", code: "optimizer_raised", params: {} });
const diverged = {
  reason: /** @type {const} */ ("diverged"),
  step: 7,
  detail: "diverged at step 7",
  code: "diverged_loss",
  params: { step: 7 },
};
/** What an earlier version kept. */
const old = { ...over, detail: "failed after step 20: no luck", code: "as_written", params: { text: "" } };

test("A failure is told in a sentence of ours, without the words of another program.", () => {
  assert.equal(tellEnd(over, words), "At step 21: OneCycleLR ends");
  assert.equal(tellEnd(diverged, words), "diverged at step 7");
  assert.equal(tellEnd(old, words), "failed after step 20: no luck");
});

test("What was raised is there to be read, also where it is said by a code.", () => {
  assert.equal(rawOf(over, words.say), "ValueError: no luck");
  const why = { detail: "no value at epoch 3", code: "of_an_expression", params: {} };
  assert.equal(rawOf(failed({ detail: "" }, why), words.say), "no value at epoch 3");
  assert.equal(rawOf(diverged, words.say), null);
});

test("A failure says which field to look at, and what it must be where that is known.", () => {
  assert.deepEqual(mendOf(over), { pointer: "/lr_scheduler/hyperparameters/total_steps", value: 60 });
  assert.equal(mendOf(raised)?.value, null);
  for (const ended of [diverged, old, null]) assert.equal(mendOf(ended), null);
});

test("An end is shown from its last record on, with the step that it came at.", () => {
  const run = /** @type {any} */ ({ history: { ended: over } });
  assert.equal(earlyEnd(run, 19), null);
  assert.equal(earlyEnd(run, 20), over);
  assert.equal(stepOfEnd(over), 21);
  assert.equal(stepOfEnd(old), 20);
});

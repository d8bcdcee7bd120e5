import assert from "node:assert/strict";
import { test } from "node:test";

import { tellStep } from "../../../../static/js/views/story/story-words.js";
import { historyOf, runOf } from "../../drawn.js";
import { translatorOf } from "../../languages.js";
import { watchedHistory } from "../../watched-run.js";

const { t } = translatorOf("en");

/**
 * A run that ended, whose loss after step k is `losses[k]`.
 *
 * @param {string} label
 * @param {number[]} losses
 * @param {{lr?: number, start?: number, reason?: string, batch?: boolean}} [options]
 */
function ran(label, losses, { lr = 0.1, start = 1, reason = "completed", batch = false } = {}) {
  const history = historyOf({ xy: [2] }, losses.length, (k) => start - k, {
    loss: (k) => losses[Math.max(0, k - 1)],
    config: { optimizer: { name: "SGD", hyperparameters: { lr } }, ...(batch && { batch_size: 1 }) },
    ...(batch && { data: { x: [[1], [2]], y: [[1], [2]] } }),
  });
  const step = losses.length - 1;
  history.end(
    /** @type {any} */ ({ reason, step, detail: "", code: reason, params: {}, end_loss: losses[step] }),
  );
  return runOf(label, { label, history });
}

/** @param {any[]} runs @param {number} step @param {object} [data] */
const told = (runs, step, data = {}) => tellStep({ runs, steps: 3, mode: "contour", ...data }, step, t);

const two = [ran("SGD", [9, 4, 4, 1]), ran("Adam", [9, 4, 2, 1.5], { lr: 0.2 })];

test("At the start it says that all begin at one place, and what the colours mean.", () => {
  assert.equal(told(two, 0), "Two optimizers start from the same place ○. Dark is low.");
  assert.equal(told(two, 0, { mode: "data" }), "Two optimizers start from the same place ○.");
});

test("At each step the lowest exact loss leads, and runs with the same are level.", () => {
  assert.match(told(two, 1), / Step 1: SGD, Adam are level, at a loss of 4\.0+\.$/);
  assert.match(told(two, 2), / Step 2: Adam leads, at a loss of 2\.0+\.$/);
});

test("At the end it says who reached what, and when different rates are fair.", () => {
  const end = told(two, 3);
  assert.match(end, /^Step 3, the end\. Losses reached: SGD 1\.0+, Adam 1\.50+\. They had different rates/);
  assert.match(told([two[0], ran("Adam", [9, 4, 2, 1.5])], 3), /All had the same rate, lr 0\.1\.$/);
  assert.match(told(two, 2, { steps: 2 }), /^Step 2, the end/);
});

test("A run that diverged leads nobody, from the step on at which it did.", () => {
  const runs = [two[0], ran("Adam", [9, 1, 1], { reason: "diverged" })];
  assert.match(told(runs, 1), /Step 1: Adam leads/);
  assert.match(told(runs, 2), /Step 2: SGD leads, at a loss of 4\.0+\. Adam diverged at step 2\.$/);
  assert.match(
    told(runs, 3),
    /^Step 3, the end\. Losses reached: SGD 1\.0+\. Adam diverged at step 2\. All had/,
  );
});

test("A run that failed is told as lost, and not as one that came to its end.", () => {
  const failed = ran("SGD", [9], { reason: "failed" });
  failed.history?.end(
    /** @type {any} */ ({ reason: "failed", step: 0, code: "failed", params: { step: 1 } }),
  );
  assert.equal(told([failed], 0), "SGD failed at step 1.");
  assert.match(told([failed, two[1]], 2), /Step 2: Adam leads, at a loss of 2\.0+\. SGD failed at step 1\.$/);
  const diverged = ran("RMSprop", [9, 1, 1], { reason: "diverged" });
  assert.match(told([failed, diverged, two[1]], 2), /RMSprop diverged at step 2\. SGD failed at step 1\.$/);
});

test("However many diverge, the sentence stays short.", () => {
  const runs = ["SGD", "Adam", "AdamW", "NAdam"].map((label, i) =>
    ran(label, [9, 1, 1], { reason: i === 0 ? "completed" : "diverged" }),
  );
  assert.match(told(runs.slice(0, 3), 2), / Adam, AdamW diverged\. All had/);
  assert.match(told(runs, 2), / 3 runs diverged\. All had/);
  assert.match(told(runs.slice(1), 2), /All diverged\. All had/);
});

test("Where minibatches leave the loss of all samples unknown, nobody is said to lead.", () => {
  const runs = ["SGD", "Adam"].map((label) => ran(label, [9, 4, 4, 1], { batch: true }));
  assert.match(told(runs, 1), /Step 1: each step saw another minibatch/);
  assert.match(told(runs, 3), /Losses reached: SGD 1\.0+, Adam 1\.0+\./);
});

test("Runs that begin apart are said to, one alone leads nobody, and of many the best are named.", () => {
  assert.match(
    told([two[0], ran("Adam", [9, 4, 2, 1], { start: 7 })], 0),
    /^Two optimizers, each from a place/,
  );
  assert.match(told([two[0]], 1), /^SGD starts from ○\. Dark is low\. Step 1: its loss is 4\.0+\.$/);
  const many = Array.from({ length: 6 }, (_, i) => ran(`run ${i}`, [9, 8, 7, i]));
  assert.match(told(many, 3), /run 3 3\.0+, and 2 others\./);
});

test("What is refused is named, and what is shown in its place.", () => {
  const inPlace = { ...two[0], refused: "Muon" };
  const without = runOf("b", { refused: "Adam lr -1" });
  assert.match(told([inPlace], 0), /^Muon is refused as it is set up: .* before\. SGD starts/);
  assert.match(
    told([two[0], without], 0),
    /^Adam lr -1 is refused as it is set up, so nothing .* SGD starts/,
  );
  const many = Array.from({ length: 6 }, (_, i) => ({ ...two[0], refused: `run ${i}` }));
  assert.match(told(many, 0), /^run 0, run 1, run 2, run 3, and 2 others are refused/);
});

test("Before the first record there is nothing to say.", () => {
  assert.equal(told([runOf("a")], 0), "");
});

test("A loop that is not ours leads nobody: what it said last is told behind the others, and alone.", () => {
  const own = runOf("mine", { label: "mine", history: watchedHistory(), watched: true });
  assert.match(told([...two, own], 2), /Step 2: .* leads.* Your loops said last: mine 0.5/);
  assert.match(told([own], 2), /^Your loops said last: mine 0.5/);
  assert.match(told([...two, own], 3), /the end\. Losses reached: .* Your loops said last: mine 0.3/);
});

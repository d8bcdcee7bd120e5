import assert from "node:assert/strict";
import { test } from "node:test";

import { fileName, layOut } from "../../../static/js/saving/caption.js";
import { SIZES, countOf, speedFor, stepsOf } from "../../../static/js/saving/film-plan.js";

test("A film shows every step at a picture each where they are as fast as the pictures.", () => {
  const steps = stepsOf({ first: 0, last: 300, speed: 30, rate: 30 });
  assert.equal(steps.length, 331);
  assert.deepEqual(
    steps.slice(0, 301),
    Array.from({ length: 301 }, (_, i) => i),
  );
  assert.ok(
    steps.slice(300).every((step) => step === 300),
    "the last picture stays for a second",
  );
});

test("A film from a step to another begins and ends there, at any speed and rate.", () => {
  for (const rate of [24, 30, 60, 20, 100 / 3, 50])
    for (const speed of [0.5, 1, 7, 30, 1000]) {
      const plan = { first: 20, last: 57, speed, rate };
      const steps = stepsOf(plan);
      assert.equal(steps.length, countOf(plan));
      assert.equal(steps[0], 20);
      assert.equal(steps[steps.length - 1], 57);
      assert.ok(steps.every((step, i) => i === 0 || step >= steps[i - 1]));
    }
});

test("All steps take about ten seconds unless somebody wants it otherwise.", () => {
  assert.equal(speedFor(300), 30);
  for (const steps of [1, 10, 77, 1000, 100_000]) {
    const seconds = steps / speedFor(steps);
    assert.ok(seconds <= 10, `${steps} steps take ${seconds} s`);
    assert.ok(steps < 40 || seconds >= 4, `${steps} steps take ${seconds} s`);
  }
});

test("Films have even sides, as their codecs want them.", () => {
  for (const side of SIZES.flat()) assert.equal(side % 2, 0);
});

/** @param {string} label @returns {import("../../../static/js/saving/caption.js").Shown} */
const run = (label) => ({ label, color: "#000", dash: [], marker: "circle" });

test("A caption has its title first, and as many runs on a line as there is room for.", () => {
  const caption = { title: "XOR · step 3 of 10", runs: ["SGD", "Adam", "AdamW", "RMSprop"].map(run) };
  const { items, height } = layOut(caption, 200, (text) => 7 * text.length);
  assert.deepEqual(
    items.map(({ text }) => text),
    ["XOR · step 3 of 10", "SGD", "Adam", "AdamW", "RMSprop"],
  );
  const lines = new Set(items.map(({ y }) => y));
  assert.equal(lines.size, 3);
  assert.equal(height, 60);
  for (const { x, text, run: shown } of items)
    assert.ok(x + 7 * text.length + (shown === null ? 0 : 34) <= 200);
});

test("A title that is wider than the picture is broken between words.", () => {
  const { items } = layOut({ title: "one two three", runs: [] }, 50, (text) => 7 * text.length);
  assert.deepEqual(
    items.map(({ text }) => text),
    ["one two", "three"],
  );
});

test("Files are called the same for the same thing, in letters that every system takes.", () => {
  assert.equal(fileName(["xor", "surface", "step-120"], "png"), "optiscope-xor-surface-step-120.png");
  assert.equal(
    fileName(["moons", "SGD momentum 0.9", "../é:*"], "csv"),
    "optiscope-moons-sgd-momentum-0.9-e.csv",
  );
  assert.equal(fileName(["a".repeat(500)], "gif").length, 124);
});

import assert from "node:assert/strict";
import test from "node:test";

import { Record } from "../../../../static/js/state/loops/record.js";
import { spacingOf } from "../../../../static/js/state/loops/spacing.js";
import { recordedAt } from "./recorded.js";

/** @param {number[]} steps @param {unknown} [asked] */
const spaced = (steps, asked) => spacingOf(recordedAt(steps), asked);

/** @param {number} begin @param {number} end @param {number} every */
const range = (begin, end, every) =>
  Array.from({ length: Math.ceil((end - begin) / every) }, (_, k) => begin + k * every);

test("A run whose records are all as far apart has one distance, whatever was asked for.", () => {
  assert.deepEqual(spacingOf(new Record(/** @type {any} */ ({ parameters: [] }))), {
    kind: "every",
    every: 1,
  });
  assert.deepEqual(spaced(range(0, 9, 1), 1), { kind: "every", every: 1 });
  assert.deepEqual(spaced(range(0, 90, 10), 10), { kind: "every", every: 10 });
  assert.deepEqual(spaced(range(0, 90, 20), 10), { kind: "every", every: 20 });
});

test("A surface between two records makes them closer there, and nothing was thinned.", () => {
  assert.deepEqual(spaced([0, 1, 10, 20, 30], 10), { kind: "closer", every: 10 });
  assert.deepEqual(spaced([0, 10, 20, 25, 30], 10), { kind: "closer", every: 10 });
});

test("What is long past is thinned, with events that stay.", () => {
  assert.deepEqual(spaced([...range(0, 160, 8), ...range(160, 190, 1)], 1), {
    kind: "thinned",
    every: 1,
    most: 8,
  });
  const events = [0, 80, 160, 170, 180, 240, 320, ...range(330, 400, 10)];
  assert.deepEqual(spaced(events, 10), { kind: "thinned", every: 10, most: 80 });
});

test("Where it is neither, no more is said than the least and the greatest distance.", () => {
  assert.deepEqual(spaced([...range(0, 21, 1), 24, 28], 1), { kind: "between", least: 1, most: 4 });
  assert.deepEqual(spaced([...range(0, 21, 1), 24, 25, 26], 1), { kind: "between", least: 1, most: 4 });
  assert.deepEqual(spaced([0, 1, 10, 20]), { kind: "between", least: 1, most: 10 });
  assert.deepEqual(spaced([0, 1, 10, 20], "ten"), { kind: "between", least: 1, most: 10 });
});

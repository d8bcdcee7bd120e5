import assert from "node:assert/strict";
import { test } from "node:test";

import {
  bandOf,
  belowHalf,
  comparesProblems,
  differencesOf,
  judgedOf,
  judgingOf,
  seedsToTell,
  tunedIn,
  verdictOf,
} from "../../../../static/js/state/sweep/race.js";
import { filled, run } from "../../sweeps.js";

const entry = (/** @type {number | null} */ member) =>
  /** @type {any} */ ({
    best: member === null ? null : { members: [member], quantiles: [] },
    tolerance: null,
  });

test("What is said of coins and bands is what the client says.", () => {
  assert.equal(belowHalf(4, 1), 0.3125);
  assert.ok(belowHalf(1000, 500) > 0.5);
  assert.deepEqual(bandOf([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]), [2, 9]);
  assert.equal(bandOf([1, 2, 3, 4, 5]), null);
  assert.deepEqual([seedsToTell(1), seedsToTell(6)], [6, 8]);
});

test("Each optimizer is judged at its best cell, on other seeds, with those that share all else.", () => {
  const cells = filled({ shape: [2, 2, 3], members: 12, runs: [run(), run({ name: "Adam", hyperparameters: { lr: 1, momentum: 0 } })] }, [0.5]); // prettier-ignore
  const ask = /** @type {any} */ ({ slots: [4, 2], body: {} });
  const tuned = tunedIn({ key: "", sweeps: [{ ask, cells, summary: [entry(0), entry(11)] }] });
  assert.deepEqual(tuned.map(({ slot, run: best }) => [slot, best?.optimizer]), [
    [4, { name: "SGD", hyperparameters: { lr: 0.1, momentum: 0 } }],
    [2, { name: "Adam", hyperparameters: { lr: 1, momentum: 0.9 } }],
  ]); // prettier-ignore
  const asks = judgingOf([...tuned, { ...tuned[0], slot: 9, run: null }], [7, 8], 0.1);
  assert.deepEqual(
    asks.map(({ slots }) => slots),
    [[4, 2]],
  );
  assert.deepEqual(asks[0].body.axes, [{ path: "/model/seed", values: [7, 8] }]);
  assert.equal(asks[0].body.target, 0.1);
});

test("Diverged is as bad as can be, and no best cell is no better.", () => {
  const cells = filled({ shape: [2, 3], members: 6, axes: [{ path: "/model/seed", values: [7, 8, 9] }] }, [0.5, Infinity, 0.25, 0.1, 0.2, 0.3]); // prettier-ignore
  const found = new Map([
    [0, { cells, first: 0, count: 3 }],
    [1, { cells, first: 3, count: 3 }],
  ]);
  const tuned = [0, 1, 2].map((slot) => ({ slot, entry: entry(null), run: null, map: {} }));
  const judged = judgedOf(tuned, found);
  assert.deepEqual(judged.map(({ slot, median }) => [slot, median]), [[1, 0.2], [0, 0.5], [2, Infinity]]); // prettier-ignore
  assert.deepEqual(judged.map(({ diverged }) => diverged), [0, 1 / 3, 1]); // prettier-ignore
});

test("Who gets to the target is told as a share of the seeds, beside the median of the steps.", () => {
  const steps = new Map([[7, 4], [8, NaN], [9, NaN]]); // prettier-ignore
  const cells = /** @type {any} */ ({
    has: (/** @type {string} */ name) => name === "steps_to_target",
    at: (/** @type {string} */ name, /** @type {number} */ member) =>
      name === "steps_to_target" ? steps.get(7 + member) : 0.5,
    diverged: () => false,
  });
  const tuned = [{ slot: 0, entry: entry(null), run: null, map: {} }];
  const [one] = judgedOf(tuned, new Map([[0, { cells, first: 0, count: 3 }]]));
  assert.deepEqual([one.steps, one.reached], [Infinity, 1 / 3]);
  const [none] = judgedOf(tuned, new Map());
  assert.deepEqual([none.steps, none.reached], [null, null]);
});

test("Pairs are compared seed by seed, and all of them share the level.", () => {
  const losses = [[1, 1, 1, 1, 1, 1], [2, 2, 2, 2, 2, 2], [2, 2, 2, 2, 2, 0]]; // prettier-ignore
  const judged = /** @type {any[]} */ (losses.map((one, slot) => ({ slot, losses: one })));
  assert.deepEqual(differencesOf(judged), [
    { better: 0, worse: 1, won: 6, lost: 0, p: 2 * 2 ** -6 * 3 },
    { better: 0, worse: 2, won: 5, lost: 1, p: 2 * (7 / 64) * 3 },
    { better: 2, worse: 1, won: 1, lost: 0, p: 1 },
  ]);
});

test("Who wins as often as the other is not told as better.", () => {
  assert.equal(verdictOf({ won: 6, lost: 0, p: 0.03 }, false), "told");
  assert.equal(verdictOf({ won: 4, lost: 2, p: 0.7 }, false), "chance");
  assert.equal(verdictOf({ won: 2, lost: 1, p: 1 }, true), "few");
  assert.equal(verdictOf({ won: 3, lost: 3, p: 1 }, false), "even");
});

test("Losses of unlike problems do not race.", () => {
  const along = (/** @type {string} */ path) => [
    /** @type {any} */ ({ body: { axes: [{ path, values: [1] }] } }),
  ];
  assert.deepEqual(["/problem/noise", "/problems", "/steps"].map((path) => comparesProblems(along(path))), [true, false, false]); // prettier-ignore
});

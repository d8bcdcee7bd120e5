import assert from "node:assert/strict";
import { test } from "node:test";

import { History } from "../../../static/js/history.js";
import { Advice } from "../../../static/js/session/advice.js";
import { startedEvent } from "../wire.js";

const settle = () => new Promise((resolve) => setImmediate(resolve));

/** An advice whose server finds one more thing in each recipe, or breaks down. */
function advised(/** @type {{fails?: boolean}} */ { fails = false } = {}) {
  /** @type {any[]} */
  const asked = [];
  const told = { count: 0 };
  const api = {
    async lint(/** @type {any} */ config) {
      asked.push(config.steps);
      if (fails) throw new TypeError("no network");
      return [{ code: "loss_rises", params: {}, detail: `of ${config.steps}`, pointer: "/optimizer" }];
    },
  };
  return { advice: new Advice(/** @type {any} */ (api), () => (told.count += 1)), asked, told };
}

const historyOf = (/** @type {number} */ steps) =>
  new History(/** @type {any} */ (startedEvent([], { steps })));

test("Each recipe is asked about once, and its warnings take the place of those it began with.", async () => {
  const { advice, asked, told } = advised();
  const [one, other, again] = [historyOf(1), historyOf(2), historyOf(1)];
  advice.seek([one, other]);
  await settle();
  advice.seek([one, other, again]);
  await settle();
  assert.deepEqual(asked, [1, 2]);
  assert.deepEqual(
    [one, other, again].map(({ warnings }) => warnings[0].detail),
    ["of 1", "of 2", "of 1"],
  );
  assert.equal(told.count, 3);
});

test("Runs that are not shown any more are not asked about.", async () => {
  const { advice, asked } = advised();
  advice.seek([historyOf(1), historyOf(2)]);
  advice.seek([historyOf(3)]);
  await settle();
  assert.deepEqual(asked, [1, 3]);
});

test("What cannot be had leaves a run with the warnings it began with.", async () => {
  const { advice, asked, told } = advised({ fails: true });
  const history = historyOf(1);
  advice.seek([history]);
  await settle();
  advice.seek([history]);
  await settle();
  assert.deepEqual([asked, told.count, history.warnings], [[1], 0, []]);
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { Opening } from "../../../static/js/session/opening.js";
import { Racing } from "../../../static/js/session/racing.js";
import { Tuning } from "../../../static/js/session/tuning.js";
import { memberAt } from "../../../static/js/views/tune/field.js";
import { mappedIn } from "../../../static/js/views/tune/figures.js";
import { cellsOf, filled, run, served, started } from "../sweeps.js";

const ENDED = { event: "sweep_ended", reason: "completed", summary: [] };
const whole = () => [started(), cellsOf([0, 1, 2], [1, 2, 3]), cellsOf([3, 4, 5], [1, 2, 3]), ENDED];
const ask = (/** @type {number} */ lr) => /** @type {any} */ ({ slots: [0], body: { run: { lr }, axes: [{ path: "/a", values: [1, 2, 3, 4, 5, 6] }] } }); // prettier-ignore
const settled = async () => {
  for (let i = 0; i < 20; i += 1) await new Promise((resolve) => setTimeout(resolve));
};

/** A clock that stands still. */
const timers = () => ({
  after: (/** @type {any} */ _, /** @type {number} */ ms) => ms,
  cancel() {},
  now: () => 0,
});

test("A picture is shown from its first cells on, and asked for once.", async () => {
  const api = served(whole);
  const counts = /** @type {(number | undefined)[]} */ ([]);
  const tuning = new Tuning({ api: /** @type {any} */ (api), timers: timers(), onChange: () => counts.push(tuning.picture?.sweeps[0].cells?.count) }); // prettier-ignore
  tuning.want([ask(1)]);
  tuning.want([ask(1)]);
  await settled();
  assert.equal(api.bodies.length, 1);
  assert.ok(counts.includes(3) && counts.includes(6));
  assert.deepEqual([tuning.progress, tuning.isStale, tuning.trouble], [null, false, null]);
  assert.deepEqual(tuning.picture?.sweeps[0].summary, []);
});

test("The picture before stays until the newest has its first cells; only the newest is asked for.", async () => {
  const api = served(whole);
  const tuning = new Tuning({ api: /** @type {any} */ (api), timers: timers(), onChange() {} });
  tuning.want([ask(1)]);
  await settled();
  const before = tuning.picture;
  tuning.want([ask(2)]);
  tuning.want([ask(3)]);
  assert.equal(tuning.picture, before);
  assert.equal(tuning.isStale, true);
  await settled();
  assert.equal(tuning.isStale, false);
  assert.deepEqual(api.bodies.map(({ run: { lr } }) => lr), [1, 2, 3]); // prettier-ignore
  assert.deepEqual(tuning.picture?.sweeps[0].ask, ask(3));
});

test("A run that has not changed keeps its map when another one does, and is not asked for again.", async () => {
  const entry = /** @type {any} */ ({ best: null });
  const optimizers = (/** @type {string[]} */ ...names) => /** @type {any} */ ({ slots: names.map((_, i) => i), body: { run: { optimizer: { name: names[0] }, steps: 30 }, axes: [{ path: "/a", values: [1, 2, 3, 4, 5, 6] }], optimizers: names.map((name) => ({ name })) } }); // prettier-ignore
  const api = served((/** @type {any} */ body) => {
    const count = 6 * body.optimizers.length;
    const members = [...Array(count).keys()];
    const runs = body.optimizers.map(() => run());
    return [started({ shape: [runs.length, 2, 3], members: count, runs }), cellsOf(members, members), { ...ENDED, summary: runs.map(() => entry) }]; // prettier-ignore
  });
  const tuning = new Tuning({ api: /** @type {any} */ (api), timers: timers(), onChange() {} });
  tuning.want([optimizers("SGD", "Adam", "AdamW")]);
  await settled();
  tuning.want([optimizers("LBFGS", "Adam", "AdamW")]);
  const slots = () => mappedIn(/** @type {any} */ (tuning.picture)).map(({ slot, optimizer, swept }) => [slot, swept.ask.body.optimizers?.[optimizer].name]); // prettier-ignore
  assert.deepEqual(slots(), [[0, "SGD"], [1, "Adam"], [2, "AdamW"]], "what was there stands for what is to come"); // prettier-ignore
  assert.equal(tuning.isStale, true, "and is said to be of before");
  assert.deepEqual(tuning.progress, { done: 0, of: 6, left: null });
  await settled();
  assert.deepEqual(api.bodies.map(({ optimizers: all }) => all.map(({ name }) => name)), [["SGD", "Adam", "AdamW"], ["LBFGS"]]); // prettier-ignore
  assert.deepEqual(tuning.picture?.sweeps.map(({ ask: { slots }, cells }) => [slots, cells?.at("end_loss", 0)]), [[[1], 6], [[2], 12], [[0], 0]]); // prettier-ignore
  assert.deepEqual(mappedIn(/** @type {any} */ (tuning.picture)).map(({ slot }) => slot), [0, 1, 2]); // prettier-ignore
});

test("A run that is dragged beside others keeps its map, and each wish has the time to show something.", async () => {
  const optimizers = (/** @type {number} */ lr) => /** @type {any} */ ({ slots: [0, 1], body: { run: { optimizer: {}, steps: 30 }, axes: [{ path: "/a", values: [1, 2, 3, 4, 5, 6] }], optimizers: [{ name: "SGD", lr }, { name: "Adam" }] } }); // prettier-ignore
  const members = (/** @type {any} */ body) => 6 * body.optimizers.length;
  const api = served((body) => [
    started({ shape: [body.optimizers.length, 2, 3], members: members(body), runs: body.optimizers.map(() => run()) }), // prettier-ignore
    cellsOf([...Array(members(body)).keys()], Array(members(body)).fill(body.optimizers[0].lr)),
    { ...ENDED, summary: body.optimizers.map(() => /** @type {any} */ ({ best: null })) },
  ]);
  const tuning = new Tuning({ api: /** @type {any} */ (api), timers: timers(), onChange() {} });
  tuning.want([optimizers(1)]);
  await settled();
  const losses = () => mappedIn(/** @type {any} */ (tuning.picture)).map(({ cells, optimizer, layout }) => cells.at("end_loss", memberAt(layout, optimizer, 0, 0))); // prettier-ignore
  const seen = new Set();
  for (let lr = 2; lr < 20; lr += 1) {
    tuning.want([optimizers(lr)]);
    assert.deepEqual(losses().length, 2);
    await new Promise((resolve) => setTimeout(resolve));
    seen.add(losses()[0]);
  }
  await settled();
  assert.ok(seen.size > 3, `${[...seen]}`);
  assert.deepEqual([losses(), tuning.isStale], [[19, 1], false]);
});

test("Where first cells take longer than a wish is waited for, the next one is waited for longer.", async () => {
  const waits = /** @type {number[]} */ ([]);
  /** @type {() => void} */
  let giveUp = () => {};
  const clock = { ...timers(), after: (/** @type {any} */ act, /** @type {number} */ ms) => ((giveUp = act), waits.push(ms)) }; // prettier-ignore
  const never = { sweep: async function* (/** @type {any} */ _, /** @type {AbortSignal} */ signal) { await new Promise((_, fail) => signal.addEventListener("abort", () => fail(signal.reason))); } }; // prettier-ignore
  const tuning = new Tuning({ api: /** @type {any} */ (never), timers: clock, onChange() {} });
  tuning.want([ask(1)]);
  for (let lr = 2; lr < 8; lr += 1) {
    tuning.want([ask(lr)]);
    giveUp();
    await settled();
  }
  assert.deepEqual(waits, [400, 800, 1600, 3200, 4000, 4000]);
});

test("What was cancelled keeps its cells, and comes again when asked.", async () => {
  const api = served(whole);
  const tuning = new Tuning({ api: /** @type {any} */ (api), timers: timers(), onChange: () => tuning.picture === null || tuning.cancel() }); // prettier-ignore
  tuning.want([ask(1)]);
  await settled();
  assert.deepEqual([tuning.isCancelled, tuning.progress !== null, tuning.picture?.sweeps[0].cells?.isWhole], [true, false, false]); // prettier-ignore
  assert.equal(tuning.trouble, null);
});

test("A refusal is told, and nothing is shown in the place of what was.", async () => {
  const refusal = new Error("no");
  const api = { sweep: async function* () { throw refusal; } }; // prettier-ignore
  const tuning = new Tuning({ api: /** @type {any} */ (api), timers: timers(), onChange() {} });
  tuning.want([ask(1)]);
  await settled();
  assert.equal(tuning.trouble, refusal);
  assert.equal(tuning.picture, null);
});

test("A picture that one comes back to is not asked for again.", async () => {
  const api = served(whole);
  const tuning = new Tuning({ api: /** @type {any} */ (api), timers: timers(), onChange() {} });
  tuning.want([ask(1)]);
  await settled();
  tuning.leave();
  tuning.want([ask(1)]);
  await settled();
  assert.equal(api.bodies.length, 1);
  assert.equal(tuning.isStale, false);
});

test("An opened cell is measured by torch's own loop.", async () => {
  const one = started({ shape: [1], members: 1, axes: [{ path: "/steps", values: [30] }] });
  const api = served(() => [one, cellsOf([0], [0.25]), ENDED]);
  const opening = new Opening(/** @type {any} */ (api), () => {});
  opening.open([{ slot: 3, config: /** @type {any} */ (run()), map: { end_loss: 0.26 }, budget: null }]);
  assert.equal(opening.cells[0].exact, null);
  await settled();
  assert.deepEqual(api.bodies, [{ run: run(), axes: [{ path: "/steps", values: [30] }], exact: true }]);
  assert.deepEqual(opening.cells[0].exact, { end_loss: 0.25 });
  opening.open([{ slot: 3, config: /** @type {any} */ (run()), map: {}, budget: null }]);
  assert.equal(opening.cells.length, 1);
});

test("A race judges once what a sweep has tuned.", async () => {
  const judging = started({ shape: [1, 2], members: 2, axes: [{ path: "/model/seed", values: [7, 8] }] });
  const api = served(() => [judging, cellsOf([0, 1], [0.5, 0.25]), ENDED]);
  const racing = new Racing(/** @type {any} */ (api), () => {});
  const summary = /** @type {any} */ ([{ best: { members: [4], quantiles: [] }, tolerance: null }]);
  const picture = { key: "a", sweeps: [{ ask: ask(1), cells: filled({}, [1, 2, 3, 4, 5, 6]), summary }] };
  racing.judge(picture, [7, 8], null);
  racing.judge(picture, [7, 8], null);
  assert.equal(racing.isJudging, true);
  await settled();
  assert.equal(api.bodies.length, 1);
  assert.deepEqual(racing.judged?.map(({ slot, median }) => [slot, median]), [[0, 0.375]]); // prettier-ignore
  assert.equal(racing.isJudging, false);
});

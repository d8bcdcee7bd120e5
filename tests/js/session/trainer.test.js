import assert from "node:assert/strict";
import { test } from "node:test";

import {
  ApiError,
  BrokenStreamError,
  CancelledError,
  OfflineError,
  SurfaceError,
} from "../../../static/js/api/request.js";
import { Trainer } from "../../../static/js/session/trainer.js";

const column = (/** @type {number[]} */ values) => values;

/** The events of a run of two records, in the order of the wire. */
function eventsOf(/** @type {any} */ config, run = 0, reason = "completed", code = reason) {
  const started = {
    event: "run_started",
    run,
    config,
    parameters: [{ name: "xy", shape: [2], layer: "xy" }],
    warnings: [],
  };
  const block = {
    event: "block",
    run,
    first: 0,
    count: 2,
    loss: column([config.lr, config.lr / 2]),
    lr: [[0.1], [0.1]],
    momentum: null,
    grad_norm: null,
    params: { xy: [[0, 0], [1, 1]] }, // prettier-ignore
    grads: null,
    state: {},
  };
  return [started, block, { event: "run_ended", run, reason, step: 1, detail: "", code }];
}

/** A server that answers when told to, and a clock that moves when told to. */
function laboratory() {
  /** @type {any[]} */
  const requests = [];
  /** @type {any[]} */
  const troubles = [];
  /** @type {number[]} */
  const done = [];
  const timers = { time: 0, /** @type {any[]} */ waiting: [] };
  const ask = (
    /** @type {string} */ kind,
    /** @type {any} */ runs,
    /** @type {AbortSignal} */ signal,
    /** @type {any} */ view = null,
  ) =>
    new Promise((resolve, reject) => {
      requests.push({ kind, runs, view, signal, resolve, reject });
      signal.addEventListener("abort", () => reject(signal.reason));
    });
  const api = {
    async *compare(/** @type {any} */ runs, /** @type {AbortSignal} */ signal) {
      const events = await ask("compare", runs, signal);
      yield /** @type {any[]} */ (events);
    },
    lossSurface: (/** @type {any} */ runs, /** @type {any} */ view, /** @type {AbortSignal} */ signal) =>
      ask(`surface ${view.plane.kind}`, runs, signal, view),
  };
  const trainer = new Trainer({
    api: /** @type {any} */ (api),
    onChange: () => {},
    onTrouble: (error, retry) => troubles.push({ error, retry }),
    onDone: () => done.push(timers.time),
    timers: {
      now: () => timers.time,
      after: (callback, milliseconds) => {
        const timer = { at: timers.time + milliseconds, callback };
        timers.waiting.push(timer);
        return timer;
      },
      cancel: (timer) => (timers.waiting = timers.waiting.filter((other) => other !== timer)),
    },
  });
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return {
    trainer,
    requests,
    troubles,
    done,
    settle,
    /** Let time pass, and what waits for it happen. */
    async pass(/** @type {number} */ milliseconds) {
      timers.time += milliseconds;
      const due = timers.waiting.filter(({ at }) => at <= timers.time);
      timers.waiting = timers.waiting.filter(({ at }) => at > timers.time);
      for (const { callback } of due) callback();
      await settle();
    },
    /** Answer the last request: a comparison with all of its runs, a surface with a surface. */
    async answer(reason = "completed", code = reason) {
      const { kind, runs, resolve } = requests[requests.length - 1];
      const events = runs.flatMap((/** @type {any} */ config, /** @type {number} */ i) =>
        eventsOf(config, i, reason, code),
      );
      const plane = { plane: { kind: "pca" }, basis: [[1, 0], [0, 1]] }; // prettier-ignore
      resolve(kind === "compare" ? events : { of: runs, ...plane });
      await settle();
    },
    async refuse(/** @type {unknown} */ error) {
      requests[requests.length - 1].reject(error);
      await settle();
    },
  };
}

const job = (/** @type {string} */ id, /** @type {number} */ lr) => ({
  id,
  config: /** @type {any} */ ({ problem: { name: "xor" }, lr }),
});
const wish = (/** @type {any[]} */ ...jobs) => ({ jobs, view: { plane: { kind: "pca" }, window: null } });
const asked = (/** @type {any} */ lab) =>
  lab.requests.map((/** @type {any} */ { kind, runs }) => [kind, runs.map((/** @type {any} */ r) => r.lr)]);

test("Runs are trained in one stream, and then their surface is computed.", async () => {
  const lab = laboratory();
  lab.trainer.train(wish(job("a", 1), job("b", 2)));
  await lab.answer();
  assert.equal(lab.trainer.shown("b")?.history?.length, 2);
  assert.equal(lab.trainer.trained, true);
  assert.equal(lab.trainer.settled, false);
  await lab.answer();
  const { response, runs, problem, window, stale } = /** @type {any} */ (lab.trainer.surface);
  assert.deepEqual(response.of, [job("a", 1).config, job("b", 2).config]);
  const surface = { runs, problem, window, stale };
  assert.deepEqual(surface, {
    runs: ["a", "b"],
    problem: "xor",
    window: null,
    stale: false,
  });
  assert.equal(lab.trainer.settled, true);
  assert.deepEqual(asked(lab), [
    ["compare", [1, 2]],
    ["surface pca", [1, 2]],
  ]);
});

test("Old records that still stand in the place of new ones are not the end of the training.", async () => {
  const lab = laboratory();
  lab.trainer.train(wish(job("a", 1)));
  await lab.answer();
  await lab.answer();
  lab.trainer.train(wish(job("a", 2)));
  assert.equal(lab.trainer.shown("a")?.history?.ended?.reason, "completed");
  assert.equal(lab.trainer.trained, false);
  await lab.answer();
  assert.equal(lab.trainer.trained, true);
});

test("Only what is not known yet is trained, and equal runs are trained once.", async () => {
  const lab = laboratory();
  lab.trainer.train(wish(job("a", 1)));
  await lab.answer();
  await lab.answer();
  lab.trainer.train(wish(job("a", 1), job("b", 2), job("c", 2)));
  assert.equal(lab.trainer.shown("a")?.history?.length, 2);
  await lab.answer();
  assert.equal(lab.trainer.shown("c")?.history, lab.trainer.shown("b")?.history);
  await lab.answer();
  lab.trainer.train(wish(job("a", 1)));
  await lab.settle();
  assert.deepEqual(asked(lab), [
    ["compare", [1]],
    ["surface pca", [1]],
    ["compare", [2]],
    ["surface pca", [1, 2, 2]],
  ]);
  assert.deepEqual(lab.trainer.surface?.runs, ["a"]);
});

test("A newer wish waits for the cycle under way; of several the last one counts.", async () => {
  const lab = laboratory();
  lab.trainer.train(wish(job("a", 1)));
  lab.trainer.train(wish(job("a", 2)));
  lab.trainer.train(wish(job("a", 3)));
  await lab.answer();
  assert.equal(lab.trainer.shown("a")?.history?.lossAt(0), 1);
  await lab.answer();
  assert.deepEqual(asked(lab).at(-1), ["compare", [3]]);
});

test("A cycle that takes long is broken off for a newer wish.", async () => {
  const lab = laboratory();
  lab.trainer.train(wish(job("a", 1)));
  await lab.pass(300);
  lab.trainer.train(wish(job("a", 2)));
  await lab.pass(99);
  assert.equal(lab.requests.length, 1);
  await lab.pass(1);
  assert.equal(lab.requests[0].signal.aborted, true);
  assert.deepEqual(asked(lab).at(-1), ["compare", [2]]);
  assert.deepEqual(lab.troubles, []);
});

test("Under a hand that drags, a slow answer is waited for longer.", async () => {
  const lab = laboratory();
  lab.trainer.train({ jobs: [job("a", 1)], view: null });
  lab.trainer.train({ jobs: [job("a", 2)], view: null });
  await lab.pass(1499);
  assert.equal(lab.requests[0].signal.aborted, false);
  await lab.pass(1);
  assert.equal(lab.requests[0].signal.aborted, true);
});

test("A wish that returns to what is being trained leaves it alone.", async () => {
  const lab = laboratory();
  lab.trainer.train(wish(job("a", 1)));
  lab.trainer.train(wish(job("a", 2)));
  lab.trainer.train(wish(job("a", 1)));
  await lab.pass(10_000);
  assert.equal(lab.requests[0].signal.aborted, false);
});

test("Old records stay until new ones arrive, and after a while are called old.", async () => {
  const lab = laboratory();
  lab.trainer.train(wish(job("a", 1)));
  await lab.answer();
  await lab.answer();
  lab.trainer.train(wish(job("a", 2)));
  assert.equal(lab.trainer.shown("a")?.history?.lossAt(0), 1);
  assert.equal(lab.trainer.shown("a")?.stale, false);
  await lab.pass(250);
  assert.equal(lab.trainer.shown("a")?.stale, true);
  assert.equal(lab.trainer.surface?.stale, true);
  await lab.answer();
  assert.equal(lab.trainer.shown("a")?.history?.lossAt(0), 2);
  assert.equal(lab.trainer.shown("a")?.stale, false);
});

test("A run to be seen beside the others comes last, and nothing waits for it.", async () => {
  const lab = laboratory();
  lab.trainer.train({ ...wish(job("a", 1)), ghost: job("ghost", 9) });
  await lab.answer();
  assert.equal(lab.trainer.settled, false);
  await lab.answer();
  assert.deepEqual(asked(lab).at(-1), ["compare", [9]]);
  assert.deepEqual([lab.trainer.settled, lab.trainer.trained], [true, true]);
  await lab.answer();
  assert.equal(lab.trainer.shown("ghost")?.history?.lossAt(0), 9);
});

test("The old records of a run that is refused are called old.", async () => {
  const lab = laboratory();
  lab.trainer.train(wish(job("a", 1)));
  await lab.answer();
  await lab.answer();
  lab.trainer.train(wish(job("a", -1)));
  await lab.pass(250);
  assert.equal(lab.trainer.shown("a")?.stale, true);
});

test("A run that is refused says why, and the others are trained without it.", async () => {
  const lab = laboratory();
  lab.trainer.train(wish(job("a", 1), job("b", -1)));
  const problem = {
    pointer: "/runs/1/optimizer/hyperparameters/lr",
    detail: "lr must be at least 0, got -1",
  };
  await lab.refuse(new ApiError(422, { errors: [problem] }));
  assert.deepEqual(lab.trainer.shown("b")?.errors, [
    { pointer: "/optimizer/hyperparameters/lr", detail: problem.detail },
  ]);
  await lab.answer();
  await lab.answer();
  assert.deepEqual(asked(lab), [
    ["compare", [1, -1]],
    ["compare", [1]],
    ["surface pca", [1]],
  ]);
  lab.trainer.train(wish(job("a", 1), job("b", 2)));
  assert.deepEqual(lab.trainer.shown("b")?.errors, []);
  assert.deepEqual(lab.troubles, []);
});

test("A run that diverged or failed is a result; one that broke off is drawn, and tried again when asked for.", async () => {
  const lab = laboratory();
  for (const [reason, code] of [
    ["failed", "broke_off"],
    ["failed", "failed"],
  ]) {
    lab.trainer.train(wish(job("a", 1)));
    await lab.answer(reason, code);
    await lab.answer();
    assert.equal(lab.trainer.shown("a")?.history?.ended?.code, code);
    assert.equal(lab.trainer.settled, true);
  }
  lab.trainer.train(wish(job("a", 1)));
  await lab.settle();
  assert.deepEqual(
    lab.requests.map(({ kind }) => kind),
    ["compare", "surface pca", "compare"],
  );
});

test("A plane through the last record asks for it as such; one through a step keeps to the records there are.", async () => {
  const lab = laboratory();
  for (const [step, sent] of [
    [-1, -1],
    [0, 0],
    [99, -1],
  ]) {
    const plane = { kind: "random", seed: step + 1, at: { run: 0, step } };
    lab.trainer.train({ jobs: [job("a", 1)], view: { plane: /** @type {any} */ (plane), window: null } });
    await lab.settle();
    if (lab.requests.at(-1).kind === "compare") await lab.answer();
    assert.deepEqual(lab.requests.at(-1).view.plane.at, { run: 0, step: sent });
    await lab.answer();
  }
});

test("Trouble is reported once, with a way to try again.", async () => {
  const lab = laboratory();
  lab.trainer.train(wish(job("a", 1)));
  await lab.refuse(new OfflineError(null));
  assert.equal(lab.troubles.length, 1);
  assert.ok(lab.troubles[0].error instanceof OfflineError);
  lab.troubles[0].retry();
  await lab.answer();
  await lab.refuse(new ApiError(422, { errors: [{ pointer: "/plane", detail: "no such plane" }] }));
  assert.ok(lab.troubles[1].error instanceof SurfaceError);
  assert.equal(lab.troubles[1].error.message, "no such plane");
  assert.equal(lab.done.length, 0);
  lab.troubles[1].retry();
  await lab.settle();
  await lab.answer();
  assert.deepEqual([lab.done.length, lab.troubles.length], [1, 2]);
  assert.equal(lab.trainer.shown("a")?.history?.length, 2);
});

test("Under a hand that drags, all paths change whole and at once.", async () => {
  const dragged = (/** @type {number} */ lr) => ({ jobs: [job("a", lr), job("b", lr + 1)], view: null });
  /** @type {((events: any[]) => void)[]} */
  const send = [];
  /** @type {any[]} */
  const seen = [];
  const trainer = new Trainer({
    api: /** @type {any} */ ({
      async *compare() {
        for (let part = 0; part < 3; part += 1) yield await new Promise((resolve) => send.push(resolve));
      },
    }),
    onChange: () => seen.push(["a", "b"].map((id) => trainer.shown(id)?.history?.lossAt(0))),
    onTrouble: (error) => assert.fail(String(error)),
  });
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  trainer.train(dragged(1));
  for (const events of [eventsOf({ lr: 1 }, 0), eventsOf({ lr: 2 }, 1), []]) {
    await settle();
    send.at(-1)?.(events);
  }
  await settle();
  assert.deepEqual(seen, [
    [undefined, undefined],
    [1, 2],
  ]);
});

test("A stream that does not say how a run ended is broken.", async () => {
  const lab = laboratory();
  lab.trainer.train(wish(job("a", 1)));
  lab.requests[0].resolve(eventsOf({ lr: 1 }).slice(0, 2));
  await lab.settle();
  assert.ok(lab.troubles[0].error instanceof BrokenStreamError);
});

test("A run that waits for its turn says where, until its first records come.", async () => {
  /** @type {any} */
  let goOn = null;
  const api = {
    async *compare(/** @type {any} */ runs) {
      const [started, ...records] = eventsOf(runs[0]);
      yield [started, { event: "queued", run: 0, position: 3, of: 5 }];
      await new Promise((resolve) => (goOn = resolve));
      yield records;
    },
  };
  const trainer = new Trainer({ api: /** @type {any} */ (api), onChange: () => {}, onTrouble: assert.fail });
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  trainer.train({ jobs: [job("a", 1)], view: null });
  await settle();
  assert.deepEqual(trainer.shown("a")?.queue, { position: 3, of: 5 });
  assert.equal(trainer.shown("a")?.history, null);
  goOn();
  await settle();
  assert.equal(trainer.shown("a")?.queue, null);
  assert.equal(trainer.shown("a")?.history?.length, 2);
});

test("Who cancels is told so, and nothing is asked for until somebody asks again.", async () => {
  const lab = laboratory();
  lab.trainer.train(wish(job("a", 1)));
  lab.trainer.cancel();
  await lab.settle();
  assert.equal(lab.requests.length, 1);
  assert.equal(lab.requests[0].signal.aborted, true);
  assert.ok(lab.troubles[0].error instanceof CancelledError);
  lab.troubles[0].retry();
  await lab.answer();
  assert.equal(lab.trainer.shown("a")?.history?.length, 2);
});

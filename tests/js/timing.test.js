import assert from "node:assert/strict";
import { test } from "node:test";

import { afterPaint, debounced, frames, oncePer, paced, pathsHaveMoved } from "../../static/js/timing.js";

test("Many requests within a frame are one action, and a slow action is followed by a rest.", () => {
  let time = 0;
  /** @type {(() => void)[]} */
  const frames = [];
  /** @type {{callback: () => void, ms: number}[]} */
  const waits = [];
  let count = 0;
  const request = paced(
    () => {
      count += 1;
      time += 40;
    },
    {
      frame: (callback) => frames.push(callback),
      after: (callback, ms) => waits.push({ callback, ms }),
      now: () => time,
    },
  );
  request();
  request();
  assert.equal(frames.length, 1);
  frames.pop()?.();
  assert.equal(count, 1);

  time += 10;
  request();
  assert.deepEqual([frames.length, waits[0].ms], [0, 30]);
  time += 30;
  waits[0].callback();
  frames.pop()?.();
  assert.equal(count, 2);

  time += 100;
  request();
  assert.deepEqual([frames.length, waits.length], [1, 1]);
  frames.pop()?.();
  assert.equal(count, 3);
});

test("Many requests within a pause are one action at its end.", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  let count = 0;
  const request = oncePer(() => (count += 1), 250);
  request();
  context.mock.timers.tick(200);
  request();
  assert.equal(count, 0);
  context.mock.timers.tick(50);
  assert.equal(count, 1);
  request();
  context.mock.timers.tick(250);
  assert.equal(count, 2);
});

test("What is asked for again and again happens after a rest, or after the longest wait.", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  let now = 0;
  context.mock.method(performance, "now", () => now);
  let count = 0;
  const request = debounced(() => (count += 1), { rest: 100, longest: 250 });
  const pass = (/** @type {number} */ milliseconds) => {
    now += milliseconds;
    context.mock.timers.tick(milliseconds);
  };
  request();
  pass(100);
  assert.equal(count, 1);
  for (let asked = 0; asked < 4; asked += 1) {
    request();
    pass(80);
  }
  assert.equal(count, 2);
});

test("What waits for some frames goes on once so many have begun.", async (t) => {
  /** @type {FrameRequestCallback[]} */
  const asked = [];
  t.after(() => Reflect.deleteProperty(globalThis, "requestAnimationFrame"));
  globalThis.requestAnimationFrame = (callback) => asked.push(callback);
  let isOver = false;
  const waiting = frames(2).then(() => (isOver = true));
  asked.shift()?.(0);
  await Promise.resolve();
  assert.equal(isOver, false);
  asked.shift()?.(16);
  await waiting;
  assert.equal(isOver, true);
});

test("What waits for a paint comes in a task after the frame, not in it.", () => {
  /** @type {(() => void)[]} */
  const [frame, tasks] = [[], []];
  let isDone = false;
  const clock = {
    frame: (/** @type {() => void} */ act) => frame.push(act),
    after: (/** @type {() => void} */ act) => tasks.push(act),
  };
  afterPaint(() => (isDone = true), clock);
  assert.deepEqual([frame.length, tasks.length], [1, 0]);
  frame[0]();
  assert.equal(isDone, false);
  tasks[0]();
  assert.equal(isDone, true);
});

/**
 * @param {(player: {step: number, playing: boolean, waiting: boolean}, frame: number) => void} act  in each frame
 * @returns {Promise<number>}  frames that had passed when the paths were said to have moved
 */
async function framesUntilMoved(act) {
  const player = { step: 0, playing: false, waiting: false };
  let passed = 0;
  await pathsHaveMoved(player, async (count) => {
    for (let i = 0; i < count; i += 1) act(player, (passed += 1));
  });
  return passed;
}

test("What follows the paths waits until they moved and were seen, however late the first step is.", async () => {
  const startsAt = (/** @type {number} */ first) =>
    framesUntilMoved((player, frame) => {
      player.playing = true;
      if (frame === first) player.step = 1;
    });
  assert.equal(await startsAt(2), 6);
  assert.equal(await startsAt(9), 11);
});

test("Nothing waits for paths that do not move, or that take too long.", async () => {
  assert.equal(await framesUntilMoved(() => {}), 6);
  assert.equal(
    await framesUntilMoved((player) => Object.assign(player, { playing: true, waiting: true })),
    6,
  );
  assert.equal(await framesUntilMoved((player) => Object.assign(player, { playing: true })), 42);
});

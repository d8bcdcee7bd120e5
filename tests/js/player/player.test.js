import assert from "node:assert/strict";
import { test } from "node:test";

import { DEFAULT_SPEED, SPEEDS, createPlayer } from "../../../static/js/player/player.js";

/** A player whose frames come when the test says so. */
function setUp(records = 301, complete = true) {
  let now = 0;
  let callback = null;
  const player = createPlayer({
    requestFrame: (wanted) => {
      assert.equal(callback, null, "one frame is asked for at a time");
      callback = wanted;
      return 1;
    },
    cancelFrame: () => {
      callback = null;
    },
  });
  const frame = (milliseconds = 1000 / 60) => {
    now += milliseconds;
    const due = callback;
    callback = null;
    due?.(now);
    return due !== null;
  };
  player.setLength(records, { complete });
  frame();
  return { player, frame, idle: () => callback === null };
}

test("It plays as many steps a second as its speed says.", () => {
  const { player, frame } = setUp();
  player.setSpeed(30);
  player.play();
  frame();
  for (let i = 0; i < 60; i += 1) frame();
  assert.equal(player.step, 30);
  assert(player.playing);
});

test("It stops at the end, asks for no more frames, and plays again from the beginning.", () => {
  const { player, frame, idle } = setUp(31);
  player.play();
  for (let i = 0; i < 200; i += 1) frame();
  assert.equal(player.step, 30);
  assert(!player.playing);
  assert(idle());
  player.play();
  frame();
  assert.equal(player.step, 0);
  assert(player.playing);
});

test("While records are still coming it waits at the end and goes on when there are more.", () => {
  const { player, frame } = setUp(4, false);
  player.play();
  for (let i = 0; i < 60; i += 1) frame();
  assert.equal(player.step, 3);
  assert(player.playing);
  assert(player.waiting);
  player.setLength(100, { complete: false });
  for (let i = 0; i < 60; i += 1) frame();
  assert(player.step > 30);
  assert(!player.waiting);
});

test("When the stream ends while it waits, it stops.", () => {
  const { player, frame } = setUp(4, false);
  player.play();
  for (let i = 0; i < 60; i += 1) frame();
  player.setLength(4, { complete: true });
  frame();
  assert(!player.playing);
});

test("Seeking stays within the records, and stepping by hand stops the clock.", () => {
  const { player, frame } = setUp(101);
  player.seek(1e9);
  assert.equal(player.step, 100);
  player.seek(-5);
  assert.equal(player.step, 0);
  player.seek(41.6);
  assert.equal(player.step, 42);
  player.play();
  frame();
  player.stepBy(-2);
  assert.equal(player.step, 40);
  assert(!player.playing);
});

test("Listeners hear once a frame, however often it was told to seek.", () => {
  const { player, frame } = setUp();
  const heard = [];
  player.subscribe(({ step }) => heard.push(step));
  for (let step = 0; step < 50; step += 1) player.seek(step);
  assert.deepEqual(heard, []);
  frame();
  assert.deepEqual(heard, [49]);
  frame();
  assert.deepEqual(heard, [49]);
});

test("A tab that comes back from the background does not jump.", () => {
  const { player, frame } = setUp(100_000);
  player.play();
  frame();
  frame(60_000);
  assert(player.step <= DEFAULT_SPEED);
});

test("A shorter run brings the step back within it.", () => {
  const { player, frame } = setUp(301);
  player.seek(300);
  player.setLength(51, { complete: true });
  frame();
  assert.equal(player.step, 50);
});

test("No records at all is a state like any other.", () => {
  const { player, frame } = setUp(0, false);
  player.play();
  frame();
  assert.equal(player.step, 0);
  assert(player.waiting);
});

test("A speed that is none is refused.", () => {
  const { player } = setUp();
  for (const speed of [0, -1, NaN, Infinity]) assert.throws(() => player.setSpeed(speed), RangeError);
  assert(SPEEDS.includes(DEFAULT_SPEED));
});

test("What is destroyed is silent.", () => {
  const { player, idle } = setUp();
  player.subscribe(() => assert.fail("heard"));
  player.seek(5);
  player.destroy();
  assert(idle());
});

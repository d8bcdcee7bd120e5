import assert from "node:assert/strict";
import { test } from "node:test";

import { Playback } from "../../../static/js/session/playback.js";
import { createPlayer } from "../../../static/js/player/player.js";

function laboratory({ reducedMotion = false } = {}) {
  const player = createPlayer({ requestFrame: () => 0, cancelFrame: () => {} });
  return { player, playback: new Playback(player, { reducedMotion }) };
}

test("The first page plays as soon as the surface is there.", () => {
  const { player, playback } = laboratory();
  playback.begin();
  playback.follow({ records: 301, trained: true, drawn: false });
  assert.deepEqual([player.playing, playback.step], [false, null]);
  playback.follow({ records: 301, trained: true, drawn: true });
  assert.deepEqual([player.playing, playback.step], [true, 0]);
});

test("It does not wait for the surface for ever.", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { player, playback } = laboratory();
  playback.begin();
  playback.follow({ records: 1, trained: false, drawn: false });
  context.mock.timers.tick(1499);
  playback.follow({ records: 65, trained: false, drawn: false });
  assert.equal(player.playing, false);
  context.mock.timers.tick(1);
  assert.equal(player.playing, true);
});

test("A link to a step stands there, and does not play.", () => {
  const { player, playback } = laboratory();
  playback.standAt(142);
  playback.follow({ records: 65, trained: false, drawn: false });
  assert.deepEqual([player.step, playback.step], [64, undefined]);
  playback.follow({ records: 301, trained: true, drawn: true });
  assert.deepEqual([player.step, playback.step, player.playing], [142, 142, false]);
});

test("With reduced motion the paths are whole and nothing plays.", () => {
  const { player, playback } = laboratory({ reducedMotion: true });
  playback.begin();
  playback.follow({ records: 301, trained: true, drawn: true });
  assert.deepEqual([player.step, player.playing], [300, false]);
});

test("Whatever records take the place of others, the step is kept.", () => {
  const { player, playback } = laboratory();
  playback.standAt(20);
  playback.follow({ records: 201, trained: true, drawn: true });
  playback.hold();
  playback.follow({ records: 5, trained: false, drawn: false });
  playback.hold(); // by another edit, while the records of the first are still to come
  playback.follow({ records: 201, trained: false, drawn: false });
  playback.follow({ records: 5, trained: false, drawn: false });
  assert.deepEqual([player.step, playback.step], [4, undefined]);
  playback.follow({ records: 27, trained: false, drawn: false });
  assert.deepEqual([player.step, playback.step], [20, 20]);
});

test("An edit keeps the step, and a new problem begins anew.", () => {
  const { player, playback } = laboratory();
  playback.standAt(142);
  playback.follow({ records: 301, trained: true, drawn: true });
  playback.hold();
  playback.follow({ records: 1, trained: false, drawn: false });
  playback.follow({ records: 301, trained: true, drawn: true });
  assert.equal(player.step, 142);
  playback.begin();
  playback.follow({ records: 301, trained: true, drawn: true });
  assert.deepEqual([player.step, player.playing], [0, true]);
});

test("Who asks for a step whose record is still to come is taken there.", () => {
  const { player, playback } = laboratory();
  playback.standAt(31);
  playback.follow({ records: 61, trained: true, drawn: true });
  playback.hold();
  playback.follow({ records: 5, trained: false, drawn: false });
  player.seek(15);
  playback.follow({ records: 5, trained: false, drawn: false });
  assert.deepEqual([player.step, playback.step], [4, undefined]);
  playback.follow({ records: 61, trained: true, drawn: true });
  assert.deepEqual([player.step, playback.step], [15, 15]);
});

test("Who moves the clock while its place is kept has it, and that is kept instead.", () => {
  const { player, playback } = laboratory();
  playback.standAt(200);
  playback.follow({ records: 301, trained: true, drawn: true });
  playback.hold();
  playback.follow({ records: 101, trained: false, drawn: false });
  player.seek(40);
  playback.follow({ records: 201, trained: false, drawn: false });
  assert.deepEqual([player.step, playback.step], [40, 40]);
  playback.follow({ records: 21, trained: false, drawn: false });
  playback.follow({ records: 301, trained: true, drawn: true });
  assert.equal(player.step, 40);
});

test("A link's step is given up by a hand as well.", () => {
  const { player, playback } = laboratory();
  playback.standAt(200);
  playback.follow({ records: 101, trained: false, drawn: false });
  player.stepBy(-60);
  playback.follow({ records: 301, trained: true, drawn: true });
  assert.deepEqual([player.step, playback.step], [40, 40]);
});

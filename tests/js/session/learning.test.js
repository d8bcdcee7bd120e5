import assert from "node:assert/strict";
import { test } from "node:test";

import { createPlayer } from "../../../static/js/player/player.js";
import { Learning } from "../../../static/js/session/learning.js";
import { createStore } from "../../../static/js/store.js";

const ASKS = { text: "?", choices: ["a", "b"], because: "" };

/** The first page of a lesson that points at a section, with a question or without. */
async function opened(/** @type {object | null} */ question, /** @type {string} */ pointsAt) {
  const check = question === null ? null : { step: 5 };
  const lesson = { id: "one", title: "", steps: [{ address: "", points_at: pointsAt, question, check }] };
  const player = createPlayer({ requestFrame: () => 1, cancelFrame: () => {} });
  player.setLength(11, { complete: true });
  const store = createStore({ place: "learn", lesson: "one", page: 0 });
  const session = /** @type {any} */ ({ store, player, details: {}, show: () => {} });
  const api = /** @type {any} */ ({ lessons: async () => [lesson] });
  const parts = { api, session, onChange: () => {}, onTrouble: (error) => assert.fail(String(error)) };
  const learning = new Learning(parts);
  await learning.tell("en");
  return { learning, player };
}

test("Whoever starts the clock, a question is there to be answered first.", async () => {
  const { learning, player } = await opened(ASKS, "surface");
  player.toggle();
  learning.tick();
  assert.deepEqual([player.playing, learning.isHurried], [false, true]);
  learning.choose(0);
  player.toggle();
  learning.tick();
  assert.deepEqual([player.playing, learning.isHurried], [true, false]);
});

test("A page that asks nothing plays at once.", async () => {
  const { learning, player } = await opened(null, "surface");
  player.toggle();
  learning.tick();
  assert.equal(player.playing, true);
});

test("What would tell the answer is pointed at once there is one.", async () => {
  const { learning } = await opened(ASKS, "training");
  assert.equal(learning.pointsAt, null);
  learning.choose(1);
  assert.equal(learning.pointsAt, "training");
});

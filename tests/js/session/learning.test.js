import assert from "node:assert/strict";
import { test } from "node:test";

import { createPlayer } from "../../../static/js/player/player.js";
import { Learning } from "../../../static/js/session/learning.js";
import { decodeState } from "../../../static/js/state/address/address.js";
import { createStore } from "../../../static/js/store.js";
import { VIEW_KEYS } from "../../../static/js/views/registry.js";
import { catalog } from "../catalog.js";

const ADDRESS = "?v=2&problem=rosenbrock&steps=40&runs=[SGD(lr:0.5)]";
const ASKS = { text: "?", choices: ["a", "b"], because: "" };

/** The first page of a lesson that points at a section, with a question or without. */
async function opened(
  /** @type {object | null} */ question,
  /** @type {string} */ pointsAt,
  /** @type {string | null} */ asked = null,
) {
  const check = question === null ? null : { step: 5 };
  const lesson = {
    id: "one",
    title: "",
    steps: [{ address: ADDRESS, points_at: pointsAt, question, check }],
  };
  const player = createPlayer({ requestFrame: () => 1, cancelFrame: () => {} });
  player.setLength(11, { complete: true });
  const { state } = decodeState(ADDRESS, catalog, VIEW_KEYS);
  const store = createStore({ ...state, place: "learn", lesson: "one", page: 0 });
  const show = (/** @type {any} */ shown) => store.set(shown);
  const session = /** @type {any} */ ({ store, player, details: { catalog }, show });
  const heard = { changes: 0, asked: 0 };
  const api = /** @type {any} */ ({ lessons: async () => (heard.asked++, [lesson]) });
  const parts = {
    api,
    told: asked === null ? undefined : { language: asked, lessons: Promise.resolve([lesson]) },
    session,
    onChange: () => heard.changes++,
    onTrouble: (error) => assert.fail(String(error)),
  };
  const learning = new Learning(parts);
  await learning.tell("en");
  return { learning, player, store, heard };
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

test("Lessons that a link has asked for are not asked for again, but in another language.", async () => {
  for (const [language, requests] of /** @type {const} */ ([
    [null, 1],
    ["en", 0],
    ["zh", 1],
  ])) {
    const { learning, heard } = await opened(null, "surface", language);
    assert.deepEqual([learning.lessons?.length, heard.asked], [1, requests]);
  }
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

test("Who comes back to a page is not told that they hurried.", async () => {
  const { learning, player, store } = await opened(ASKS, "surface");
  player.toggle();
  learning.tick();
  store.set({ place: "compare" });
  store.set({ place: "learn" });
  assert.equal(learning.isHurried, false);
});

test("The page hears of it when the clock begins and stops to play, and not in between.", async () => {
  const { learning, player, heard } = await opened(null, "surface");
  const before = heard.changes;
  player.toggle();
  for (let i = 0; i < 3; i++) learning.tick();
  assert.deepEqual([learning.isPlaying, heard.changes - before], [true, 1]);
  player.toggle();
  learning.tick();
  assert.deepEqual([learning.isPlaying, heard.changes - before], [false, 2]);
});

test("Other runs than the page speaks of are told from its own, and it brings those back.", async () => {
  const { learning, store } = await opened(null, "surface");
  const [run] = store.get().runs;
  const quicker = { ...run, optimizer: { ...run.optimizer, hyperparameters: { lr: 0.75 } } };
  const kept = { ...run, kept: { id: "a", first: 0, without: [] } };
  for (const changes of [{ runs: [quicker] }, { runs: [kept] }, { runs: [run, quicker] }, { steps: 41 }]) {
    store.set(changes);
    assert.equal(learning.isChanged, true);
    learning.bringBack();
    assert.equal(learning.isChanged, false);
  }
  store.set({ speed: 5, step: 7, arrows: true, selected: 3 });
  assert.equal(learning.isChanged, false);
});

test("Compare and Tune show the same runs, whichever of them one leaves a lesson for.", async () => {
  const { learning, store } = await opened(null, "surface");
  learning.goTo("compare");
  store.set({ steps: 77 });
  learning.goTo("tune");
  assert.deepEqual([store.get().place, store.get().steps], ["tune", 77]);
  learning.leave(store.get());
  learning.goTo("learn");
  learning.goTo("compare");
  assert.deepEqual([store.get().place, store.get().steps], ["compare", 77]);
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { decodeLink } from "../../../static/js/lessons/linked.js";
import { decodeState, encodeState } from "../../../static/js/state/address/address.js";
import { VIEW_KEYS } from "../../../static/js/views/registry.js";
import { catalog } from "../catalog.js";

const RUNS = "runs=[SGD(lr:0.5),SGD(lr:0.25)]";
const ADDRESS = `?v=2&problem=rosenbrock&steps=40&${RUNS}&selected=1&step=3&speed=60`;
const steps = [ADDRESS, `?v=2&problem=rosenbrock&${RUNS}`].map((address) => ({ address, points_at: null }));
const LESSONS = /** @type {any[]} */ ([{ id: "one", steps }]);

/** @param {string} query */
const linked = (query) => decodeLink(query, LESSONS, catalog, VIEW_KEYS);

/** What the lesson's first page shows, and what of it an address changes. @param {object} [changes] */
const first = (changes) => ({
  ...decodeState(ADDRESS, catalog, VIEW_KEYS).state,
  ...{ place: "learn", lesson: "one", page: 0 },
  ...changes,
});

for (const [query, changes, unread] of /** @type {[string, object, string[]][]} */ ([
  ["lesson=one", {}, []],
  ["v=2&place=learn&lesson=one&language=zh", { language: "zh" }, []],
  ["place=compare&lesson=one", {}, []],
  ["place=learn&lesson=one&utm_source=x&fbclid=1&lesson_step=99", {}, ["lesson_step (lesson?)"]],
  ["place=learn&lesson=one&step=20&speed=5", { step: 20, speed: 5 }, []],
  ["place=learn&lesson=one&arrows=on&selected=0", { arrows: true, selected: 0 }, []],
  ["place=learn&lesson=one&selected=7", { selected: 0 }, ["selected"]],
  ["place=learn&lesson=one&problem=xor&seed=3", {}, ["problem", "seed"]],
  ["place=learn&lesson=one&runs=[SGD(", {}, ["runs"]],
  ["v=9&place=learn&lesson=one&theme=pink", {}, ["v", "theme"]],
]))
  test(`?${query} opens the page of the lesson, and what it may not say is told.`, () => {
    assert.deepEqual(linked(`?${query}`), { state: first(changes), unread, missing: null });
  });

test("A page that is not of the lesson is its last one, and told; it stands at its beginning.", () => {
  const { state, unread } = linked("?place=learn&lesson=one&page=9");
  assert.deepEqual([state.page, state.step, state.steps, unread], [1, 0, 300, ["page"]]);
});

test("A lesson that is not there leads to the list, and is told by its name.", () => {
  const { state, missing } = linked("?place=learn&lesson=nope&page=2");
  assert.deepEqual([state.place, state.lesson, state.page, missing], ["learn", null, 0, "nope"]);
});

test("Whatever is changed in a lesson, its address brings it back.", () => {
  for (const changes of [{}, { speed: 30 }, { steps: 300 }, { seed: 3 }, { selected: 0 }, { page: 1 }]) {
    const state = first(changes);
    const read = linked(encodeState(state, catalog, VIEW_KEYS));
    assert.deepEqual(read, { state, unread: [], missing: null });
  }
});

test("In a lesson an address says the runs, though elsewhere it would leave them out.", () => {
  const { runs } = decodeState("?v=2&problem=rosenbrock", catalog, VIEW_KEYS).state;
  const written = (/** @type {string | null} */ lesson) =>
    new URLSearchParams(encodeState(first({ runs, lesson }), catalog, VIEW_KEYS)).has("runs");
  assert.deepEqual([written("one"), written(null)], [true, false]);
});

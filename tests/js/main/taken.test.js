import assert from "node:assert/strict";
import { test } from "node:test";
import { takenOf } from "../../../static/js/main/taken.js";
import { defaultState } from "../../../static/js/state/address/table.js";
import { catalog } from "../catalog.js";

const STATE = defaultState(catalog);
const NONE = { drawn: [], judging: [] };

/** @param {object} state @param {object} [more] @returns {any} */
const page = (state, more) => ({
  ...{ state: { ...STATE, ...state }, catalog, step: 0, link: () => "http://here/?v=2&step=4" },
  runs: STATE.runs.map(({ slot }) => ({ errors: slot === 0 ? ["no"] : [], request: { id: `${slot}` } })),
  learning: { lesson: null, lessons: [] },
  ...more,
});

const look = { format: "html", address: "?v=2&step=4" };

test("Of a comparison the runs that are not refused are taken, on the plane on the screen.", () => {
  const taken = /** @type {any} */ (takenOf(page({ place: "compare" }), NONE));
  const ids = STATE.runs.slice(1).map(({ slot }) => ({ id: `${slot}` }));
  assert.deepEqual(taken.asked.runs, ids);
  assert.equal(typeof taken.asked.plane.kind, "string");
  assert.deepEqual(takenOf(page({ place: "compare" }, { runs: [] }), NONE), { lacks: "runs" });
});

test("A lesson is taken by its name; of somebody's own it is said what each page shows.", () => {
  const lesson = { id: "one", steps: [{ address: "?v=2&problem=xor&runs=[SGD(lr:0.5)]&steps=9" }] };
  const asked = (/** @type {object[]} */ lessons) =>
    /** @type {any} */ (takenOf(page({ place: "learn" }, { learning: { lesson, lessons } }), NONE)).asked;
  assert.deepEqual(asked([lesson]), { ...look, lesson: "one" });
  const [shown] = asked([]).pages;
  assert.deepEqual([shown.runs.length, shown.runs[0].steps, shown.plane.kind], [1, 9, "pca"]);
  assert.deepEqual(takenOf(page({ place: "learn" }), NONE), { lacks: "lesson" });
});

test("Maps are taken with the places of their runs; what judges them is of none.", () => {
  const [first, second] = STATE.runs.map(({ slot }) => slot);
  const [body, judge] = /** @type {any[]} */ ([{ axes: [] }, { axes: [1] }]);
  const maps = { drawn: [{ body, slots: [second, first] }], judging: [{ body: judge, slots: [first] }] };
  const taken = /** @type {any} */ (takenOf(page({ place: "tune" }), maps));
  assert.deepEqual(taken.asked.sweeps, [
    { sweep: body, runs: [1, 0] },
    { sweep: judge, runs: [] },
  ]);
  assert.equal(taken.asked.runs.length, STATE.runs.length);
  assert.deepEqual(takenOf(page({ place: "tune" }), NONE), { lacks: "map" });
});

test("Of watched loops the one that is open is taken, and the one beside it.", () => {
  const at = (/** @type {string | null} */ run, /** @type {string | null} */ beside) =>
    takenOf(page({ place: "loops", loops: { ...STATE.loops, run, beside } }), NONE);
  assert.deepEqual(at("a", "b"), { asked: { ...look, runs: [{ id: "a" }, { id: "b" }] } });
  assert.deepEqual(at(null, null), { lacks: "loop" });
});

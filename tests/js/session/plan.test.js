import assert from "node:assert/strict";
import { test } from "node:test";

import { plan } from "../../../static/js/session/plan.js";

/** @typedef {import("../../../static/js/session/plan.js").Pursuit} Pursuit */

const config = (/** @type {number} */ lr) => /** @type {any} */ ({ problem: { name: "xor" }, lr });
const job = (/** @type {string} */ id, /** @type {number} */ lr) => ({ id, config: config(lr) });
const kept = (/** @type {string} */ id) => ({ ...job(id, 0), kept: { id: `kept-${id}`, last: 5 } });
const key = (/** @type {number} */ lr) => JSON.stringify(config(lr));

const PCA = /** @type {any} */ ({ plane: { kind: "pca" }, window: null });
const wish = (/** @type {any[]} */ ...jobs) => ({ jobs, view: PCA });
const dragged = (/** @type {any[]} */ ...jobs) => ({ jobs, view: null });

/**
 * What is known: runs that were trained, runs that were refused, and kept runs that have records.
 *
 * @param {{trained?: number[], refused?: number[], followed?: string[]}} [runs]
 */
function known({ trained = [], refused = [], followed = [] } = {}) {
  return {
    isSettled: (/** @type {string} */ text) => [...trained, ...refused].some((lr) => key(lr) === text),
    records: (/** @type {any} */ { config, kept: reference }) => {
      const isThere = reference ? followed.includes(reference.id) : trained.includes(config.lr);
      return isThere ? { first: 0, last: 9 } : undefined;
    },
  };
}

/** @returns {Pursuit} */
function pursuit(/** @type {any} */ wanted, /** @type {Partial<Pursuit>} */ changes = {}) {
  return { wish: wanted, since: 0, request: null, tried: new Set(), isDrawn: false, ...changes };
}

const training = (/** @type {any} */ wanted) =>
  pursuit(wanted, { request: { kind: "train", runs: new Map() } });

/** What is planned, in short: the request, of which wish, and when what is under way is dropped. */
function told(/** @type {any} */ { pursuit, request, dropIn }) {
  const short =
    request?.kind === "train"
      ? { train: [...request.runs.values()].map(({ lr }) => lr) }
      : request && { surface: request.jobs.map((/** @type {any} */ { id }) => id) };
  return { of: pursuit?.wish ?? null, request: short, dropIn };
}

const [A, B] = [wish(job("a", 1)), wish(job("a", 2))];
const haunted = { ...A, ghost: job("ghost", 9) };
const NOTHING = { of: null, request: null, dropIn: null };

/** @type {[string, any, any][]} */
const SITUATIONS = [
  ["Nothing is wanted: there is nothing to do.", { wanted: wish() }, NOTHING],
  [
    "Runs that are not known are trained in one request, equal ones once.",
    { wanted: wish(job("a", 1), job("b", 2), job("c", 2)) },
    { request: { train: [1, 2] } },
  ],
  [
    "What is known is not trained again.",
    { wanted: wish(job("a", 1), job("b", 2)), known: known({ trained: [1] }) },
    { request: { train: [2] } },
  ],
  [
    "What was refused is not asked for again.",
    { wanted: wish(job("a", 1), job("b", 2)), known: known({ refused: [2] }) },
    { request: { train: [1] } },
  ],
  [
    "When all runs are known, their surface is asked for.",
    { wanted: wish(job("a", 1), job("b", 2)), known: known({ trained: [1, 2] }) },
    { request: { surface: ["a", "b"] } },
  ],
  [
    "A surface is of the runs that were not refused.",
    { wanted: wish(job("a", 1), job("b", 2)), known: known({ trained: [2], refused: [1] }) },
    { request: { surface: ["b"] } },
  ],
  ["Runs that are all refused have no surface.", { wanted: A, known: known({ refused: [1] }) }, NOTHING],
  [
    "A kept run is not trained, and drawn as soon as it has records.",
    { wanted: wish(kept("a"), kept("b"), job("c", 1)), known: known({ trained: [1], followed: ["kept-b"] }) },
    { request: { surface: ["b", "c"] } },
  ],
  ["Kept runs without records wait for them.", { wanted: wish(kept("a")) }, NOTHING],
  [
    "Under a hand that drags, no surface is asked for.",
    { wanted: dragged(job("a", 1)), known: known({ trained: [1] }) },
    NOTHING,
  ],
  [
    "One request is made at a time, and one that is wanted goes on for as long as it takes.",
    { wanted: A, underWay: training(A), now: 10_000 },
    { of: A, request: null },
  ],
  [
    "A newer wish waits for what is under way.",
    { wanted: B, underWay: training(A), now: 100 },
    { of: A, request: null, dropIn: 300 },
  ],
  [
    "What has taken long is dropped for a newer wish at once.",
    { wanted: B, underWay: training(A), now: 500 },
    { of: A, request: null, dropIn: 0 },
  ],
  [
    "Under a hand that drags, a slow answer is waited for longer.",
    { wanted: dragged(job("a", 2)), underWay: training(dragged(job("a", 1))), now: 500 },
    { of: dragged(job("a", 1)), request: null, dropIn: 1000 },
  ],
  [
    "The surface of a wish follows its runs though a newer one waits.",
    { wanted: B, underWay: pursuit(A), known: known({ trained: [1] }), now: 100 },
    { of: A, request: { surface: ["a"] }, dropIn: 300 },
  ],
  [
    "After the surface, a newer wish is next, with a patience of its own.",
    { wanted: B, underWay: pursuit(A, { isDrawn: true }), known: known({ trained: [1] }), now: 900 },
    { of: B, request: { train: [2] } },
  ],
  [
    "When the surface is there, a run to be seen beside the others is trained.",
    { wanted: haunted, underWay: pursuit(haunted, { isDrawn: true }), known: known({ trained: [1] }) },
    { request: { train: [9] } },
  ],
  [
    "A run to be seen beside the others takes no part in their surface.",
    { wanted: haunted, known: known({ trained: [1, 9] }) },
    { request: { surface: ["a"] } },
  ],
  [
    "A run to be seen beside the others is not trained where there is no surface to see it on.",
    { wanted: haunted, known: known({ refused: [1] }) },
    NOTHING,
  ],
  [
    "A run to be seen beside the others makes nobody wait who wants something else.",
    { wanted: B, underWay: pursuit(haunted, { isDrawn: true }), known: known({ trained: [1] }) },
    { of: B, request: { train: [2] } },
  ],
  [
    "Training of a run to be seen beside the others is dropped for a newer wish at once.",
    {
      wanted: B,
      underWay: pursuit(haunted, { isDrawn: true, request: { kind: "train", runs: new Map() } }),
      now: 1,
    },
    { of: haunted, request: null, dropIn: 0 },
  ],
  [
    "When the surface is there, all is there.",
    { wanted: A, underWay: pursuit(A, { isDrawn: true }), known: known({ trained: [1] }) },
    NOTHING,
  ],
  [
    "A run that failed is not tried again for the same wish.",
    { wanted: A, underWay: pursuit(A, { tried: new Set([key(1)]) }) },
    NOTHING,
  ],
  ["A run that failed is tried again when it is wanted anew.", { wanted: A }, { request: { train: [1] } }],
  [
    "When some are refused, the others are trained without them.",
    {
      wanted: wish(job("a", 1), job("b", -1)),
      underWay: pursuit(wish(job("a", 1), job("b", -1))),
      known: known({ refused: [-1] }),
    },
    { request: { train: [1] } },
  ],
];

for (const [sentence, { wanted, underWay = null, known: knows = known(), now = 0 }, expected] of SITUATIONS) {
  test(sentence, () => {
    const planned = plan({ wanted, underWay, known: knows, now });
    assert.deepEqual(told(planned), { of: wanted, dropIn: null, ...expected });
    if (planned.request !== null) assert.equal(planned.pursuit?.request, planned.request);
  });
}

test("A new pursuit begins now.", () => {
  assert.equal(plan({ wanted: A, known: known(), underWay: null, now: 77 }).pursuit?.since, 77);
});

test("To plan changes nothing of the situation.", () => {
  const underWay = Object.freeze(pursuit(A));
  const situation = Object.freeze({ wanted: B, known: known({ trained: [1] }), underWay, now: 0 });
  assert.deepEqual(plan(situation), plan(situation));
});

test("A plane through a step goes through the same step of the same run among those that are drawn.", () => {
  const at = { run: 1, step: 4 };
  const view = /** @type {any} */ ({ plane: { kind: "random", seed: 0, at }, window: null });
  const wanted = { jobs: [job("a", 1), job("b", 2)], view };
  const { request } = plan({ wanted, known: known({ trained: [2], refused: [1] }), underWay: null, now: 0 });
  assert.deepEqual(request, {
    kind: "surface",
    jobs: [wanted.jobs[1]],
    view: { plane: { kind: "random", seed: 0, at: { run: 0, step: 4 } }, window: null },
  });
});

test("No surface is asked for of a loop that is not ours.", () => {
  const watched = { ...kept("w"), watched: /** @type {const} */ (true) };
  const both = wish(watched, job("a", 1));
  const at = { wanted: both, known: known({ trained: [1], followed: ["kept-w"] }), underWay: null, now: 0 };
  assert.deepEqual(told(plan(at)).request, { surface: ["a"] });
  assert.equal(told(plan({ ...at, wanted: wish(watched) })).request, null);
});

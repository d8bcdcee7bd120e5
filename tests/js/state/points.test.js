import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { configsOf, stateOf } from "../../../static/js/state/configs.js";
import { decodeState, encodeState } from "../../../static/js/state/address/address.js";
import { defaultState } from "../../../static/js/state/address/table.js";
import { isInLink, keepPoints, missingIn } from "../../../static/js/state/points/link.js";
import { problemIn, textOf } from "../../../static/js/state/points/problem.js";
import { readTable } from "../../../static/js/state/points/table.js";
import { pictureOf } from "../../../static/js/controls/problem/points-picture.js";
import { VIEW_KEYS } from "../../../static/js/views/registry.js";
import { catalog as plain } from "../catalog.js";

const catalog = {
  ...plain,
  problems: [
    ...plain.problems,
    { ...plain.problems[0], name: "points", options: ["points", "seed"], inputs: 2, loss: "F.mse_loss" },
  ],
};

/** @param {number} count */
const pointsOf = (count) => ({
  x: Array.from({ length: count }, (_, i) => [i + 0.1, 3 - i, 1e-7 * i]),
  y: Array.from({ length: count }, (_, i) => i % 2),
  loss: /** @type {const} */ ("binary_cross_entropy_with_logits"),
  held_out: 0.25,
  standardize: true,
});

/** @param {any} points */
const stateWith = (points) => ({ ...defaultState(catalog, "points"), points });

beforeEach(() => {
  /** @type {Record<string, string>} */
  const items = {};
  globalThis.localStorage = /** @type {any} */ ({
    getItem: (/** @type {string} */ key) => items[key] ?? null,
    setItem: (/** @type {string} */ key, /** @type {string} */ value) => (items[key] = value),
  });
});

test("Points travel in each config, and come back from it.", () => {
  const points = pointsOf(5);
  const [config] = configsOf(stateWith(points), problemIn(catalog, stateWith(points)));
  assert.deepEqual(config.problem, { name: "points", points });
  assert.deepEqual(stateOf([config]).points, points);
  const [other] = configsOf(
    { ...stateWith(points), problem: "xor" },
    problemIn(catalog, { problem: "xor", points }),
  );
  assert.deepEqual(other.problem, { name: "xor" });
});

test("A problem is as wide as its points, and has their loss.", () => {
  const points = pointsOf(5);
  const problem = problemIn(catalog, stateWith(points));
  assert.deepEqual(
    [problem.inputs, problem.loss, problem.task],
    [3, "F.binary_cross_entropy_with_logits", "classification"],
  );
  assert.equal(problemIn(catalog, stateWith(points)), problem);
  assert.equal(problemIn(catalog, stateWith(null)).inputs, 2);
});

test("A few points stand in the link.", () => {
  const points = pointsOf(12);
  assert.ok(isInLink(points));
  const query = encodeState(stateWith(points), catalog, VIEW_KEYS);
  assert.deepEqual(decodeState(query, catalog, VIEW_KEYS).state.points, points);
});

test("Of many points a link names the table, which this browser keeps and others are told of.", () => {
  const points = pointsOf(400);
  assert.ok(!isInLink(points));
  const query = encodeState(stateWith(points), catalog, VIEW_KEYS);
  assert.ok(query.length < 1000);
  assert.deepEqual(missingIn(query), { points: 400, features: 3 });
  const { state, unread } = decodeState(query, catalog, VIEW_KEYS);
  assert.equal(state.points, null);
  assert.deepEqual(unread, ["points"]);
  for (const more of [1, 2, 3, 0]) keepPoints(pointsOf(400 + more));
  assert.equal(missingIn(query), null);
  assert.deepEqual(decodeState(query, catalog, VIEW_KEYS).state.points, points);
});

test("What is kept does not grow for ever.", () => {
  for (let more = 0; more < 9; more += 1) keepPoints(pointsOf(400 + more));
  assert.equal(Object.keys(JSON.parse(localStorage.getItem("optiscope.points") ?? "")).length, 4);
});

test("A link with no table is not read.", () => {
  for (const text of [
    "(x:[[1]],y:[1,2])",
    "file-3x2-00000000",
    "[]",
    "(x:[[1],[1,2]],y:[0,1],loss:mse_loss,held_out:0,standardize:true)",
  ])
    assert.deepEqual(decodeState(`?v=2&problem=points&points=${text}`, catalog, VIEW_KEYS).unread, [
      "points",
    ]);
});

test("What a config leaves out of its points is filled in as the server does it.", () => {
  const [x, y] = [
    [[1], [2]],
    [0, 1],
  ];
  const config = { ...configsOf(stateWith(pointsOf(3)), problemIn(catalog, stateWith(null)))[0] };
  const { points } = stateOf([{ ...config, problem: { name: "points", points: { x, y } } }]);
  assert.deepEqual(points, {
    ...{ x, y, loss: "binary_cross_entropy_with_logits" },
    ...{ held_out: 0.25, standardize: false },
  });
  const { points: values } = stateOf([
    { ...config, problem: { name: "points", points: { x, y: [0, 2], loss: null } } },
  ]);
  assert.equal(values?.loss, "mse_loss");
});

test("What is written of points is read as the same points.", () => {
  const { x, y, loss } = pointsOf(7);
  const table = readTable(textOf({ x, y }));
  assert.deepEqual([table.x, table.y, table.loss], [x, y, loss]);
});

test("The picture of points holds them all, or an even choice, within its frame.", () => {
  for (const count of [4, 1000]) {
    const { points } = pictureOf(pointsOf(count));
    assert.ok(points.length <= 300);
    for (const [x, y, level] of points)
      assert.ok(x > 0 && x < 1 && y > 0 && y < 1 && level >= 0 && level < 12);
  }
});

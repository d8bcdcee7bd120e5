import assert from "node:assert/strict";
import { test } from "node:test";

import { eventsOf } from "../../../../static/js/views/timeline/events.js";
import {
  blueprint,
  gradientScale,
  isChain,
  notes,
  shortNumber,
  shownValue,
  valueScale,
  weightScale,
} from "../../../../static/js/views/network/network-figure.js";
import { activityCost, reluActivity } from "../../../../static/js/views/network/relu.js";
import { historyOf, runOf } from "../../drawn.js";
import { watchedHistory } from "../../watched-run.js";

const SHAPES = {
  "fc1.weight": [2, 2],
  "fc1.bias": [2],
  "fc2.weight": [2, 2],
  "fc2.bias": [2],
  "fc3.weight": [1, 2],
  "fc3.bias": [1],
};
const RELU = { model: { activation: "relu" } };
const DATA = {
  x: [
    [1, 2],
    [-1, 0.5],
  ],
  y: [[1], [0]],
};
const SIZE = { width: 360, height: 160 };

const format = (value) => value.toFixed(2);
const keys = (found) => found.map(({ key }) => key.split(".").at(-1));

test("TinyNet is seven units and ten weights, each under its own index.", () => {
  const plan = blueprint(
    historyOf(SHAPES, 1, () => 0),
    SIZE,
  );
  assert.equal(plan.units.length, 2 + 2 + 2 + 1);
  assert.equal(plan.edges.length, 4 + 4 + 2);
  assert.deepEqual(
    plan.layers.map(({ name }) => name),
    ["fc1", "fc2", "fc3"],
  );
  const edge = plan.edges.find(({ layer, row, column }) => layer === "fc2" && row === 1 && column === 0);
  assert.equal(edge.index, 2);
  assert(plan.labelled);
  for (const { x, y } of plan.units) assert(x > 0 && x < SIZE.width && y > 0 && y < SIZE.height);
});

test("No number on an edge comes near a unit; where there is no room for that, there are none.", () => {
  const HALF = 25; // of the longest number, at twelve pixels
  const wide = blueprint(
    historyOf(SHAPES, 1, () => 0),
    { ...SIZE, width: 304 },
  );
  assert.ok(wide.labelled);
  for (const { label, x1, x2 } of wide.edges) assert.ok(label.x - HALF > x1 && label.x + HALF < x2);
  const narrow = blueprint(
    historyOf(SHAPES, 1, () => 0),
    { ...SIZE, width: 290 },
  );
  assert.ok(!narrow.labelled);
});

test("A number on an edge has its sign and six characters at the most, whatever the weight or the gradient.", () => {
  const wanted = [
    [1.5649, "+1.56"],
    [-0.0512, "−0.05"],
    [-12.345, "−12.3"],
    [654.3, "+654"],
    [0.00012345, "+1e−4"],
    [-1.2e12, "−1e12"],
    [0, "0"],
    [NaN, "NaN"],
    [-Infinity, "−∞"],
  ];
  for (const [value, text] of wanted) assert.equal(shortNumber(value), text);
  for (let power = -12; power < 13; power += 0.25) assert.ok(shortNumber(-(10 ** power)).length <= 6);
});

test("A wide layer is drawn in part, and says so; its indices are the layer's own.", () => {
  const wide = { "fc1.weight": [64, 2], "fc1.bias": [64], "fc2.weight": [1, 64], "fc2.bias": [1] };
  const plan = blueprint(
    historyOf(wide, 1, () => 0),
    SIZE,
  );
  assert.deepEqual(plan.layers[0], { ...plan.layers[0], total: 64, shown: 12 });
  assert(plan.units.some(({ column, index }) => column === 1 && index === 63));
  assert.equal(
    plan.edges.find(({ layer, row, column }) => layer === "fc1" && row === 63 && column === 1).index,
    127,
  );
  assert(!plan.labelled);
});

test("Widths of weights can be compared over time; a run that explodes does not hide its beginning.", () => {
  assert.equal(weightScale(historyOf(SHAPES, 5, (k) => 1 + k / 4)), 2);
  assert.equal(weightScale(historyOf(SHAPES, 5, (k) => 10 ** (5 * k))), 6);
  assert.equal(weightScale(historyOf(SHAPES, 2, () => 0)), 1);
});

test("Widths of gradients belong to their record.", () => {
  const history = historyOf(SHAPES, 4, () => 0, { grad: (k) => -k });
  assert.equal(gradientScale(history, 3), 3);
  assert.equal(gradientScale(history, 0), 1);
});

test("Colours of matrices belong to their record, however far it is from the start.", () => {
  const history = historyOf(SHAPES, 4, (k) => (k ? -(10 ** k) : 0));
  assert.equal(valueScale(history, 3), 1000);
  assert.equal(valueScale(history, 0), 1);
});

test("A frozen layer shows its weights, and None for their gradients.", () => {
  const history = historyOf(SHAPES, 4, (k, i) => i, { frozen: (layer) => layer === "fc2" });
  assert.equal(shownValue(history, "fc2.weight", 3, 2, "weights"), 3);
  assert.equal(shownValue(history, "fc2.weight", 3, 2, "gradients"), null);
  assert.equal(shownValue(history, "fc1.weight", 3, 2, "gradients"), 1);
});

test("Units that no sample activates are dead, and counted per layer.", () => {
  const bias = { "fc1.bias": [0, -10], "fc2.bias": [-100, 5] };
  const history = historyOf(SHAPES, 1, (k, i, name) => bias[name]?.[i] ?? 1, { config: RELU, data: DATA });
  const activity = reluActivity(history, 0);
  assert.deepEqual(
    activity.map(({ layer, active }) => [layer, [...active]]),
    [
      ["fc1", [1, 0]],
      ["fc2", [0, 2]],
    ],
  );
  const [note] = notes(history, 0, activity, format);
  assert.deepEqual(note, {
    key: "views.network.deadLayers",
    params: { layers: ["fc1\u00a01/2", "fc2\u00a01/2"] },
    kind: "dead",
  });
  const [single] = notes(history, 0, activity.slice(0, 1), format);
  assert.deepEqual(single, {
    key: "views.network.dead",
    params: { layer: "fc1", total: 2, count: 1 },
    kind: "dead",
  });
});

test("No unit is called dead without ReLU or without the samples.", () => {
  const tanh = { model: { activation: "tanh" } };
  assert.deepEqual(
    reluActivity(
      historyOf(SHAPES, 1, () => -1, { config: tanh, data: DATA }),
      0,
    ),
    [],
  );
  assert.deepEqual(
    reluActivity(
      historyOf(SHAPES, 1, () => -1, { config: RELU }),
      0,
    ),
    [],
  );
  assert.equal(activityCost(historyOf(SHAPES, 1, () => 0, { data: DATA })), 15 * 2);
});

test("Freezing, thawing, drops of the learning rate and divergence are events of a run.", () => {
  const history = historyOf(SHAPES, 60, () => 0, {
    frozen: (layer, k) => layer === "fc2" && k > 10 && k <= 30,
    lr: (k) => (k < 40 ? 0.1 : 0.01),
  });
  history.end({ reason: "diverged", step: 59, detail: "" });
  const found = eventsOf(runOf("0", { history })).map(({ kind, step, layer }) => [kind, step, layer]);
  assert.deepEqual(found, [
    ["freeze", 11, "fc2"],
    ["unfreeze", 31, "fc2"],
    ["lrDrop", 40, null],
    ["diverged", 59, null],
  ]);
});

test("A learning rate that falls all the time has no drops.", () => {
  const cosine = historyOf(SHAPES, 100, () => 0, { lr: (k) => 0.05 * (1 + Math.cos((Math.PI * k) / 99)) });
  assert.deepEqual(eventsOf(runOf("0", { history: cosine })), []);
});

test("Only parameters of linear layers one behind the other are drawn as a network that nobody has told of.", () => {
  const chain = (/** @type {Record<string, number[]>} */ shapes) => isChain(watchedHistory({}, shapes));
  assert(isChain(watchedHistory()));
  assert(!chain({ "0.weight": [2, 3], "0.bias": [2], "1.weight": [1, 3], "1.bias": [1] }));
  assert(!chain({ "0.weight": [2, 3], "1.weight": [2], "1.bias": [2] }));
  assert(!chain({ scale: [1] }));
});

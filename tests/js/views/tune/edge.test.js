import assert from "node:assert/strict";
import { test } from "node:test";

import * as edge from "../../../../static/js/state/sweep/edge.js";
import { Cells } from "../../../../static/js/state/sweep/cells.js";
import { defaultState } from "../../../../static/js/state/address/table.js";
import {
  bordersIn,
  edgePalette,
  edgePixels,
  lostIn,
  lowestIn,
  moved,
  rateAxis,
  readRates,
  shareKept,
} from "../../../../static/js/views/tune/edge-figure.js";
import { pixel } from "../../../../static/js/views/drawing/palette.js";
import { catalog } from "../../catalog.js";

const t = (key, params = {}) => `${key} ${JSON.stringify(params)}`;
const XOR = catalog.problems[0];
const MIDDLE = { across: 0.5, up: 0.5 };
const stateWith = (own, more = {}) => {
  const state = defaultState(catalog, "xor");
  return { ...state, ...more, edge: { ...state.edge, ...own } };
};

test("the rates of the first and the last layer vary, each in a param group of its own", () => {
  const { body, slots } = edge.edgeAsk(stateWith({}, { hidden: [2, 2] }), XOR, 64);
  assert.deepEqual(body.axes.map(({ path }) => path), ["/optimizer/param_groups/0/lr", "/optimizer/param_groups/2/lr"]); // prettier-ignore
  assert.deepEqual(body.axes.map(({ count, scale }) => [count, scale]), [[64, "log"], [64, "log"]]); // prettier-ignore
  assert.deepEqual(body.run.optimizer.param_groups.map(({ params }) => params), [["fc1"], ["fc2"], ["fc3"]]); // prettier-ignore
  assert.equal(slots.length, 1);
});

test("other layers may be chosen, never one for both; a network of one layer has weight and bias", () => {
  assert.deepEqual(edge.ratedLayers(stateWith({ x: 1, y: 0 }, { hidden: [2, 2] })), {
    across: "fc2",
    up: "fc1",
  });
  assert.deepEqual(edge.ratedLayers(stateWith({ x: 1, y: 1 }, { hidden: [2, 2] })), {
    across: "fc2",
    up: "fc1",
  });
  assert.deepEqual(edge.ratedLayers(stateWith({}, { hidden: [] })), { across: "fc1.weight", up: "fc1.bias" });
});

test("groups that a run has keep what else they say", () => {
  const state = stateWith({}, { hidden: [2] });
  state.runs[0].optimizer = { name: "SGD", hyperparameters: { lr: 0.1 }, param_groups: [{ params: ["fc1", "fc2"], momentum: 0.5 }] }; // prettier-ignore
  const { body } = edge.edgeAsk({ ...state, selected: state.runs[0].slot }, XOR, 8);
  assert.deepEqual(body.run.optimizer.param_groups.map(({ momentum }) => momentum), [0.5, 0.5]); // prettier-ignore
});

test("a place that one zooms at stays where it is, by ratios and by differences", () => {
  for (const window of [
    [
      [1e-2, 10],
      [1, 2],
    ],
    [
      [1, 1.0001],
      [5, 5.001],
    ],
  ]) {
    // prettier-ignore
    const at = { across: 0.3, up: 0.8 };
    const closer = edge.zoomed(window, 0.5, at, 256);
    window.forEach((side, i) => {
      const part = [at.across, at.up][i];
      const rate = edge.rateAt(side, part);
      assert.ok(Math.abs(edge.partOf(closer[i], rate) - part) < 1e-6);
      assert.ok(Math.abs(edge.rateAt(closer[i], part) / rate - 1) < 1e-12);
    });
  }
});

test("one can go in until neighbours are four of the smallest steps of float64 apart, and out again", () => {
  const count = 256;
  let window = edge.edgeWindow(stateWith({}));
  for (let i = 0; i < 80; i += 1) window = edge.zoomed(window, 0.5, { across: 0.4, up: 0.6 }, count);
  assert.ok(edge.isDeepest(window, count));
  assert.ok(edge.needsDouble(window, count));
  for (const side of window) {
    const rates = Array.from({ length: count }, (_, i) => edge.rateAt(side, i / (count - 1)));
    assert.equal(new Set(rates).size, count);
  }
  for (let i = 0; i < 80; i += 1) window = edge.zoomed(window, 2, MIDDLE, count);
  assert.ok(window.every(([low, high]) => low > 0 && high / low > 1e6));
  assert.deepEqual(edge.zoomed(window, Infinity, MIDDLE, count), edge.edgeWindow(stateWith({})));
});

test("float64 takes over where float32 no longer tells neighbours apart", () => {
  const ask = (window) => edge.edgeAsk(stateWith({ window }, { dtype: "float32" }), XOR, 256).body;
  assert.equal(ask([[1, 2], [1, 2]]).run.dtype, "float32"); // prettier-ignore
  const deep = ask([[1, 1 + 1e-5], [1, 2]]); // prettier-ignore
  assert.equal(deep.run.dtype, "float64");
  assert.deepEqual(deep.axes.map(({ scale }) => scale), ["linear", "log"]); // prettier-ignore
});

test("a window beside it begins in its middle; a box is all of the new window", () => {
  const window = [[1, 100], [1, 100]]; // prettier-ignore
  assert.ok(Math.abs(edge.panned(window, 0.5, 0)[0][0] - 10) < 1e-9);
  const box = { from: { column: 0, row: 50 }, to: { column: 49, row: 99 } };
  const [[left, right], [bottom, top]] = edge.boxed(window, box, 100);
  for (const [found, meant] of [
    [left, 1],
    [right, 10],
    [bottom, 10],
    [top, 100],
  ])
    // prettier-ignore
    assert.ok(Math.abs(found / meant - 1) < 1e-9, `${found} is not ${meant}`);
});

/** Two rates by two. */
function swept(some = 4) {
  const axes = [0, 2].map((i) => ({ path: `/optimizer/param_groups/${i}/lr`, values: [1, 2] }));
  const cells = new Cells({
    shape: [2, 2],
    axes,
    members: 4,
    reasons: ["completed", "diverged"],
    ways: [],
    runs: [],
  });
  const columns = {
    initial_loss: [1, 1, 1, 1],
    end_loss: [0.1, 2, NaN, 0.2],
    last_step: [9, 9, 0, 9],
    ended: [0, 0, 1, 0],
  };
  const first = Object.fromEntries(Object.entries(columns).map(([name, all]) => [name, all.slice(0, some)]));
  cells.add({ members: [0, 1, 2, 3].slice(0, some), ...first });
  return cells;
}

test("a run whose loss rose is lost as one that diverged is", () => {
  const cells = swept();
  assert.deepEqual([0, 1, 2, 3].map((member) => lostIn(cells)(member)), [false, true, true, false]); // prettier-ignore
  assert.equal(shareKept(cells), 0.5);
});

test("keys lead to the lowest cell, and along a row to where trained and lost meet", () => {
  assert.deepEqual(lowestIn(swept()), { column: 0, row: 0 });
  assert.deepEqual([0, 1].map((row) => bordersIn(swept(), row)), [[0], [0]]); // prettier-ignore
  assert.deepEqual(bordersIn(swept(1), 0), []);
});

test("low losses are dark, and what diverged at once has all of its colour", () => {
  const palette = edgePalette({ surface: [[0, "#000000"], [1, "#0000ff"]], diverged: "#ff0000", panel: "#ffffff" }); // prettier-ignore
  const [topLeft, topRight, left, right] = edgePixels(swept(), 9, palette);
  assert.deepEqual([left, topRight, right], ["#000000", "#0000ff", "#ff0000"].map(pixel)); // prettier-ignore
  assert.notEqual(topLeft, pixel("#ff0000"));
  assert.equal(edgePixels(swept(1), 9, palette)[0], 0);
});

test("a picture of another window is what this one shows of it", () => {
  const pixels = Uint32Array.from({ length: 16 }, (_, i) => i + 1);
  const window = [[1, 16], [1, 16]]; // prettier-ignore
  assert.deepEqual([...moved(pixels, 4, window, window, 4)], [...pixels]);
  const right = moved(pixels, 4, window, [[4, 64], [1, 16]], 4); // prettier-ignore
  assert.deepEqual([...right.slice(0, 4)], [3, 4, 0, 0]);
});

test("rates are written with as many digits as tell neighbours apart; a narrow axis tells differences", () => {
  const wide = [1, 1000];
  assert.equal(rateAxis("fc1", wide, 4, t).scale, "log");
  const narrow = [0.5, 0.5 + 1e-9];
  const axis = rateAxis("fc1", narrow, 3, t);
  assert.match(axis.label, /offset.*0\.5000000005/);
  assert.match(axis.label, /1e-10|5e-10/);
  assert.ok(Math.abs(axis.values[0] + 5) < 1e-4, "in a unit that leaves short numbers");
  const window = [wide, wide];
  const layers = { across: "fc1", up: "fc3" };
  const read = (column, row) => readRates(swept(), { column, row }, { layers, window, t });
  assert.equal(read(0, 0).title, "fc1 1, fc3 1");
  assert.match(read(1, 0).rows[0].value, /"step":0/);
  assert.match(read(0, 1).rows[0].label, /rose/);
});

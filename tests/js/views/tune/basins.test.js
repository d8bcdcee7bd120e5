import assert from "node:assert/strict";
import { test } from "node:test";

import { basinAsks, nearest, placesOf, radiusOf, STARTS } from "../../../../static/js/state/sweep/basins.js";
import { Cells } from "../../../../static/js/state/sweep/cells.js";
import { inCells } from "../../../../static/js/views/tune/basins.js";
import {
  basinPixels,
  basinPalette,
  basinsOf,
  NOT,
  readStart,
  sharesOf,
} from "../../../../static/js/views/tune/basins-figure.js";
import { pixel } from "../../../../static/js/views/drawing/palette.js";
import { defaultState } from "../../../../static/js/state/address/table.js";
import { catalog } from "../../catalog.js";

const t = (key, params = {}) => `${key} ${JSON.stringify(params)}`;
const PLACES = [
  [0, 0],
  [4, 4],
];

/** Two starts across, two upwards. */
function swept(columns) {
  const axes = [0, 1].map((i) => ({ path: `/model/start/${i}`, values: [0, 4] }));
  const cells = new Cells({
    shape: [2, 2],
    axes,
    members: 4,
    reasons: ["completed", "diverged"],
    ways: [],
    runs: [],
  });
  cells.add(columns);
  return cells;
}

const ALL = {
  members: [0, 1, 2, 3],
  end: [[0.01, 0], [2, 2], [NaN, NaN], [4, 3.99]], // prettier-ignore
  steps_to_target: [0, NaN, NaN, 10],
  end_loss: [1e-4, 5, NaN, 0.02],
  last_step: [10, 10, 3, 10],
  ended: [0, 0, 1, 0],
};

test("a start has the minimum that its run ends near, or none, or diverged; members go across first", () => {
  const { reached, speed } = basinsOf(swept(ALL), PLACES, { radius: 0.1, steps: 10 });
  assert.deepEqual([...reached], [0, NOT.diverged, NOT.elsewhere, 1]);
  assert.deepEqual([...speed], [0, 1, 1, 1]);
});

test("the sooner a run is there, the more of its colour a start has; the first row of pixels is the top", () => {
  const basins = basinsOf(swept(ALL), PLACES, { radius: 0.1, steps: 10 });
  const palette = basinPalette({
    minima: ["#000000", "#ff0000"],
    elsewhere: "#00ff00",
    diverged: "#0000ff",
    panel: "#ffffff",
  });
  const pixels = basinPixels(basins, palette);
  assert.equal(pixels[2], pixel("#000000"));
  assert.equal(pixels[3], pixel("#0000ff"));
  assert.equal(pixels[0], pixel("#00ff00"));
  assert.notEqual(pixels[1], pixel("#ff0000"));
});

test("shares are of the starts that are known", () => {
  const shares = sharesOf(basinsOf(swept(ALL), PLACES, { radius: 0.1, steps: 10 }), 2);
  assert.deepEqual(shares, { minima: [0.25, 0.25], elsewhere: 0.25, diverged: 0.25 });
  const none = sharesOf(
    { columns: 1, rows: 1, reached: Int8Array.of(NOT.yet), speed: Float64Array.of(1) },
    1,
  );
  assert.deepEqual(none.minima, [0]);
});

test("a start reads where its run ends, which minimum that is, and what is not known yet", () => {
  const cells = swept(ALL);
  const read = (column, row) => readStart(cells, { column, row }, PLACES, { radius: 0.1, target: 0.5, t });
  assert.match(read(1, 1).title, /\(4.000, 4.000\)/);
  assert.deepEqual(read(1, 1).rows.map(({ value }) => value), ["(4.000, 3.990)", "(4.000, 4.000)", "0.0100", "0.020000", "10"]); // prettier-ignore
  assert.match(read(1, 0).rows[0].value, /"step":3/);
  const few = swept({
    ...Object.fromEntries(Object.entries(ALL).map(([name, values]) => [name, values.slice(0, 1)])),
  });
  assert.equal(
    readStart(few, { column: 1, row: 1 }, PLACES, { radius: 0.1, target: null, t }).rows.length,
    1,
  );
});

test("where nobody says the minima, they are where many runs end", () => {
  const ends = [...Array(50).fill([1, 1]), ...Array(30).fill([1.05, 1]), ...Array(40).fill([-2, 0]), [9, 9]];
  const places = placesOf(ends, 0.1);
  assert.equal(places.length, 2);
  assert.equal(nearest([1, 1], places, 0.2), 0);
  assert.equal(nearest([5, 5], places, 0.2), null);
});

test("a path in cells breaks off where it leaves the window", () => {
  const window = [[0, 4], [0, 4]]; // prettier-ignore
  assert.deepEqual(inCells([[0, 0], [4, 4], [9, 9], [1, 1]], window, [5, 5]), [[0.5, 0.5], [4.5, 4.5]]); // prettier-ignore
  assert.equal(inCells([[9, 9]], window, [5, 5]).length, 1); // prettier-ignore
});

test("each run has a sweep of its own over all starts, in fewer where it goes one by one", () => {
  const bounds = [[-2, 2], [-1, 3]]; // prettier-ignore
  const problem = { minima: [], bounds, ...catalog.problems.find(({ kind }) => kind === "function") };
  const state = defaultState(catalog, problem.name);
  const asks = basinAsks(state, catalog, problem, new Set([state.runs[0].optimizer.name]));
  assert.equal(asks.length, state.runs.length);
  assert.deepEqual(asks[0].body.axes.map(({ count }) => count), [STARTS.rough, STARTS.rough]); // prettier-ignore
  assert.ok(radiusOf(problem.bounds) > 0);
});

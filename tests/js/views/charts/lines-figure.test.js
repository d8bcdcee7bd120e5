import assert from "node:assert/strict";
import { test } from "node:test";

import { figure, spread } from "../../../../static/js/views/charts/lines-figure.js";
import { SERIES, columnOf } from "../../../../static/js/views/charts/series.js";
import { dataOf, historyOf, runOf } from "../../drawn.js";
import { encode } from "../../wire.js";

const SIZE = { width: 300, height: 100 };
const LOSS = SERIES.find(({ key }) => key === "loss");

const withLoss = (id, records, loss) =>
  runOf(id, { history: historyOf({ "fc1.bias": [1] }, records, () => 0, { loss }) });

test("The axis of steps spans the whole run, also while it is still coming.", () => {
  const plot = figure(dataOf([withLoss("0", 11, () => 1)]), LOSS, SIZE);
  assert.deepEqual(plot.xDomain, [0, 100]);
  assert.equal(plot.x(0), 0);
  assert.equal(plot.x(100), 300);
  assert.equal(plot.curves[0].points.length, 20); // the loss after the last step is yet to come
});

test("A run without records has no curve.", () => {
  assert.deepEqual(figure(dataOf([runOf("0")]), LOSS, SIZE).curves, []);
});

test("The scale of each plot is the state's.", () => {
  const runs = [withLoss("0", 5, (k) => 10 ** -k)];
  assert.equal(figure(dataOf(runs), LOSS, SIZE).scale, "log");
  const linear = figure(dataOf(runs, { scales: { loss: "linear" } }), LOSS, SIZE);
  assert.equal(linear.scale, "linear");
  assert.equal(linear.yDomain[0], 0);
});

test("Negative values are never hidden by a logarithmic axis.", () => {
  const plot = figure(dataOf([withLoss("0", 5, (k) => 3 - 2 * k)]), LOSS, SIZE);
  assert.equal(plot.scale, "linear");
  assert.equal(plot.isNegative, true);
  assert(plot.yDomain[0] < -5);
});

test("A run that diverges does not flatten the others.", () => {
  const calm = withLoss("0", 50, (k) => 1 / (k + 1));
  const wild = withLoss("1", 12, (k) => 10 ** (3 * k));
  wild.history.end({ reason: "diverged", step: 11, detail: "" });
  for (const loss of ["log", "linear"]) {
    const plot = figure(dataOf([calm, wild], { scales: { loss } }), LOSS, SIZE);
    assert(plot.yDomain[1] <= 1000, `${loss}: ${plot.yDomain}`);
    assert(plot.curves[1].points.every((value) => Number.isNaN(value) || Math.abs(value) <= 300));
  }
});

test("Neither does one that explodes and stays finite.", () => {
  const calm = withLoss("0", 50, (k) => 1 / (k + 1));
  const wild = withLoss("1", 50, (k) => (k === 2 ? 1e13 : 2e5));
  const plot = figure(dataOf([calm, wild]), LOSS, SIZE);
  assert(plot.yDomain[0] < 0.02, String(plot.yDomain));
});

test("A setting that differs widely between runs is shown whole.", () => {
  const lr = SERIES.find(({ key }) => key === "lr");
  const run = (id, value) =>
    runOf(id, { history: historyOf({ "fc1.bias": [1] }, 3, () => 0, { lr: () => value }) });
  const { yDomain } = figure(dataOf([run("0", 0.01), run("1", 1e6)]), lr, SIZE);
  assert(yDomain[1] >= 1e6);
});

test("Where every run diverges, all is shown.", () => {
  const wild = withLoss("0", 12, (k) => 10 ** k);
  wild.history.end({ reason: "diverged", step: 11, detail: "" });
  assert(figure(dataOf([wild]), LOSS, SIZE).yDomain[1] >= 1e11);
});

test("A line breaks where the loss is not a number.", () => {
  const run = withLoss("0", 5, (k) => (k === 2 ? NaN : 1));
  const { points } = figure(dataOf([run]), LOSS, SIZE).curves[0];
  assert.deepEqual(
    [0, 1, 2, 3].map((k) => Number.isNaN(points[2 * k + 1])),
    [false, true, false, false],
  );
});

test("A long run is thinned to what the pixels show, and keeps its spikes.", () => {
  const run = withLoss("0", 3001, (k) => (k === 1777 ? 1000 : 1));
  const { points } = figure(dataOf([run], { steps: 3000, scales: { loss: "linear" } }), LOSS, SIZE).curves[0];
  assert(points.length / 2 < 1300, `${points.length / 2} points`);
  const heights = points.filter((_, i) => i % 2 === 1);
  assert(Math.min(...heights) < 10);
});

test("A thinned line ends with the last record, whatever the room kept for records to come.", () => {
  const run = withLoss("0", 302, () => 0.5);
  run.history.end({ reason: "completed", step: 301, detail: "", end_loss: 0.5 });
  for (let width = 60; width <= 150; width += 1) {
    const linear = figure(dataOf([run], { scales: { loss: "linear" }, steps: 301 }), LOSS, {
      width,
      height: 100,
    });
    const { points } = linear.curves[0];
    assert.equal(points.at(-2), width);
    assert(
      points.every((value, i) => i % 2 === 0 || value === points[1]),
      `a step at the width ${width}`,
    );
  }
});

test("Losses are drawn where they are: after each step, and at the end once it is known.", () => {
  const run = withLoss("0", 4, (k) => [8, 8, 4, 2][k]);
  const values = () =>
    Array.from(columnOf(run.history, LOSS).values.slice(0, columnOf(run.history, LOSS).length));
  assert.deepEqual(values(), [8, 4, 2]);
  run.history.end({ reason: "completed", step: 3, detail: "", end_loss: 1 });
  assert.deepEqual(values(), [8, 4, 2, 1]);
  const data = dataOf([run]);
  assert.equal(LOSS.aside(data), "views.charts.losses.here");
  const batches = runOf("1", { history: { hasBatches: true } });
  assert.equal(LOSS.aside(dataOf([batches])), "views.charts.losses.batches");
  assert.equal(LOSS.aside(dataOf([run, batches])), "views.charts.losses.mixed");
});

test("The norm of the gradient is said to be that before each step, and how it is clipped.", () => {
  const { aside } = SERIES.find(({ key }) => key === "grad_norm");
  const run = runOf("0");
  const clipped = runOf("1", { history: { config: { clip_grad: { name: "clip_grad_norm_" } } } });
  assert.equal(aside(dataOf([run])), "views.charts.norms.before");
  assert.equal(aside(dataOf([run, clipped])), "views.charts.norms.clipped");
});

test("Values of a series are read once, as records come.", () => {
  let read = 0;
  const series = { key: "k", title: "", scale: "linear", value: (_, k) => ((read += 1), k) };
  const history = historyOf({ "fc1.bias": [1] }, 700, () => 0);
  columnOf(history, series);
  const column = columnOf(history, series);
  assert.equal(read, 700);
  assert.equal(column.length, 700);
  assert.deepEqual(column.extent, { min: 0, max: 699, minPositive: 1 });
});

test("A value that there is not is a gap, not a zero.", () => {
  const history = historyOf({ "fc1.bias": [1] }, 3, () => 0);
  const { values, extent } = columnOf(
    history,
    SERIES.find(({ key }) => key === "grad_norm"),
  );
  assert(Number.isNaN(values[0]));
  assert.deepEqual(extent, { min: 2, max: 2, minPositive: 2 });
});

test("Labels keep apart, stay in order and within the plot.", () => {
  const placed = spread([50, 51, 52, 99, NaN], 14, 100);
  const shown = placed.slice(0, 4);
  shown.forEach((at, i) => {
    assert(at >= 7 && at <= 93 + 1e-9);
    if (i > 0) assert(at - shown[i - 1] >= 14 - 1e-9, String(placed));
  });
  assert(Number.isNaN(placed[4]));
  assert.deepEqual(spread([20, 60], 14, 100), [20, 60]);
});

/** A run whose gradient norms were these, and those after clipping. */
const clipped = (id, norms, after) => {
  const history = historyOf({ "fc1.bias": [1] }, norms.length, () => 0);
  history.config = { clip_grad: { name: "clip_grad_norm_", max_norm: 1 } };
  history.gradNorm = (k) => norms[k];
  history.clippedGradNorm = (k) => after[k];
  return runOf(id, { history });
};

test("What clipping left is a thin line beside the norm, and the steps where it bit are marked.", () => {
  const gradNorm = SERIES.find(({ key }) => key === "grad_norm");
  const { curves } = figure(dataOf([clipped("0", [null, 4, 2, 0.9], [null, 1, 1, 0.9])]), gradNorm, SIZE);
  assert.deepEqual(
    curves.map(({ isSecondary, marks }) => [isSecondary, marks]),
    [
      [true, []],
      [false, [3, 6]],
    ],
  );
});

test("The further param groups have thin lines of their own, and widen the axis.", () => {
  const history = historyOf({ "fc1.bias": [1] }, 3, () => 0);
  history.groups = 2;
  history.lr = (k, group = 0) => (group === 0 ? 0.1 : 0.5);
  const lr = SERIES.find(({ key }) => key === "lr");
  const plot = figure(dataOf([runOf("0", { history })]), lr, SIZE);
  assert.deepEqual(plot.curves.map(({ column }) => column.values[1]), [0.5, 0.1]); // prettier-ignore
  assert.ok(plot.yDomain[1] > 0.5);
});

test("The loss at an average is a thin line beside that of its run, and said beside the title.", () => {
  const optional = (k) => ({ average_loss: encode(Float64Array.of(2 + k), [1]) });
  const history = historyOf({ w: [1] }, 3, () => 0, { optional });
  const data = dataOf([runOf("0", { history })]);
  const { curves } = figure(data, LOSS, SIZE);
  assert.deepEqual(curves.map(({ isSecondary }) => isSecondary), [true, false]); // prettier-ignore
  assert.equal(curves[0].at(2).value, 4);
  assert.equal(LOSS.aside(data), "views.charts.lossesAndAverages.here");
});

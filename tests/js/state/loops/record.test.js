import assert from "node:assert/strict";
import { test } from "node:test";

import { axesOf, placesOf } from "../../../../static/js/state/loops/axis.js";
import { chartsOf, rangesOf } from "../../../../static/js/state/loops/charts.js";
import { Record } from "../../../../static/js/state/loops/record.js";
import { LAYERS, block, started } from "./recorded.js";

const close = (/** @type {ArrayLike<number>} */ found, /** @type {number[]} */ expected) =>
  assert.deepEqual(
    Array.from(found, (value) => Number(value.toFixed(5))),
    expected,
  );

test("Records lie at any distance, and each is found by its step.", () => {
  const record = new Record(started(LAYERS));
  assert.deepEqual([record.count, record.last, record.length], [0, -1, 0]);
  record.append(block(0, () => ({}), { count: 1 }));
  record.append(block(10, () => ({}), { every: 10 }));
  record.append(block(21, () => ({})));
  assert.deepEqual([...record.steps], [0, 10, 20, 21, 22]);
  assert.deepEqual([record.last, record.length], [22, 23]);
  assert.deepEqual(
    [-1, 0, 9, 10, 22, 99].map((step) => record.indexOf(step)),
    [-1, 0, 0, 1, 4, 4],
  );
  assert.deepEqual(record.distances, [
    { from: 0, every: 10 },
    { from: 20, every: 1 },
  ]);
});

test("What a column does not say is unknown, before it begins and after it ends, and when a group comes.", () => {
  const record = new Record(started(LAYERS));
  record.append(block(0, () => ({})));
  record.append(block(2, (n) => ({ logged: { acc: n([1, 2]) }, lr: n([1, 2, 3, 4], 2) })));
  record.append(block(4, () => ({})));
  assert.deepEqual([...record.column("logged.acc").data], [NaN, NaN, 1, 2, NaN, NaN]);
  const { data, width } = record.column("lr");
  assert.equal(width, 2);
  close(data.subarray(0, 8), [0.1, NaN, 0.1, NaN, 1, 2, 3, 4].map(Number));
  assert.equal(record.column("nothing"), null);
});

test("Of what is recorded whole the map shows what follows from it.", () => {
  const names = LAYERS.slice(0, 1);
  const record = new Record(started(names, [{ name: "0.weight", shape: [2], layer: "0" }]));
  record.append(
    block(0, (n) => ({
      params: { "0.weight": n([3, 4, 3, 2], 2) },
      grads: { "0.weight": n([0, 0, 0, 4], 2) },
    })),
  );
  close(record.column("layers.weight_norm").data, [5, 3.60555]);
  close(record.column("layers.grad_norm").data, [0, 4]);
  close(record.column("layers.update_norm").data, [NaN, 2]);
  close(record.column("layers.update_ratio").data, [NaN, 0.4]);
  close(record.column("layers.cos_update_grad").data, [NaN, 1]);
  close(record.column("layers.zeros").data, [2, 1]);
});

test("A surface belongs to its step, and is no column.", () => {
  const record = new Record(started(LAYERS));
  const surface = (n) => ({
    surface: { x: n([0, 1], 2), y: n([2, 3], 2), z: n([1, 2, 3, 4], 2, 2), path: n([0, 2, 1, 3], 2, 2) },
  });
  record.append(block(7, surface, { count: 1 }));
  assert.deepEqual(
    record.surfaces.map(({ step, z }) => [step, ...z]),
    [[7, 1, 2, 3, 4]],
  );
  assert.ok(!record.paths.some((path) => path.startsWith("surface")));
});

test("Epochs have fractions, and what a loop has not said is no axis.", () => {
  const record = new Record(started(LAYERS));
  record.append(block(0, (n) => ({ epoch: n([0, 0, 1, 1, 2]) }), { count: 5 }));
  close(placesOf(record, "epoch"), [0, 0.5, 1, 1.5, 2]);
  assert.equal(placesOf(record, "samples"), null);
  assert.deepEqual(axesOf([record]), ["step", "epoch"]);
});

test("Charts hold what there is: groups that never differ are one curve, and what is 0 throughout is no chart.", () => {
  const record = new Record(started(LAYERS));
  record.append(
    block(0, (n) => ({
      loss: n([2, 1]),
      lr: n([1, 1, 2, 3, 3, 6], 3),
      grad_norm: n([4, 4]),
      clipped_grad_norm: n([1, 4]),
      skipped: n([0, 0]),
      critical_rate: n([NaN, 5]),
      hyperparameters: { weight_decay: n([0, 0, 0, 0, 0, 0], 3) },
      logged: { val_loss: n([NaN, 3]), acc: n([NaN, 0.5]) },
    })),
  );
  const charts = chartsOf([record]);
  assert.deepEqual(
    charts.map(({ key, logged }) => logged ?? key),
    ["loss", "lr", "gradNorm", "clipping", "acc"],
  );
  const [loss, rates, , clipping] = charts;
  assert.deepEqual(
    loss.series.map(({ name }) => name),
    ["loss", "val_loss"],
  );
  assert.deepEqual(rates.series.map(({ name, isBound = false }) => [name, isBound]), [["0–1", false], ["2", false], ["critical_rate", true]]); // prettier-ignore
  assert.deepEqual([...clipping.series[0].values], [0.25, 1]);
  assert.equal(rangesOf([0, 1, 2, 5, 7, 8]), "0–2, 5, 7–8");
});

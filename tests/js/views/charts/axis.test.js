import assert from "node:assert/strict";
import { test } from "node:test";

import {
  axisOf,
  hasPlaces,
  isEven,
  samplesAt,
  seenBy,
  stepAt,
} from "../../../../static/js/views/charts/axis.js";
import { figure } from "../../../../static/js/views/charts/lines-figure.js";
import { SERIES } from "../../../../static/js/views/charts/series.js";
import { dataOf, historyOf, runOf } from "../../drawn.js";
import { watchedHistory } from "../../watched-run.js";
import { encode } from "../../wire.js";

const LOSS = SERIES.find(({ key }) => key === "loss");
const SIZE = { width: 300, height: 100 };
const scales = { axis: "samples" };

const dataset = (samples) => ({
  x: encode(new Float32Array(2 * samples), [samples, 2]),
  y: encode(new Float32Array(samples), [samples, 1]),
});

const withBatches = (id, samples, config, records = 11) =>
  runOf(id, {
    history: historyOf({ "fc1.bias": [1] }, records, () => 0, { config, data: dataset(samples) }),
  });

test("Samples are counted as the loop draws them: the last batch of an epoch is what is left.", () => {
  for (const seen of [
    { samples: 10, batch: 4, passes: 1 },
    { samples: 10, batch: 4, passes: 2 },
    { samples: 64, batch: 16, passes: 4 },
    { samples: 7, batch: 7, passes: 3 },
    { samples: 1, batch: 1, passes: 1 },
  ]) {
    let [total, left] = [0, seen.samples];
    for (let step = 0; step < 30; step += 1) {
      assert.equal(samplesAt(seen, step), total, JSON.stringify({ seen, step }));
      for (let pass = 0; pass < seen.passes; pass += 1) {
        total += Math.min(seen.batch, left);
        left -= Math.min(seen.batch, left);
        if (left === 0) left = seen.samples;
      }
    }
  }
});

test("The step at a number of samples is the last that has seen no more, and leads back.", () => {
  for (const seen of [
    { samples: 10, batch: 4, passes: 1 },
    { samples: 10, batch: 3, passes: 3 },
    { samples: 64, batch: 64, passes: 1 },
  ])
    for (let place = 0; place < 200; place += 1) {
      const step = stepAt(seen, place);
      assert(
        samplesAt(seen, step) <= place && samplesAt(seen, step + 1) > place,
        JSON.stringify({ seen, place }),
      );
    }
});

test("A run without minibatches sees the whole dataset in a step, a test function has no samples.", () => {
  assert.deepEqual(seenBy(withBatches("0", 64, {}).history), { samples: 64, batch: 64, passes: 1 });
  assert.deepEqual(seenBy(withBatches("0", 64, { batch_size: 100 }).history).batch, 64);
  const function_ = runOf("0", { history: historyOf({ xy: [2] }, 3, () => 0) });
  assert.equal(axisOf(dataOf([function_], { scales })).kind, "steps");
});

test("Runs of different batch sizes lie at one place where they have seen as many samples.", () => {
  const small = withBatches("0", 64, { batch_size: 8 });
  const large = withBatches("1", 64, { batch_size: 8, loop: { accumulate: 4 } });
  const data = dataOf([small, large], { scales });
  assert.deepEqual([isEven([small, small]), isEven([small, large])], [true, false]);
  const plot = figure(data, LOSS, SIZE);
  assert.deepEqual(plot.xDomain, [0, 3200]); // 100 steps of 32 samples
  const at = (index, step) => plot.curves[index].points[2 * step];
  assert.equal(at(0, 8), at(1, 2));
  assert.equal(plot.x(64), at(0, 8));
  assert.equal(plot.axis.stepOf(large, plot.axis.placeOf(small, 8)), 2);
  assert.equal(plot.axis.stepOf(large, plot.axis.placeOf(small, 7)), 1);
});

test("An axis of steps is what it was.", () => {
  const run = withBatches("0", 64, { batch_size: 8 });
  const plot = figure(dataOf([run]), LOSS, SIZE);
  assert.deepEqual([plot.axis.kind, plot.xDomain, plot.x(50)], ["steps", [0, 100], 150]);
});

test("Of a loop that is not ours the axes are what it said, and it is left out where it has not.", () => {
  const counts = (/** @type {number[]} */ numbers) => encode(Float64Array.from(numbers), [4]);
  const said = watchedHistory({ samples: counts([8, 16, 20, 28]), epoch: counts([0, 0, 1, 1]) });
  const [own, silent] = [
    runOf("0", { history: said, watched: true }),
    runOf("1", { history: watchedHistory() }),
  ];
  const axis = axisOf(dataOf([own, silent], { scales }));
  assert.deepEqual([axis.kind, axis.knows(own), axis.knows(silent)], ["samples", true, false]);
  assert.deepEqual([0, 1, 3, 9].map((step) => axis.placeOf(own, step)), [0, 8, 20, 28]); // prettier-ignore
  assert.deepEqual([7, 8, 19, 99].map((place) => axis.stepOf(own, place)), [0, 1, 2, 4]); // prettier-ignore
  const epochs = axisOf(dataOf([own], { scales: { axis: "epochs" } }));
  assert.deepEqual([0, 3].map((step) => epochs.placeOf(own, step)), [0, 1]); // prettier-ignore
  const { curves } = figure(dataOf([own, silent], { scales }), LOSS, SIZE);
  assert.deepEqual(curves.map(({ run }) => run.id), ["0"]); // prettier-ignore
  assert(!hasPlaces([silent], "epochs"));
});

test("Epochs of ours are the samples that a run has seen over those that there are, and lead back.", () => {
  const run = withBatches("0", 10, { batch_size: 4 });
  const axis = axisOf(dataOf([run], { scales: { axis: "epochs" } }));
  assert.deepEqual([0, 1, 3, 4].map((step) => axis.placeOf(run, step)), [0, 0.4, 1, 1.4]); // prettier-ignore
  for (let step = 0; step < 30; step += 1) assert.equal(axis.stepOf(run, axis.placeOf(run, step)), step);
});

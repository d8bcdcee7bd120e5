import assert from "node:assert/strict";
import { test } from "node:test";

import { averageAll, averageField, halfLife, tellAverage } from "../../../static/js/state/average.js";
import { unpackAverage } from "../../../static/js/state/address/averages.js";
import { configsOf, stateOf } from "../../../static/js/state/configs.js";
import { changesOf } from "../../../static/js/state/kept-runs.js";

const RUN = {
  slot: 0,
  optimizer: { name: "SGD", hyperparameters: { lr: 0.1 } },
  lr_scheduler: null,
  freeze: [],
  clip_grad: null,
};
const EMA = { name: "EMA", decay: 0.9 };

test("Only what departs from the defaults is kept of an average.", () => {
  const whole = { name: "EMA", decay: 0.99, from_step: 0, every: 2, use_buffers: false };
  assert.deepEqual(averageField(whole), { average: { name: "EMA", every: 2 } });
  assert.deepEqual(averageField({ name: "SWA", decay: 0.5, from_step: 7 }), {
    average: { name: "SWA", from_step: 7 },
  });
  assert.deepEqual([averageField(null), averageField(undefined)], [{}, {}]);
});

test("An average goes into the configuration and comes back.", () => {
  const state = {
    ...stateOf([{ problem: { name: "xor" }, optimizer: RUN.optimizer }]),
    runs: [{ ...RUN, average: EMA }, RUN],
  };
  const [averaging, plain] = configsOf(state, { name: "xor", kind: "dataset", options: [] });
  assert.deepEqual(averaging.average, EMA);
  assert.ok(!("average" in plain));
  assert.deepEqual(
    stateOf([averaging, { ...plain, average: null }]).runs.map(({ average }) => average),
    [EMA, undefined],
  );
});

test("All runs that can be changed average alike, or not at all.", () => {
  const kept = { ...RUN, slot: 1, kept: { id: "a", first: 0, without: [] } };
  const { runs } = averageAll({ runs: [RUN, kept] }, EMA);
  assert.deepEqual(
    runs.map(({ average }) => average),
    [EMA, undefined],
  );
  assert.deepEqual(averageAll({ runs }, undefined).runs[0], RUN);
});

test("A fork says what is averaged otherwise, and that nothing is any more.", () => {
  assert.deepEqual(changesOf(RUN, { ...RUN, average: EMA }), { average: EMA });
  assert.deepEqual(changesOf({ ...RUN, average: EMA }, { ...RUN, average: { name: "EMA" } }), {
    average: { decay: null },
  });
  assert.deepEqual(changesOf({ ...RUN, average: EMA }, { ...RUN, average: undefined }), { average: null });
});

test("Half of an average is gone after its half-life.", () => {
  assert.ok(Math.abs(0.9 ** halfLife(0.9) - 0.5) < 1e-12);
  assert.deepEqual([halfLife(0), halfLife(1)], [0, Infinity]);
});

test("An average is told by its name, its decay and where it begins.", () => {
  const t = (key, { average, from }) => `${key} ${average} ${from}`;
  assert.equal(tellAverage({ name: "EMA" }, t), "EMA 0.99");
  assert.equal(tellAverage({ name: "SWA", from_step: 20 }, t), "labels.averagedFrom SWA 20");
});

test("An address names an average that there is, and fields of it.", () => {
  assert.deepEqual(unpackAverage({ ...EMA, every: 1 }), { average: EMA });
  for (const wrong of [
    "EMA",
    null,
    [],
    { name: "mean" },
    { name: "EMA", decay: "a" },
    { name: "SWA", half: 1 },
  ])
    assert.throws(() => unpackAverage(wrong), RangeError);
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { figure } from "../../../../static/js/views/charts/lines-figure.js";
import { SERIES } from "../../../../static/js/views/charts/series.js";
import { HeldOutSource } from "../../../../static/js/views/training/held-out.js";
import { dataOf, historyOf, runOf } from "../../drawn.js";
import { encode } from "../../wire.js";

const LOSS = SERIES.find(({ key }) => key === "loss");
const SHOWN = { scales: { held_out: "on" } };

const trained = (/** @type {string} */ id, /** @type {any} */ changes = {}) => {
  const history = historyOf({ "fc1.bias": [1] }, 3, () => 0, { loss: () => 1 });
  history.end({ reason: "completed", step: 2, detail: "" });
  return runOf(id, { request: { id }, history, ...changes });
};

/** A source whose server answers `answer` for every run. */
function sourceOf(/** @type {any} */ context, /** @type {any} */ answer) {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  let asked = 0;
  const heldOutLoss = async () => {
    asked += 1;
    return answer;
  };
  const source = new HeldOutSource(
    /** @type {any} */ ({
      api: { heldOutLoss },
      say: ({ detail }) => detail,
      t: (/** @type {string} */ key) => key,
    }),
    () => {},
  );
  const settle = async () => {
    context.mock.timers.tick(5000);
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { source, settle, asked: () => asked };
}

const FOUND = {
  held_out: { samples: 8, steps: [0, 2], loss: encode(Float32Array.of(4, 9), [2]) },
  no_held_out: null,
};

test("Held-out loss is a thin dashed line beside the run's own, which the axis has room for.", async (context) => {
  const { source, settle } = sourceOf(context, FOUND);
  const data = dataOf([trained("0"), trained("1", { stale: true })], SHOWN);
  assert.equal(source.of(data)?.isWaiting, true);
  await settle();
  const heldOut = source.of(data);
  const { curves, yDomain } = figure({ ...data, heldOut }, LOSS, { width: 300, height: 100 });
  const [first] = curves;
  assert.deepEqual(
    [first.run.id, first.isSecondary, first.run.dash, first.column.length],
    ["0", true, [6, 3], 2],
  );
  assert.deepEqual(
    [0, 1, 2].map((step) => first.at(step)?.value),
    [4, 4, 9],
  );
  assert.ok(yDomain[1] >= 9);
  assert.deepEqual(LOSS.note({ ...data, heldOut }), { key: "views.charts.heldOut", whole: null });
});

test("Where nothing is held out the chart says why, and waits for nothing.", async (context) => {
  const answer = {
    held_out: null,
    no_held_out: "Data are fixed.",
    no_held_out_code: "x",
    no_held_out_params: {},
  };
  const { source, settle } = sourceOf(context, answer);
  const data = dataOf([trained("0")], SHOWN);
  source.of(data);
  await settle();
  const heldOut = source.of(data);
  assert.deepEqual([heldOut?.losses.size, heldOut?.none, heldOut?.isWaiting], [0, "Data are fixed.", false]);
  assert.deepEqual(LOSS.note({ ...data, heldOut }), {
    key: "views.charts.noHeldOut",
    whole: "Data are fixed.",
  });
});

test("Nothing is asked for while it is not shown.", async (context) => {
  const { source, settle, asked } = sourceOf(context, FOUND);
  assert.equal(source.of(dataOf([trained("0")], { scales: { held_out: "off" } })), null);
  await settle();
  assert.equal(asked(), 0);
});

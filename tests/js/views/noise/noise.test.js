import assert from "node:assert/strict";
import { test } from "node:test";

import { ApiError } from "../../../../static/js/api/request.js";
import {
  cosineChart,
  noiseOf,
  spreadAt,
  spreadChart,
} from "../../../../static/js/views/noise/noise-figure.js";
import { NoiseSource } from "../../../../static/js/views/noise/noise-source.js";
import { factsOf, methodOf, ownOf, verdictOf } from "../../../../static/js/views/noise/noise-words.js";
import { historyOf, runOf } from "../../drawn.js";

const SIZE = { width: 200, height: 100 };

/** Of four samples, tr(Σ) = 3: spread² is 3, 1 and 0. */
const answer = (changes = {}) => ({
  step: 7,
  samples: 4,
  parameters: 9,
  seen: 2,
  gradient_norm: 1,
  trace: 3,
  noise_scale: 3,
  balance: 2,
  seed: 0,
  sizes: [
    { size: 1, spread: Math.sqrt(3), cosine: 0.2, cosine_range: [-0.5, 0.9], minibatches: 4, exact: true },
    { size: 2, spread: 1, cosine: 0.7, cosine_range: [0.5, 0.9], minibatches: 64, exact: false },
    { size: 4, spread: 0, cosine: 1, cosine_range: [1, 1], minibatches: 1, exact: true },
  ],
  ...changes,
});

test("The spread at any size is that of the formula, and the server's at those it measured.", () => {
  const noise = noiseOf(answer());
  for (const { size, spread } of noise.sizes) assert(Math.abs(spreadAt(noise, size) - spread) < 1e-12);
});

test("Where spread and norm are equal the lines cross, and the whole dataset has no point on a logarithmic axis.", () => {
  const noise = noiseOf(answer());
  const chart = spreadChart(noise, SIZE);
  assert(Math.abs(chart.y(spreadAt(noise, noise.balance)) - chart.norm) < 1e-9);
  assert.equal(chart.line.match(/[ML]/g).length, 2);
  assert.deepEqual(chart.xTicks, [1, 2, 4]);
  assert.deepEqual([chart.x(1), chart.x(4)], [0, 200]);
});

test("A zero gradient has no line, and unknown cosines are left out.", () => {
  const sizes = answer().sizes.map((size) => ({ ...size, cosine: "NaN", cosine_range: ["NaN", "NaN"] }));
  const noise = noiseOf(answer({ gradient_norm: 0, noise_scale: "Infinity", balance: 4, sizes }));
  assert.equal(spreadChart(noise, SIZE).norm, null);
  assert.deepEqual([cosineChart(noise, SIZE).line, cosineChart(noise, SIZE).band], ["", ""]);
  assert.equal(ownOf(noise), null);
  assert.equal(factsOf(noise)[2].value, "∞");
});

test("Cosines below zero are seen.", () => {
  assert.deepEqual(cosineChart(noiseOf(answer()), SIZE).yTicks, [-1, 0, 1]);
});

test("The verdict names the batch size below which noise dominates, or why there is none.", () => {
  const verdict = (changes) => verdictOf(noiseOf(answer(changes)));
  assert.deepEqual(verdict({ balance: 11.3 }), { key: "dominates", params: { step: 7, count: 12 } });
  assert.equal(verdict({ balance: 0.4 }).key, "quiet");
  assert.equal(verdict({ trace: 0 }).key, "agree");
  assert.equal(verdict({ trace: "NaN" }).key, "notFinite");
});

test("It says what a step of the run sees, and what was measured exactly or drawn.", () => {
  const noise = noiseOf(answer());
  assert.deepEqual(ownOf(noise), { key: "sees", params: { count: 2, times: "1.00", part: "50 %" } });
  assert.equal(ownOf(noiseOf(answer({ seen: 4 }))).key, "seesAll");
  assert.deepEqual(
    methodOf(noise, 15).map(({ key }) => key),
    ["exact", "drawn", "trained", "source"],
  );
  assert.deepEqual(methodOf(noise, 9)[1].params, { count: 64, seed: 0 });
});

const ended = (id) => {
  const history = historyOf({ "fc1.bias": [1] }, 11, () => 0);
  history.end({ reason: "completed", step: 10, detail: "" });
  return runOf(id, { history, request: { optimizer: id } });
};

test("It is asked once where the clock rests, and what is known is not asked again.", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const asked = [];
  const source = new NoiseSource(
    async (_, step) => {
      asked.push(step);
      return { noise: answer({ step }), no_noise: null, no_noise_code: null };
    },
    () => {},
  );
  const settle = async () => {
    context.mock.timers.tick(250);
    for (let i = 0; i < 5; i += 1) await Promise.resolve();
  };
  const run = ended("0");
  for (const step of [1, 2, 3]) source.want(run, step);
  assert.equal(source.known().answer, null);
  await settle();
  assert.deepEqual([asked, source.known().answer.noise.step, source.known().stale], [[3], 3, false]);
  source.want(run, 4);
  assert.deepEqual([source.known().answer.noise.step, source.known().stale], [3, true]);
  await settle();
  source.want(run, 3);
  await settle();
  assert.deepEqual([asked, source.known().answer.noise.step], [[3, 4], 3]);
});

test("A refusal is told, and a run that is not there yet is not asked for.", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const error = new Error("refused");
  let asked = 0;
  const source = new NoiseSource(
    () => {
      asked += 1;
      return Promise.reject(error);
    },
    () => {},
  );
  source.want({ ...ended("0"), stale: true }, 1);
  context.mock.timers.tick(250);
  assert.equal(asked, 0);
  source.want(ended("0"), 1);
  context.mock.timers.tick(250);
  for (let i = 0; i < 5; i += 1) await Promise.resolve();
  assert.deepEqual([asked, source.known().error, source.known().answer], [1, error, null]);
});

test("A busy server is asked again when it says.", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  let asked = 0;
  const source = new NoiseSource(
    async () => {
      asked += 1;
      if (asked === 1) throw new ApiError(429, {}, 2);
      return { noise: answer(), no_noise: null, no_noise_code: null };
    },
    () => source.want(ended("0"), 1),
  );
  const settle = async (/** @type {number} */ milliseconds) => {
    context.mock.timers.tick(milliseconds);
    for (let i = 0; i < 5; i += 1) await Promise.resolve();
  };
  source.want(ended("0"), 1);
  await settle(250);
  assert.equal(source.known().error.retryAfter, 2);
  await settle(1999);
  assert.equal(asked, 1);
  await settle(1);
  await settle(250);
  assert.deepEqual([asked, source.known().error, source.known().answer.noise.norm], [2, null, 1]);
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { niceDomain, niceStep, scaler, ticks } from "../../../../static/js/views/drawing/scales.js";

const extent = (min, max, minPositive = Math.max(min, 0)) => ({ min, max, minPositive });

test("A linear axis starts at zero where the values come near it, and has air above.", () => {
  const [low, high] = niceDomain(extent(0.01, 10), "linear");
  assert.equal(low, 0);
  assert(high > 10 && high < 11);
  const [from, to] = niceDomain(extent(9, 10), "linear");
  assert(from > 8.5 && from < 9 && to > 10 && to < 10.5);
});

test("One value alone lies in the middle of its axis.", () => {
  assert.deepEqual(niceDomain(extent(5, 5), "linear"), [2.5, 7.5]);
  assert.deepEqual(niceDomain(extent(0, 0), "linear"), [0, 1]);
});

test("Without any value there is an axis all the same.", () => {
  const none = { min: Infinity, max: -Infinity, minPositive: Infinity };
  for (const scale of ["linear", "log", "symlog"]) {
    const [low, high] = niceDomain(none, scale);
    assert(Number.isFinite(low) && high > low);
  }
});

test("A symmetric logarithmic axis shows both signs and zero, and small values nearly linearly.", () => {
  const domain = niceDomain(extent(-3, 40), "symlog");
  assert(domain[0] < -3 && domain[1] > 40);
  const y = scaler(domain, "symlog", [100, 0]);
  assert.deepEqual([y(domain[0]), y(domain[1])].map(Math.round), [100, 0]);
  const decades = [1, 10].map((value) => y(value) - y(10 * value));
  assert(Math.abs(decades[0] - decades[1]) < 0.1, String(decades));
  assert(Math.abs((y(0) - y(0.002)) / (y(0) - y(0.001)) - 2) < 0.1);
  assert.deepEqual(ticks(domain, "symlog", 7), [-1, -0.1, 0, 0.1, 1, 10]);
  assert.deepEqual(ticks([-0.001, 40], "symlog", 4), [0, 0.1, 1, 10]);
});

test("One without negative values ends little below zero.", () => {
  const [low, high] = niceDomain(extent(5, 5), "symlog");
  assert(low < 0 && low > -0.1 && high > 5);
  assert.deepEqual(niceDomain(extent(0, 0), "symlog"), [-1, 1]);
});

test("A logarithmic axis shows the positive values, and no more than twelve decades of them.", () => {
  const [low, high] = niceDomain(extent(0, 100, 0.01), "log");
  assert(low > 0.001 && low < 0.01 && high > 100 && high < 1000);
  assert(niceDomain(extent(0, 1, 1e-300), "log")[0] > 1e-14);
});

test("Ticks are round numbers within the domain.", () => {
  assert.deepEqual(ticks([0, 1], "linear", 5), [0, 0.2, 0.4, 0.6, 0.8, 1]);
  assert.deepEqual(ticks([-3, 3], "linear", 3), [-2, 0, 2]);
  assert.deepEqual(ticks([0.001, 1000], "log", 7), [0.001, 0.01, 0.1, 1, 10, 100, 1000]);
  assert.deepEqual(ticks([0.9, 40], "log", 4), [1, 3, 10, 30]);
  assert.deepEqual(ticks([0.9, 9], "log", 4), [1, 2, 3, 5, 7]);
  assert.deepEqual(ticks([0.9, 9], "log", 2), [1, 3]);
});

test("A logarithmic axis of less than a decade has ticks too.", () => {
  const found = ticks([0.81, 0.93], "log", 4);
  assert(found.length >= 2, String(found));
  assert(found.every((tick) => tick >= 0.81 && tick <= 0.93));
});

test("Steps are 1, 2 or 5 times a power of ten.", () => {
  assert.deepEqual([0.03, 0.2, 1, 3, 7, 99].map(niceStep), [0.05, 0.2, 1, 5, 10, 100]);
  assert.equal(niceStep(0), 1);
  assert.equal(niceStep(NaN), 1);
});

test("The ends of the domain are the ends of the pixels.", () => {
  const linear = scaler([10, 20], "linear", [100, 0]);
  assert.deepEqual([10, 15, 20].map(linear), [100, 50, 0]);
  const log = scaler([0.01, 100], "log", [0, 400]);
  assert(Math.abs(log(1) - 200) < 1e-9);
  assert(Number.isNaN(log(0)) && Number.isNaN(log(-1)) && Number.isNaN(log(NaN)));
});

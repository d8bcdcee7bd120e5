import assert from "node:assert/strict";
import { test } from "node:test";

import {
  exactNumber,
  formatNumber,
  formatPercent,
  formatReading,
  formatTick,
} from "../../../../static/js/views/drawing/numbers.js";

test("Read-outs keep their width from 0.001 up to 100000.", () => {
  const readings = [0.001, 0.0766612, 0.5, 1, 5.5432, 12.3456, 999.99, 99999].map((value) =>
    formatReading(value),
  );
  assert.deepEqual(readings, [
    "0.00100",
    "0.07666",
    "0.50000",
    "1.0000",
    "5.5432",
    "12.346",
    "999.99",
    "99999",
  ]);
  assert.deepEqual(
    [5e-4, -2.5e7].map((value) => formatReading(value)),
    ["5.00e−4", "−2.50e7"],
  );
});

test("What is no number is said, and what is missing is a dash.", () => {
  assert.deepEqual(
    [NaN, Infinity, -Infinity, null].map((value) => formatReading(value)),
    ["NaN", "∞", "−∞", "–"],
  );
  assert.equal(formatNumber(0), "0");
  assert.equal(exactNumber(NaN, true), "NaN");
});

test("Significant digits, never more than there are.", () => {
  assert.equal(formatNumber(0.123456, 3), "0.123");
  assert.equal(formatNumber(-1234567, 3), "−1.2e6");
  assert.equal(formatNumber(123456, 4), "123456");
  assert.equal(formatNumber(0.000012345), "1.23e−5");
});

test("An exact number reads back as the same number of its type.", () => {
  const back = (text) => Number(text.replace("−", "-"));
  for (const value of [0.1, 1 / 3, -2.5, 1e-7, 1.0700677e-5, 123456.7, 3e38, 0]) {
    assert.equal(back(exactNumber(value, false)), value);
    const single = Math.fround(value);
    assert.equal(Math.fround(back(exactNumber(single, true))), single);
  }
  assert.equal(exactNumber(Math.fround(0.1), true), "0.1");
  assert.equal(exactNumber(Math.fround(0.1), false), "0.10000000149011612");
});

test("Ticks are as short as they can be.", () => {
  assert.deepEqual([0, 0.5, 20, -3, 1e5, 1e-6, 2.5e-4].map(formatTick), [
    "0",
    "0.5",
    "20",
    "−3",
    "1e5",
    "1e−6",
    "2.5e−4",
  ]);
});

test("Shares are whole percents, finer at the ends.", () => {
  assert.deepEqual([0.823, 0.0512, 0.9996, 0.99998, 1 - 1e-9, 1, 0.144].map(formatPercent), [
    "82 %",
    "5.12 %",
    "99.96 %",
    "99.99 %",
    "100 %",
    "100 %",
    "14 %",
  ]);
});

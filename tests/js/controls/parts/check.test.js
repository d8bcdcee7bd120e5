import assert from "node:assert/strict";
import { test } from "node:test";

import {
  readCell,
  readIntList,
  readNumber,
  readText,
  unusual,
} from "../../../../static/js/controls/parts/check.js";

const free = {};
const unit = { minimum: 0, maximum: 1, exclusive_maximum: true };
const positive = { minimum: 0, exclusive_minimum: true };

test("Numbers are read in every common way of writing them.", () => {
  for (const [text, value] of /** @type {const} */ ([
    ["0.01", 0.01],
    [" 1e-3 ", 1e-3],
    [".5", 0.5],
    ["5.", 5],
    ["−2", -2],
    ["1E5", 1e5],
  ])) {
    assert.deepEqual(readNumber(text, free, false), { value });
  }
});

test("What is not a finite number is refused.", () => {
  for (const text of ["", "x", "0x10", "1e999", "NaN", "Infinity", "1,5", "--1"]) {
    assert.deepEqual(readNumber(text, free, false), { problem: { key: "controls.field.number" } }, text);
  }
  assert.deepEqual(readNumber("1.5", free, true), { problem: { key: "controls.field.whole" } });
});

test("A number out of bounds is told the bound.", () => {
  assert.deepEqual(readNumber("-1", unit, false), {
    problem: { key: "controls.field.min", params: { bound: "0" } },
  });
  assert.deepEqual(readNumber("1", unit, false), {
    problem: { key: "controls.field.below", params: { bound: "1" } },
  });
  assert.deepEqual(readNumber("0", positive, false), {
    problem: { key: "controls.field.above", params: { bound: "0" } },
  });
  assert.deepEqual(readNumber("9", { maximum: 5 }, true), {
    problem: { key: "controls.field.max", params: { bound: "5" } },
  });
});

test("A list of whole numbers may be separated by commas of either kind or by spaces.", () => {
  assert.deepEqual(readIntList("100, 200，300 400", { minimum: 1 }), { value: [100, 200, 300, 400] });
  assert.deepEqual(readIntList("1, x", free), { problem: { key: "controls.field.numbers" } });
  assert.deepEqual(readIntList("", free), { problem: { key: "controls.field.numbers" } });
  assert.deepEqual(readIntList("5, 0", { minimum: 1 }), {
    problem: { key: "controls.field.min", params: { bound: "1" } },
  });
});

test("A text has something in it.", () => {
  assert.deepEqual(readText(" 0.95 ** epoch "), { value: "0.95 ** epoch" });
  assert.deepEqual(readText("  "), { problem: { key: "controls.field.text" } });
});

test("A value beyond what is usual is taken, and said to be so.", () => {
  const momentum = /** @type {any} */ ({ name: "momentum", kind: "float", minimum: 0, usual: [0, 1] });
  assert.deepEqual(readNumber("1.5", momentum, false), { value: 1.5 });
  assert.deepEqual(unusual(momentum, 1.5), {
    key: "controls.field.unusual",
    params: { low: "0", high: "1" },
  });
  assert.equal(unusual(momentum, 0.9), null);
  assert.equal(unusual({ ...momentum, usual: null }, 1.5), null);
});

test("A group's own value is bound by nothing where torch looks at no group, and three numbers are three.", () => {
  const lr = /** @type {any} */ ({ name: "lr", kind: "float", minimum: 0, usual: [0, 1e9] });
  assert.deepEqual(readCell("-0.1", lr), { value: -0.1 });
  assert.deepEqual(readCell("-0.1", { ...lr, usual: null }), {
    problem: { key: "controls.field.min", params: { bound: "0" } },
  });
  const coefficients = /** @type {any} */ ({ name: "ns_coefficients", kind: "triple", usual: [-10, 10] });
  assert.deepEqual(readCell("(3, -4, 2)", coefficients), { value: [3, -4, 2] });
  assert.deepEqual(readCell("3, -4", coefficients), { problem: { key: "controls.field.triple" } });
});

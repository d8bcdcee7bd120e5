import assert from "node:assert/strict";
import { test } from "node:test";

import { read, write } from "../../../static/js/state/notation.js";

const PAIRS = [
  [null, "null"],
  [true, "true"],
  [-0.5, "-0.5"],
  [-0, "-0"],
  [1e-8, "1e-8"],
  [1e21, "1e21"],
  ["fc2.weight", "fc2.weight"],
  ["", '""'],
  ["null", '"null"'],
  ["7", '"7"'],
  ['a "b", (c)', '"a \\"b\\", (c)"'],
  ["权重", '"权重"'],
  [[], "[]"],
  [{}, "()"],
  [[0.9, [0.999, "x"]], "[0.9,[0.999,x]]"],
  [{ a: 1, "b c": [2] }, '(a:1,"b c":[2])'],
  [{ name: "clip_grad_norm_", max_norm: 1 }, "(name:clip_grad_norm_,max_norm:1)"],
  [{ name: "Adam", hyperparameters: { lr: 0.01, betas: [0.9, 0.999] } }, "Adam(lr:0.01,betas:[0.9,0.999])"],
  [{ name: "StepLR", hyperparameters: { gamma: 0.5 }, interval: 2 }, "StepLR(gamma:0.5,.interval:2)"],
  [
    {
      name: "SequentialLR",
      hyperparameters: {},
      schedulers: [{ name: "LinearLR", hyperparameters: {} }],
      milestones: [5],
    },
    "SequentialLR(.schedulers:[LinearLR()],.milestones:[5])",
  ],
  [{ name: "no word", hyperparameters: {} }, '(name:"no word",hyperparameters:())'],
];

for (const [value, text] of PAIRS) {
  test(`${JSON.stringify(value)} is written as ${text} and read back.`, () => {
    assert.equal(write(value), text);
    assert.deepEqual(read(text), value);
  });
}

for (const text of [
  "",
  "[1",
  "(a)",
  "(a:1",
  "Adam(",
  "1 2",
  "1abc",
  "{}",
  '"open',
  "[1,]",
  "(:1)",
  "[".repeat(40),
]) {
  test(`${text || "nothing"} is refused.`, () => {
    assert.throws(() => read(text), SyntaxError);
  });
}

test("A number that JSON does not know is refused.", () => {
  assert.throws(() => write(NaN), RangeError);
});

test("A key named __proto__ is a key like any other.", () => {
  const value = /** @type {any} */ (read("(__proto__:(a:1))"));
  assert.deepEqual(Object.keys(value), ["__proto__"]);
  assert.equal(value.a, undefined);
});

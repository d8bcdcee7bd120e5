import assert from "node:assert/strict";
import { test } from "node:test";

import { figure } from "../../../../static/js/views/charts/lines-figure.js";
import { groupOf, indexOf, valuesAt } from "../../../../static/js/views/drawing/parameters.js";
import {
  elementsOf,
  quantitiesOf,
  rateLines,
  subjectOf,
  updateLines,
  valueLines,
} from "../../../../static/js/views/state/state-figure.js";
import { dataOf, historyOf, runOf } from "../../drawn.js";

const SIZE = { width: 300, height: 100 };
const SHAPES = { "fc1.weight": [2, 2], "fc1.bias": [2] };
const plain = (/** @type {string} */ color) => color;
const wholeOf = (/** @type {any} */ subject) => ({ ...subject.run, color: "#777777" });

/** A run of plain SGD, lr 0.1, whose gradient is 1 everywhere: each step takes 0.1 off. */
const descent = (options = {}) =>
  runOf("0", { history: historyOf(SHAPES, 4, (k) => 1 - 0.1 * k, { config: {}, ...options }) });

const withState = () => {
  const run = descent();
  run.history.stateKeys = (/** @type {string} */ name) => (name === "fc1.bias" ? ["step", "exp_avg"] : []);
  run.history.state = (/** @type {string} */ name, /** @type {string} */ key, /** @type {number} */ k) =>
    name !== "fc1.bias" || k === 0 ? null : Float32Array.from(key === "step" ? [k] : [k, -k]);
  run.history.stateShapes = (/** @type {string} */ name, /** @type {string} */ key) =>
    name !== "fc1.bias" ? [] : [key === "step" ? [] : [2]];
  return run;
};

/** A run whose optimizer keeps a vector of three numbers more in every step. */
const withList = () => {
  const run = withState();
  run.history.stateKeys = () => ["old_dirs", "d"];
  run.history.state = (/** @type {string} */ _, /** @type {string} */ key, /** @type {number} */ k) =>
    Float32Array.from(key === "d" ? [1, 2] : Array(k).fill([0, 3, 4]).flat());
  run.history.stateShape = (/** @type {string} */ _, /** @type {string} */ key, /** @type {number} */ k) =>
    key === "d" ? [2] : [k, 3];
  run.history.stateShapes = (/** @type {string} */ _, /** @type {string} */ key) =>
    key === "d" ? [[2]] : [1, 2, 3, 4].map((length) => [length, 3]);
  return run;
};

const look = (/** @type {any} */ lines) => figure(dataOf([]), { key: "x", scale: "linear", lines: () => lines }, SIZE); // prettier-ignore

test("Without a choice, the first parameter with state is looked at, and the first tensor of its state.", () => {
  const subject = subjectOf(dataOf([withState()], { selected: "0" }));
  assert.deepEqual([subject.parameter, subject.quantity, subject.size], ["fc1.bias", "exp_avg", 2]);
});

test("An optimizer without state shows the parameter itself; a choice that is not there is left aside.", () => {
  const subject = subjectOf(dataOf([descent()], { selected: "0", parameter: "fc9.bias", quantity: "exp_avg" })); // prettier-ignore
  assert.deepEqual([subject.parameter, subject.quantity, subject.size], ["fc1.weight", "param", 4]);
  assert.equal(subjectOf(dataOf([runOf("0")], { selected: "0" })), null);
});

test("The quantities are the value, the gradient and torch's own keys.", () => {
  const { history } = withState();
  assert.deepEqual(quantitiesOf(history, "fc1.bias"), ["param", "grad", "step", "exp_avg"]);
  assert.deepEqual([...valuesAt(history, "fc1.bias", "exp_avg", 2)], [2, -2]);
  assert.equal(valuesAt(history, "fc1.bias", "grad", 0), null);
});

test("An element is named as torch indexes it; state of another shape is counted through.", () => {
  assert.equal(indexOf(3, [2, 2], 4), "[1, 1]");
  assert.equal(indexOf(1, [2, 3], 2), "[1]");
  assert.equal(indexOf(0, [2], 1), "");
});

test("Of several tensors under one key the norms are shown, and another key is looked at first.", () => {
  const run = withList();
  assert.equal(subjectOf(dataOf([run], { selected: "0" })).quantity, "d");
  const subject = subjectOf(dataOf([run], { selected: "0", quantity: "old_dirs" }));
  assert.deepEqual([subject.size, subject.several], [4, true]);
  assert.deepEqual([...valuesAt(run.history, subject.parameter, "old_dirs", 2)], [5, 5]);
  assert.deepEqual([...valuesAt(run.history, subject.parameter, "d", 2)], [1, 2]);
  const labels = elementsOf(subject, plain).map(({ label }) => label);
  assert.deepEqual(labels, ["[0]", "[1]", "[2]", "[3]"]);
});

test("Each element of a quantity has a line of its own.", () => {
  const subject = subjectOf(dataOf([withState()], { selected: "0" }));
  const elements = elementsOf(subject, plain);
  assert.deepEqual(elements.map(({ label }) => label), ["[0]", "[1]"]); // prettier-ignore
  const { curves } = look(valueLines(subject, elements));
  assert.deepEqual(curves.map(({ column }) => column.values[3]), [3, -3]); // prettier-ignore
});

test("Beneath the elements of a parameter lie pale those of its average, where one is recorded.", () => {
  const run = descent();
  Object.defineProperty(run.history, "hasAverage", { value: true });
  run.history.average = (/** @type {string} */ _, /** @type {number} */ k) => Float32Array.from([k, -k]);
  const subject = subjectOf(dataOf([run], { selected: "0", parameter: "fc1.bias", quantity: "param" }));
  const { curves } = look(valueLines(subject, elementsOf(subject, plain)));
  assert.deepEqual(curves.map(({ isSecondary }) => isSecondary), [true, true, false, false]); // prettier-ignore
  assert.deepEqual(curves.slice(0, 2).map(({ column }) => column.values[2]), [2, -2]); // prettier-ignore
  const gradient = subjectOf(dataOf([run], { selected: "0", parameter: "fc1.bias", quantity: "grad" }));
  assert.equal(valueLines(gradient, elementsOf(gradient, plain)).length, 2);
});

test("The effective rate of plain SGD is its lr, which is drawn beside it.", () => {
  const subject = subjectOf(dataOf([descent()], { selected: "0" }));
  const { curves } = look(rateLines(subject, elementsOf(subject, plain), wholeOf(subject)));
  assert.equal(curves.length, 5);
  assert.equal(curves[0].column.values[2], 0.1);
  for (const { column } of curves.slice(1)) assert.ok(Math.abs(column.values[2] - 0.1) < 1e-6);
});

test("Of many elements the lowest, the median and the highest rate are drawn.", () => {
  const run = runOf("0", { history: historyOf({ "fc1.weight": [3, 3] }, 3, (k, i) => -k * (i + 1), { config: {} }) }); // prettier-ignore
  const subject = subjectOf(dataOf([run], { selected: "0" }));
  const { curves } = look(rateLines(subject, elementsOf(subject, plain), wholeOf(subject)));
  assert.deepEqual(curves.slice(1).map(({ column }) => column.values[1]), [1, 5, 9]); // prettier-ignore
});

test("The ratio and the angle are those of all parameters, and of the one.", () => {
  const subject = subjectOf(dataOf([descent()], { selected: "0" }));
  const ratio = look(updateLines(subject, wholeOf(subject), "ratio")).curves;
  for (const { column } of ratio) assert.ok(Math.abs(column.values[1] - 0.1) < 1e-6);
  const angle = look(updateLines(subject, wholeOf(subject), "angle")).curves;
  for (const { column } of angle) assert.ok(column.values[1] < 0.01);
});

test("A parameter's group is found by its name or its layer's, behind those of the first optimizer.", () => {
  const { history } = descent();
  const of = (/** @type {any} */ optimizer, /** @type {string} */ name) =>
    groupOf({ ...history, shapes: SHAPES, config: { optimizer } }, name);
  assert.equal(of({}, "fc1.bias"), 0);
  const groups = [{ params: ["fc2"] }, { params: ["fc1.weight"] }, { params: ["fc1"] }];
  assert.equal(of({ param_groups: groups }, "fc1.bias"), 2);
  assert.equal(of({ rest: {} }, "fc1.bias"), 1);
  assert.equal(of({ rest: {}, param_groups: groups }, "fc1.weight"), 1);
});

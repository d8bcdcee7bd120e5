import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { decodeState } from "../../../../static/js/state/address/address.js";
import { defaultState } from "../../../../static/js/state/address/table.js";
import { VIEW_KEYS } from "../../../../static/js/views/registry.js";
import {
  EDGE_OF_STABILITY,
  boundLines,
  changeLines,
  conditionLine,
  curvatureOf,
  eigenvalueLines,
  isPlain,
  sharpnessLine,
} from "../../../../static/js/views/curvature/curvature-figure.js";
import { figure } from "../../../../static/js/views/charts/lines-figure.js";
import { catalog } from "../../catalog.js";
import { answerOf } from "../../curvature.js";
import { dataOf, runOf } from "../../drawn.js";

const SIZE = { width: 300, height: 100 };
const run = runOf("0", { dash: [7, 3] });
const reference = runOf("reference");

const draw = (/** @type {any[]} */ lines, scale = "linear") =>
  figure(dataOf([run], { steps: 20 }), { key: "x", title: "x", scale, lines: () => lines }, SIZE);

test("Eigenvalues are columns over the records, the largest first.", () => {
  const { eigenvalues, stability } = curvatureOf(answerOf());
  assert.deepEqual(
    eigenvalues.map((column) => [...column]),
    [
      [8, 12, 6],
      [-1, 2, 0],
    ],
  );
  assert.deepEqual([...stability.bound], [10, 10, 10]);
});

test("A record is drawn at its step, and read from there on until the next one.", () => {
  const plot = draw([sharpnessLine(run, curvatureOf(answerOf()))]);
  const [{ points, at }] = plot.curves;
  assert.deepEqual([points[0], points[2], points[4]], [0, 150, 300]);
  assert.deepEqual(at(9), { step: 0, value: 8 });
  assert.deepEqual(at(10), { step: 10, value: 12 });
  assert.deepEqual(at(99), { step: 20, value: 6 });
});

test("The records of a fork begin at its step, and nothing is read before it.", () => {
  const [{ at }] = draw([sharpnessLine(run, curvatureOf(answerOf({ steps: [5, 10, 20] })))]).curves;
  assert.equal(at(4), null);
  assert.deepEqual(at(5), { step: 5, value: 8 });
});

test("The bound warns of what lies above it, and what is compared with it is a solid line.", () => {
  const [bound, value] = boundLines(run, curvatureOf(answerOf()), reference);
  assert.deepEqual([bound.warns, bound.run.id], ["above", "reference"]);
  assert.deepEqual([value.warns, value.run.dash], [undefined, []]);
  assert.deepEqual([...value.column.values], [8, 12, 6]);
});

test("Without a bound the sharpness stands alone.", () => {
  const lines = boundLines(run, curvatureOf(answerOf({ stability: null })), reference);
  assert.deepEqual(
    lines.map(({ column, warns }) => [[...column.values], warns]),
    [[[8, 12, 6], undefined]],
  );
});

test("A bound that is infinite where the rate is zero breaks its line.", () => {
  const stability = { bound: [10, Infinity, 10] };
  const { curves } = draw(boundLines(run, curvatureOf(answerOf({ stability })), reference));
  assert.deepEqual([...curves[0].points].map(Number.isNaN), [false, false, false, true, false, false]);
});

test("What is compared is plain only where it is the Hessian's own eigenvalue.", () => {
  assert.equal(isPlain(curvatureOf(answerOf())), true);
  assert.equal(isPlain(curvatureOf(answerOf({ stability: { value: [80, 12, 6] } }))), false);
});

test("All eigenvalues are drawn, the largest and the smallest with a reading, over a shade below zero.", () => {
  const { curves, scale } = draw(eigenvalueLines(run, curvatureOf(answerOf()), reference), "symlog");
  assert.equal(scale, "symlog");
  assert.equal(curves[0].warns, "below");
  const read = curves.filter(({ isSecondary }) => !isSecondary).map(({ at }) => at(0).value);
  assert.deepEqual(read, [-1, 8]);
});

test("Where parameters are frozen, the smallest is that of the others.", () => {
  const frozen = answerOf({ parameters: [2, 1, 0], eigenvalues: [8, -1, 12, NaN, NaN, NaN] });
  const lines = eigenvalueLines(run, curvatureOf(frozen), reference);
  const smallest = lines.find(({ run: { id } }) => id === "0-smallest");
  assert.deepEqual([...smallest.column.values], [-1, 12, NaN]);
});

test("A condition number that is infinite is said, and not drawn.", () => {
  const [{ points, at }] = draw([conditionLine(run, curvatureOf(answerOf()))], "log").curves;
  assert.equal(at(20).value, Infinity);
  assert(Number.isNaN(points[5]) && !Number.isNaN(points[3]));
});

test("There is no change to read at the last record.", () => {
  const { curves } = draw(changeLines(run, curvatureOf(answerOf()), reference), "symlog");
  assert.deepEqual(
    curves.map(({ at }) => [at(10).value, at(20).value]),
    [
      [0.25, null],
      [-0.5, null],
    ],
  );
});

test("The example is a link that the page reads, and the README's.", () => {
  const problem = { ...catalog.problems[0], name: "regression-2d" };
  const sgd = catalog.optimizers.find(({ name }) => name === "SGD");
  const optimizers = [...catalog.optimizers, { ...sgd, name: "RMSprop" }];
  const known = { ...catalog, optimizers, problems: [...catalog.problems, problem] };
  const { state, unread } = decodeState(EDGE_OF_STABILITY, known, VIEW_KEYS);
  assert.deepEqual(unread, []);
  assert.deepEqual([state.panel, state.runs.length, state.selected], ["curvature", 3, 1]);
  assert.notDeepEqual(state, defaultState(known, "regression-2d"));
  const readme = readFileSync(new URL("../../../../README.md", import.meta.url), "utf8");
  assert(readme.includes(EDGE_OF_STABILITY), "the README has another link");
});

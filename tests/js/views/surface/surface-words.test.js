import assert from "node:assert/strict";
import { test } from "node:test";

import {
  axisTitles,
  describeNotices,
  describePlainly,
  describePoint,
  describeProjection,
  plainTitles,
} from "../../../../static/js/views/surface/surface-words.js";
import { translatorOf } from "../../languages.js";

const english = translatorOf("en");
const { t } = english;
const axis = (/** @type {string} */ label, /** @type {string} */ code, params = {}, more = {}) => ({
  label,
  code,
  params,
  ...more,
});
const pca = [
  axis("PC 1", "axis_principal", { number: 1 }, { variance_explained: 0.82, curvature: 3 }),
  axis("PC 2", "axis_principal", { number: 2 }, { variance_explained: 0.1, curvature: 1 }),
];
const grid = (/** @type {any} */ plane, /** @type {any} */ axes = pca) =>
  /** @type {any} */ ({ plane, axes, masked: 0, z: [1, 2, 3, 4] });
const path = /** @type {any} */ ({
  run: { label: "Adam" },
  first: 0,
  xy: [0, 0, 3, 4],
  length: 2,
  loss: [0.5, 0.25],
  distance: [1e-9, 0.4],
  planeLoss: [0.5, 0.125],
});
const shown = (/** @type {any} */ path, range = 1) => ({ path, range });
const top = { code: "axis_top_eigenvector", params: { value: 1.42 } };
const eigen = [
  axis("negative gradient", "axis_downhill", {}, { curvature: 1.25 }),
  axis("…", "axis_eigenvector_part", { vector: top, percent: 32 }, { curvature: -1e-6 }),
];

test("The axes say what part of the paths' variance they explain.", () => {
  assert.deepEqual(axisTitles(grid({ kind: "pca" }), english), ["PC 1 · 82 %", "PC 2 · 10 %"]);
});

test("Without asking one is told what is drawn, in words and without shares.", () => {
  const plain = [grid({ kind: "pca" }), grid({ kind: "eigen" }, eigen), grid({ kind: "function" })];
  const [principal, other, whole] = plain.map((one) => describePlainly(one, 37, t));
  assert.equal(principal, "A map of 37 weights in only two directions: those in which the runs move most.");
  assert.equal(other, "A map of 37 weights in only two directions.");
  assert.equal(whole, "");
  assert.deepEqual(plainTitles(plain[0], english), [
    "the direction in which the runs move most",
    "the next such direction",
  ]);
  assert.deepEqual(plainTitles(grid({ kind: "pca", axes: [2, 1] }, [pca[1], pca[0]]), english), [
    "the next such direction",
    "the direction in which the runs move most",
  ]);
  assert.deepEqual(plainTitles(plain[1], english), axisTitles(plain[1], english));
});

test("Axes have names in the language of the page, and keep their numbers.", () => {
  const titles = axisTitles(grid({ kind: "eigen" }, eigen), translatorOf("zh"));
  assert.deepEqual(titles, [
    "负梯度 · 曲率 1.25",
    "Hessian 最大特征向量，λ = 1.42：与梯度正交的 32% · 曲率 −1.0e−6",
  ]);
});

test("Of a plane about one record it is not the variance that is kept.", () => {
  const said = describeProjection(
    grid({ kind: "pca", through: "final", run: 1 }),
    shown(undefined),
    9,
    "Adam",
    t,
  );
  assert.match(said, /^The plane keeps 92 % of the squared distances of all paths from the end of Adam/);
});

test("Of paths that stay at one point no share is told, as there is nothing to keep.", () => {
  const point = pca.map((one) => ({ ...one, variance_explained: 0 }));
  const still = grid({ kind: "pca" }, point);
  const nowhere = "a direction in which no run moves";
  assert.equal(describeProjection(still, shown(undefined), 0, undefined, t), "");
  assert.equal(describePlainly(still, 37, t), "A map of 37 weights in only two directions.");
  assert.deepEqual([plainTitles(still, english), axisTitles(still, english)], [[nowhere, nowhere], [nowhere, nowhere]]); // prettier-ignore
  const line = grid({ kind: "pca" }, [pca[0], point[1]]);
  assert.deepEqual(plainTitles(line, english), ["the direction in which the runs move most", nowhere]);
});

test("One line says how much the plane keeps and how far a run is off it.", () => {
  assert.equal(
    describeProjection(grid({ kind: "pca" }), shown(path, 10), 9, undefined, t),
    "The plane keeps 92 % of the variance of all paths. Adam is 0.400 off it: its loss here (after the step) is 0.2500, shown is 0.1250.",
  );
  assert.match(
    describeProjection(grid({ kind: "pca" }), shown(path), 0, undefined, t),
    /Adam lies on it: its loss here \(after the step\) is 0.5/,
  );
});

test("What is far from the plane is said so, in the line beneath and at the point.", () => {
  const said = describeProjection(grid({ kind: "pca" }), shown(path), 9, undefined, t);
  assert.match(
    said,
    /its loss here \(after the step\) is 0.2500, though the surface shows 0.1250 at its marker/,
  );
  assert.match(describePoint(path, 1, 1, t).title, /^Adam, step 1: far from/);
});

test("A held plane says how much of the present paths it keeps.", () => {
  assert.match(
    describeProjection(grid({ kind: "held" }), shown(undefined), 9, undefined, t),
    /^The plane is held. It keeps 92 %/,
  );
});

test("A slice says where it lies; a test function needs no words.", () => {
  const at = { kind: "eigen", at: { run: 0, step: 7 } };
  assert.match(describeProjection(grid(at, eigen), shown(undefined), 7, "SGD", t), /through SGD at step 7/);
  assert.equal(describeProjection(grid({ kind: "function" }, []), shown(path), 7, undefined, t), "");
});

test("A point reads out its own loss, the plane's, and how far it is off.", () => {
  const { title, rows } = describePoint(path, 1, 10, t);
  assert.equal(title, "Adam, step 1");
  assert.equal(rows[0].label, "Loss here (after step 1)");
  assert.equal(describePoint(path, 0, 10, t).rows[0].label, "Loss here, at the start");
  assert.deepEqual(rows.map(({ value }) => value), ["0.250000", "0.125000", "0.400000"]); // prettier-ignore
});

test("What the server notices is said with the name of the run; what is new is said as it comes.", () => {
  const notices = [
    { code: "path_leaves", detail: "…", run: 1 },
    { code: "brand_new", detail: "As the server says it.", run: null },
  ];
  const said = describeNotices({ ...grid({ kind: "pca" }), masked: 2 }, notices, ["SGD", "Adam"], english);
  assert.match(said[0], /^2 of 4 cells/);
  assert.match(said[1], /^Adam leaves/);
  assert.equal(said[2], "As the server says it.");
});

test("What the server notices of several runs is one sentence.", () => {
  const notices = [0, 1].map((run) => ({ code: "path_leaves", detail: "…", run }));
  const said = describeNotices(grid({ kind: "pca" }), notices, ["SGD", "Adam"], english);
  assert.equal(said.length, 1);
  assert.match(said[0], /^SGD, Adam leave the surface/);
});

test("A point of an average is called by its name, and the points of a schedule-free optimizer x, y and z.", () => {
  const run = (average) => ({ ...path.run, history: { hasAverage: true, config: { average } } });
  const title = (changes) => describePoint({ ...path, ...changes }, 1, 10, t).title;
  assert.equal(title({ run: run({ name: "EMA" }), other: "average" }), "EMA of Adam, step 1");
  assert.equal(title({ run: run({ name: "EMA" }) }), "Adam, step 1");
  assert.match(title({ run: run(null), other: "average" }), /^x of Adam, step 1: what eval\(\) shows/);
  assert.match(title({ run: run(null), other: "z" }), /^z of Adam/);
  assert.match(title({ run: run(null) }), /^Adam \(its y, trained at\), step 1/);
});

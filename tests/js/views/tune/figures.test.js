import assert from "node:assert/strict";
import { test } from "node:test";

import { curveFigure, isEmpty, losersOf } from "../../../../static/js/views/tune/curve-figure.js";
import {
  Fields,
  colorsOf,
  figureOf,
  formatQuantity,
  mappedIn,
} from "../../../../static/js/views/tune/figures.js";
import { STATES } from "../../../../static/js/views/tune/field.js";
import { cellsOf, filled, run } from "../../sweeps.js";

const TWO = { shape: [2, 2, 3], members: 12, runs: [run(), run()] };

/** A picture of two runs whose cells are those of one sweep. */
function pictureOf(/** @type {number[]} */ losses) {
  const cells = filled(TWO, losses);
  const ask = /** @type {any} */ ({ body: {}, slots: [4, 7] });
  return { cells, picture: { key: "", sweeps: [{ ask, cells, summary: null }], slots: [4, 7] } };
}

test("of runs the one that has new cells is made out anew, and no other", () => {
  const { cells, picture } = pictureOf([1, 0.5, 1, 1, 1, 1]);
  const fields = new Fields();
  const before = fields.in(picture, "end");
  assert.deepEqual(
    before.map(({ isWhole, best }) => [isWhole, best?.value]),
    [[true, 0.5], [false, undefined]], // prettier-ignore
  );
  cells.add(/** @type {any} */ (cellsOf([6, 11], [0.3, 0.2])));
  const after = fields.in(picture, "end");
  assert.equal(after[0], before[0]);
  assert.notEqual(after[1], before[1]);
  assert.equal(after[1].best?.value, 0.2);
});

test("another number of the same cells, and the same number of cells of another sweep, are no longer the same", () => {
  const { picture } = pictureOf([1, 0.5, 1, 1, 1, 1]);
  const fields = new Fields();
  const [end] = fields.in(picture, "end");
  const [diverged] = fields.in(picture, "diverged");
  assert.notEqual(diverged, end);
  assert.equal(diverged.best, null);
  const other = pictureOf([1, 0.25, 1, 1, 1, 1]).picture;
  assert.equal(fields.in(other, "end")[0].best?.value, 0.25);
});

test("steps are read out as what they are, losses with their digits", () => {
  assert.equal(formatQuantity(9, "target", 4), "9");
  assert.equal(formatQuantity(10.5, "diverged", 4), "10.5");
  assert.equal(formatQuantity(9, "end", 4), "9.000");
  assert.equal(formatQuantity(Infinity, "target", 4, "\u221e"), "\u221e");
});

test("an axis of curves without a number has no ticks", () => {
  const { picture } = pictureOf([1, 0.5, 1, 1, 1, 1]);
  const mapped = mappedIn(picture);
  assert.ok(curveFigure(mapped, "end", 200).ticks.length > 1);
  assert.deepEqual(curveFigure(mapped, "diverged", 200).ticks, []);
});

test("what torch refuses has neither a number nor diverged", () => {
  const { picture } = pictureOf([NaN, NaN, NaN, 1, 2, 2, ...Array(6).fill(NaN)]);
  const mapped = mappedIn(picture);
  const [first, second] = new Fields().in(picture, "end");
  assert.deepEqual([...first.field.states], [STATES.refused, 1, STATES.refused, 1, STATES.refused, 1]);
  assert.deepEqual(first.lines, [[[1, 1], [2, 1]]]); // prettier-ignore
  assert.equal(second.best, null);
  const t = (/** @type {string} */ key) => key;
  const look = () => /** @type {any} */ ({ label: "SGD" });
  const palette = { shades: new Uint32Array(256).fill(7), diverged: 8, none: 9 };
  const frame = { t, quantity: /** @type {const} */ ("end"), palette, look, nameOf: t };
  const colors = colorsOf([first, second], "end");
  const figure = figureOf(first, colors, frame);
  assert.deepEqual([...figure.pixels], [0, 7, 0, 7, 0, 7]);
  assert.equal(figure.read({ column: 0, row: 0 }).rows[0].label, "views.tune.refused");
  assert.equal(figureOf(second, colors, frame).aside, "views.tune.allRefused");
  const [curve, none] = curveFigure(mapped, "end", 200).curves;
  assert.deepEqual([curve.spreads[0], curve.lost, none.lost], [null, [], []]);
});

test("of curves each that has lost a number has its marks in a line of its own", () => {
  const { picture } = pictureOf([1, 0.5, 1, 1, 1, 1, Infinity, Infinity, Infinity, 1, 1, 1]);
  const { curves } = curveFigure(mappedIn(picture), "end", 200);
  assert.deepEqual(
    losersOf(curves).map(({ mapped, lost }) => [mapped.slot, lost]),
    [[7, [0]]], // prettier-ignore
  );
  assert.equal(isEmpty(curves), false);
});

test("curves without any number are empty, and those that are not computed yet are not", () => {
  const all = curveFigure(mappedIn(pictureOf(Array(12).fill(1)).picture), "diverged", 200).curves;
  assert.deepEqual(
    losersOf(all).map(({ lost }) => lost),
    [[0, 1], [0, 1]], // prettier-ignore
  );
  assert.equal(isEmpty(all), true);
  const some = curveFigure(mappedIn(pictureOf([1, 1, 1]).picture), "diverged", 200).curves;
  assert.equal(isEmpty(some), false);
});

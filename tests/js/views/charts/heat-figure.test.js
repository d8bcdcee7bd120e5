import assert from "node:assert/strict";
import { test } from "node:test";

import { heatFigure } from "../../../../static/js/views/charts/heat-figure.js";
import { mix } from "../../../../static/js/views/drawing/shade.js";

const COLORS = { panel: "#ffffff", positive: "#0000ff", negative: "#ff0000" };
const history = { first: 0, length: 3 };

/** @param {any} figure @param {number} row @param {number} column */
const pixel = ({ pixels, columns }, row, column) =>
  [...pixels.slice(4 * (row * columns + column), 4 * (row * columns + column) + 4)]; // prettier-ignore

const draw = (/** @type {(k: number) => any} */ values, frame = {}) =>
  heatFigure(history, values, { rows: 2, steps: 2, width: 10, ...frame }, COLORS);

test("Values of both signs are coloured alike around zero, by their square roots.", () => {
  const figure = draw((k) => Float32Array.from([k / 2, -2 * k]));
  assert.deepEqual([figure.columns, figure.domain], [3, [-4, 4]]);
  assert.deepEqual(pixel(figure, 1, 2), [255, 0, 0, 255]);
  assert.deepEqual(pixel(figure, 0, 2).slice(0, 3).map((c) => Math.round(c / 16)), [8, 8, 16]); // prettier-ignore
});

test("Values of one sign begin at zero.", () => {
  const figure = draw((k) => Float32Array.from([k, 3]));
  assert.deepEqual(figure.domain, [0, 3]);
  assert.deepEqual(pixel(figure, 0, 0), [255, 255, 255, 255]);
  assert.deepEqual(pixel(figure, 1, 0), [0, 0, 255, 255]);
});

test("What has no value, or none that is finite, is transparent.", () => {
  const figure = draw((k) => (k === 0 ? null : Float32Array.from([NaN, 1])));
  assert.equal(pixel(figure, 1, 0)[3], 0);
  assert.equal(pixel(figure, 0, 1)[3], 0);
  assert.equal(
    pixel(
      draw(() => Float32Array.from([1, 1]), { steps: 5 }),
      0,
      5,
    )[3],
    0,
  );
});

test("There are no more columns than pixels, and they span the run.", () => {
  const seen = [];
  const long = { first: 0, length: 1001 };
  heatFigure(long, (k) => (seen.push(k), null), { rows: 1, steps: 1000, width: 5 }, COLORS);
  assert.deepEqual(seen, [0, 250, 500, 750, 1000]);
});

test("Colours are mixed channel by channel.", () => {
  assert.equal(mix("#000000", "#ff8000", 0.5), "#804000");
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { median } from "../../../../static/js/state/sweep/median.js";
import { quantile, spreadsOf, stretchesOf } from "../../../../static/js/views/tune/curve-figure.js";
import {
  STATES,
  bestOf,
  borderOf,
  fieldOf,
  layoutOf,
  memberAt,
} from "../../../../static/js/views/tune/field.js";
import { scaleOf, shown, ticksOf } from "../../../../static/js/views/tune/map-axes.js";
import { colorAt, paletteOf, pixel } from "../../../../static/js/views/drawing/palette.js";
import { pixelsOf } from "../../../../static/js/views/tune/picture.js";
import { apartOn } from "../../../../static/js/views/drawing/bar-ticks.js";
import { theoryOf } from "../../../../static/js/views/tune/theory.js";
import { filled, run } from "../../sweeps.js";

test("A cell lies in the column of its first value and the row of its second.", () => {
  const cells = filled({}, [0.1, 0.2, 0.3, 0.4, 0.5]);
  const layout = layoutOf(cells, false);
  assert.deepEqual(layout, { columns: 2, rows: 3, seeds: 1 });
  const { values, states } = fieldOf(cells, layout, 0, "end");
  assert.deepEqual([...values], [0.1, 0.4, 0.2, 0.5, 0.3, NaN]);
  assert.deepEqual([...states], [1, 1, 1, 1, 1, STATES.nothing]);
  assert.equal(memberAt(layout, 1, 1, 2), 11);
});

test("Seeds are the rows of a sweep over one axis, and behind the cells of one over two.", () => {
  const [lr] = filled({}, []).started.axes;
  assert.deepEqual(layoutOf(filled({ axes: [lr], shape: [1, 2, 3] }, []), true), {
    columns: 2,
    rows: 3,
    seeds: 1,
  });
  assert.deepEqual(layoutOf(filled({ shape: [1, 2, 3, 4] }, []), true), { columns: 2, rows: 3, seeds: 4 });
});

test("A cell is the median of its seeds, one that diverged as the worst.", () => {
  const cells = filled({ shape: [1, 2, 1, 3], members: 6, axes: [{ path: "/a", values: [1, 2] }, { path: "/b", values: [1] }] }, [0.3, Infinity, 0.5, 0.1, Infinity, Infinity]); // prettier-ignore
  const layout = { columns: 2, rows: 1, seeds: 3 };
  const end = fieldOf(cells, layout, 0, "end");
  assert.deepEqual([...end.values], [0.5, NaN]);
  assert.deepEqual([...end.states], [STATES.number, STATES.diverged]);
  const diverged = fieldOf(cells, layout, 0, "diverged");
  assert.deepEqual([...diverged.states], [STATES.none, STATES.number]);
  assert.equal(diverged.values[1], 7);
});

test("The border lies between cells that get on and cells that do not.", () => {
  const cells = filled({}, [0.5, Infinity, 0.5, 0.5, 2, 0.5]); // at (0, 1) and (1, 1), higher than the 1 it began with
  const field = fieldOf(cells, layoutOf(cells, false), 0, "end");
  assert.deepEqual([...field.lost], [0, 0, 1, 1, 0, 0]);
  assert.equal(borderOf(field).length, 4);
  assert.deepEqual(borderOf(field)[0], [[0, 1], [1, 1]]); // prettier-ignore
  assert.deepEqual(bestOf(field), { column: 0, row: 0, value: 0.5 });
});

test("The median is that of numpy.", () => {
  assert.deepEqual([median([3, 1, 2]), median([4, 1, 2, 3]), median([1, Infinity])], [2, 2.5, Infinity]);
  assert.deepEqual([0, 0.25, 1].map((part) => quantile([1, 2, 3, 4, 5], part)), [1, 2, 5]); // prettier-ignore
});

test("A picture has a pixel for each cell, the first row at the bottom, and nothing where nothing is known.", () => {
  const palette = paletteOf({ surface: [[0, "#000000"], [1, "#ffffff"]], diverged: "#ff0000", none: "#00ff00" }); // prettier-ignore
  const states = Uint8Array.from([STATES.number, STATES.diverged, STATES.none, STATES.nothing]);
  const field = {
    columns: 2,
    rows: 2,
    values: Float64Array.from([5, NaN, NaN, NaN]),
    states,
    lost: new Uint8Array(4),
  };
  const colors = /** @type {any} */ ({ position: Number, domain: [0, 5], ticks: [] });
  assert.deepEqual(
    [...pixelsOf(field, colors, palette)],
    [pixel("#00ff00"), 0, pixel("#ffffff"), pixel("#ff0000")],
  );
  assert.equal(colorAt([[0, "#000000"], [1, "#ffffff"]], 0.5), "#808080"); // prettier-ignore
});

test("Ticks of the bar of colours do not run into each other.", () => {
  const ticks = [0, 0.001, 0.01, 1].map((at) => ({ at, label: String(at) }));
  const colors = /** @type {any} */ ({ domain: [0, 1], ticks });
  assert.deepEqual(apartOn(colors).map(({ label }) => label), ["0", "1"]); // prettier-ignore
});

test("Ticks stand in the middle of their cells, by the scale of the values.", () => {
  const log = [0.01, 0.1, 1];
  assert.equal(scaleOf(log), "log");
  assert.equal(scaleOf([1, 2, 3]), "linear");
  assert.equal(scaleOf([1, 2, 4, 9]), "list");
  assert.equal(scaleOf(["relu", "tanh", "gelu"]), "list");
  const places = ticksOf({ label: "", values: log, scale: "log" }, 3).map(({ at, label }) => [
    label,
    Number(at.toFixed(9)),
  ]);
  for (const place of [["0.01", 0.5], ["0.1", 1.5], ["1", 2.5]]) assert.ok(places.some((one) => String(one) === String(place))); // prettier-ignore
  assert.deepEqual(ticksOf({ label: "", values: [[2, 2], [8]], scale: "list" }, 9), [{ at: 0.5, label: "[2, 2]" }, { at: 1.5, label: "[8]" }]); // prettier-ignore
  assert.equal(shown(0.35349811), "0.3535");
});

test("A tick names a value that a cell has, where the values are whole.", () => {
  const values = [1, 2, 4, 8, 16, 32, 64, 128];
  const labels = ticksOf({ label: "", values, scale: scaleOf(values) }, 4).map(({ label }) => label);
  assert.deepEqual(labels, ["1", "4", "16", "64"]);
});

test("Theory's border on the bowl is where an eigenvalue of the step has size one.", () => {
  const sgd = (/** @type {any} */ own) => ({ ...run(), problem: { name: "quadratic-bowl" }, optimizer: { name: "SGD", hyperparameters: { lr: 0.01, momentum: 0, ...own } } }); // prettier-ignore
  const axes = [
    { path: "/optimizer/hyperparameters/lr", values: [0.01, 0.02, 0.03, 0.04] },
    { path: "/optimizer/hyperparameters/momentum", values: [0, 0.5] },
  ];
  const [line] = theoryOf(/** @type {any} */ ({ axes, runs: [sgd({})] }), 0);
  assert.deepEqual([line[0], line[line.length - 1]].map(([x, y]) => [Number(x.toFixed(6)), y]), [[1.5, 0.5], [2.5, 1.5]]); // prettier-ignore
  const nesterov = theoryOf(/** @type {any} */ ({ axes, runs: [sgd({ nesterov: true })] }), 0)[0];
  assert.equal(Number(nesterov[nesterov.length - 1][0].toFixed(3)), 1.085); // 2 · 1.5 / 2 / 100 = 0.015 at momentum 0.5
  assert.equal(
    theoryOf(/** @type {any} */ ({ axes, runs: [{ ...sgd({}), hyperparameter_schedules: [] }] }), 0).length,
    1,
  );
  for (const other of [sgd({ weight_decay: 0.1 }), { ...sgd({}), lr_scheduler: {} }, run()])
    assert.deepEqual(theoryOf(/** @type {any} */ ({ axes, runs: [other] }), 0), []);
});

test("A curve has the median and the middle half of its seeds, and breaks where most diverge.", () => {
  const cells = filled({ axes: [{ path: "/a", values: [1, 2] }], shape: [1, 2, 3] }, [
    1,
    2,
    3,
    4,
    Infinity,
    Infinity,
  ]);
  const mapped = /** @type {any} */ ({ cells, layout: layoutOf(cells, true), optimizer: 0 });
  const spreads = spreadsOf(mapped, "end");
  assert.deepEqual(spreads[0], { low: 1.5, median: 2, high: 2.5, count: 3, diverged: 0 });
  assert.equal(spreads[1]?.median, Infinity);
  assert.deepEqual(stretchesOf(spreads, Number), [{ line: [[0.5, 2]], band: [[0.5, 2.5], [0.5, 1.5]] }]); // prettier-ignore
});

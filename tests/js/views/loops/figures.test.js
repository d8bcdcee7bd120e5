import assert from "node:assert/strict";
import { test } from "node:test";

import { axisOf } from "../../../../static/js/state/loops/axis.js";
import { Record } from "../../../../static/js/state/loops/record.js";
import { paletteOf } from "../../../../static/js/views/drawing/palette.js";
import { curveFigure, nearest } from "../../../../static/js/views/loops/curve-figure.js";
import { layerFigure, layersWith, recordsOf } from "../../../../static/js/views/loops/layer-figure.js";
import { domainOf, drawnOver, linesOf } from "../../../../static/js/views/loops/lines.js";
import { layerName, ordered } from "../../../../static/js/views/loops/quantities.js";
import { surfacePixels } from "../../../../static/js/views/loops/surfaces.js";
import { LAYERS, block, started } from "../../state/loops/recorded.js";

const PALETTE = paletteOf({
  surface: [
    [0, "#000000"],
    [1, "#ffffff"],
  ],
  diverged: "#ff0000",
  none: "#00ff00",
});
const [LOW, HIGH] = [PALETTE.shades[0], PALETTE.shades[255]];

const recorded = (/** @type {any} */ columns) => {
  const record = new Record(started(LAYERS));
  record.append(block(0, columns));
  return record;
};
const t = (/** @type {string} */ key, /** @type {any} */ { groups }) => `${key.split(".").at(-1)} ${groups}`;

test("A row of the map is a layer: unknown is left open, and what is not finite stands out.", () => {
  const record = recorded((n) => ({ layers: { cos_update_grad: n([-1, NaN, 1, Infinity], 2) } }));
  const frame = { layers: [1, 0], places: record.steps, domain: [0, 1], columns: 2 };
  const figure = layerFigure(record, "cos_update_grad", frame, PALETTE);
  assert.deepEqual([...figure.pixels], [0, PALETTE.diverged, LOW, HIGH]);
  assert.deepEqual([figure.rows, figure.isBroken], [2, true]);
  assert.equal(layerFigure(record, "grad_norm", frame, PALETTE).colors, null);
});

test("Zeros are drawn as the share of the numbers of a layer.", () => {
  const record = recorded((n) => ({ layers: { zeros: n([0, 0, 2, 4], 2) } }));
  const frame = { layers: [0, 1], places: record.steps, domain: [0, 1], columns: 2 };
  assert.deepEqual([...layerFigure(record, "zeros", frame, PALETTE).pixels], [LOW, HIGH, LOW, HIGH]);
});

test("A column shows the last record before its end, and none behind the last one.", () => {
  assert.deepEqual([...recordsOf([0, 10, 11], [0, 20], 4)], [0, 1, 2, -1]);
});

test("Layers are found by name and kind, and called after both.", () => {
  assert.deepEqual(layersWith(LAYERS, "lin 0"), [0]);
  assert.deepEqual(layersWith(LAYERS, " "), [0, 1]);
  assert.deepEqual(LAYERS.map(layerName), ["0 · Linear(2, 1)", "1"]);
  assert.deepEqual(ordered(["state.b", "frozen", "state.a", "grad_norm"]), [
    "grad_norm",
    "frozen",
    "state.a",
    "state.b",
  ]);
});

test("A curve goes on over what was not said, and keeps its peaks where records share a pixel.", () => {
  const many = Float64Array.from({ length: 1000 }, (_, i) => (i === 500 ? 99 : 1));
  const steps = Float64Array.from({ length: 1000 }, (_, i) => i);
  const line = { label: "", color: "", dash: [], places: steps, steps, values: many };
  const { points, y } = curveFigure([line], "linear", [0, 999], { width: 20, height: 10 });
  assert.ok(points[0].length <= 4 * 21);
  assert.ok(points[0].includes(Math.fround(y(99))));
  const gap = { ...line, places: [0, 1, 2], steps: [0, 1, 2], values: [1, NaN, 3] };
  assert.equal(curveFigure([gap], "log", [0, 2], { width: 20, height: 10 }).points[0].length, 4);
  assert.equal(
    curveFigure([{ ...gap, values: [0, 0, 0] }], "log", [0, 2], { width: 20, height: 10 }).scale,
    "linear",
  );
  assert.deepEqual(
    [-1, 0.4, 1.2, 9].map((place) => nearest(gap, place)),
    [0, 0, 2, 2],
  );
});

test("Two runs share an axis that both have said, and are told apart by name and dash.", () => {
  const [first, other] = [recorded((n) => ({ samples: n([8, 16]) })), recorded(() => ({}))];
  const runs = [
    { record: first, label: "a" },
    { record: other, label: "b" },
  ];
  assert.deepEqual([...drawnOver(runs.slice(0, 1), "samples")[0].places], [8, 16]);
  assert.equal(axisOf([first], "samples"), "samples");
  const drawn = drawnOver(runs, axisOf([first, other], "samples"));
  assert.deepEqual(domainOf(drawn), [0, 1]);
  const series = [
    { run: 0, name: "0–1", values: [1, 2] },
    { run: 1, name: "loss", values: [1, 2] },
  ];
  const lines = linesOf(series, drawn, String, t);
  assert.deepEqual(lines.map(({ label, dash }) => [label, dash.length]), [["a · group 0–1", 0], ["b · loss", 2]]); // prettier-ignore
});

test("A surface is drawn from its top, and where its loss is not finite it stands out.", () => {
  const pixels = surfacePixels({ columns: 2, rows: 2, z: [1, NaN, 1, 100] }, PALETTE);
  assert.deepEqual([...pixels], [LOW, HIGH, LOW, PALETTE.diverged]);
});

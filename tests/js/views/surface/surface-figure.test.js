import assert from "node:assert/strict";
import { test } from "node:test";

import { contourFigure } from "../../../../static/js/views/surface/contour-figure.js";
import { landscapeFigure, landscapePaths } from "../../../../static/js/views/surface/landscape-figure.js";
import { gridOf, lossOnPlane } from "../../../../static/js/views/surface/surface-grid.js";
import { pathsOf } from "../../../../static/js/views/surface/paths.js";
import { dataOf, runOf, surfaceOf } from "../../drawn.js";

const THEME = {
  text: "#111",
  muted: "#555",
  line: "#ddd",
  panel: "#fff",
  halo: "#fff",
  contour: "#0002",
  font: "sans-serif",
  scale: 1,
  fontSize: 12,
  surface: [
    [0, "#000"],
    [1, "#fff"],
  ],
};
const LOOK = { theme: THEME, scale: "linear", width: 800, height: 600, lossLabel: "loss", ends: { low: "low", high: "high" }, axisTitles: ["PC 1", "PC 2"], range: [[0, 2], [10, 20]], revision: "1" }; // prettier-ignore

test("The axes are named and reach as far as they are asked to.", () => {
  const range = /** @type {any} */ ([[1, 1.5], [12, 14]]); // prettier-ignore
  const { layout } = contourFigure(gridOf(surfaceOf().response), { ...LOOK, range });
  assert.equal(layout.xaxis.title.text, "PC 1");
  assert.equal(layout.yaxis.title.text, "PC 2");
  assert.deepEqual([layout.xaxis.range, layout.yaxis.range], range);
});

test("A title that is longer than its axis takes two lines, and room for them.", () => {
  const long = "top eigenvector, λ = 5.71: its 32 % orthogonal to the gradient · curvature 1.2";
  const figure = (/** @type {number} */ height) =>
    contourFigure(gridOf(surfaceOf().response), { ...LOOK, height, axisTitles: ["PC 1", long] }).layout;
  const [roomy, tight] = [figure(700), figure(400)];
  assert.equal(roomy.yaxis.title.text, long);
  assert.equal(tight.yaxis.title.text.replace("<br>", " "), long);
  assert.ok(tight.margin.l > roomy.margin.l);
  assert.equal(tight.xaxis.title.text, "PC 1");
});

test("Rows follow y, and the colour bar covers exactly the losses there are.", () => {
  const [trace, { marker }] = contourFigure(gridOf(surfaceOf().response), LOOK).data;
  assert.deepEqual(
    trace.z.map((row) => [...row]),
    [
      [1, 2, 3],
      [4, 5, 6],
    ],
  );
  assert.deepEqual([marker.cmin, marker.cmax, marker.colorscale], [1, 6, THEME.surface]);
  assert.match(marker.colorbar.title.text, /^loss/);
  const { ticktext, tickvals } = marker.colorbar;
  assert(ticktext.includes("4"));
  assert.deepEqual([ticktext[0], tickvals[0], ticktext.at(-1), tickvals.at(-1)], ["low", 1, "high", 6]);
});

test("Cells that are not finite are left open and counted.", () => {
  const grid = gridOf(
    surfaceOf({
      z: [
        [1, "NaN", 3],
        [4, "Infinity", 6],
      ],
    }).response,
  );
  assert.equal(grid.masked, 2);
  const [trace, { marker }] = contourFigure(grid, LOOK).data;
  assert(Number.isNaN(trace.z[0][1]) && Number.isNaN(trace.z[1][1]));
  assert.deepEqual([marker.cmin, marker.cmax], [1, 6]);
});

test("A surface without one finite loss is still a figure.", () => {
  const grid = gridOf(
    surfaceOf({
      z: [
        ["NaN", "NaN", "NaN"],
        ["NaN", "NaN", "NaN"],
      ],
    }).response,
  );
  assert.doesNotThrow(() => contourFigure(grid, LOOK));
  assert.doesNotThrow(() => landscapeFigure(grid, [], LOOK));
});

test("On a narrow screen the colour bar lies above the surface.", () => {
  const grid = gridOf(surfaceOf().response);
  const orientation = (/** @type {number} */ width) =>
    contourFigure(grid, { ...LOOK, width }).data[1].marker.colorbar.orientation;
  assert.equal(orientation(360), "h");
  assert.equal(orientation(800), undefined);
});

test("A colour bar that turns is another one, and widens no margin under the colours that lie there already.", () => {
  const grid = gridOf(surfaceOf().response);
  const [narrow, wide] = [360, 800].map((width) => contourFigure(grid, { ...LOOK, width }));
  assert.notEqual(narrow.data[1].uid, wide.data[1].uid);
  for (const { layout } of [narrow, wide]) assert.equal(layout.margin.autoexpand, false);
});

test("Labels beside each other on a narrow colour bar have room.", () => {
  const z = [
    [1e-4, 1e-3, 1e-2],
    [0.1, 1, 10],
  ];
  const grid = gridOf(surfaceOf({ z }).response);
  const { marker } = contourFigure(grid, { ...LOOK, scale: "log", width: 360 }).data[1];
  const { tickvals } = marker.colorbar;
  const gaps = tickvals.slice(1).map((at, i) => (at - tickvals[i]) / (marker.cmax - marker.cmin));
  assert.ok(tickvals.length >= 3);
  for (const gap of gaps) assert.ok(gap >= 0.15 - 1e-9, `${gap}`);
});

test("The words at the ends of a low colour bar lie over no tick, and no tick over another.", () => {
  const z = [[1e-4, 1e-3, 1e-2], [0.1, 1, 10]]; // prettier-ignore
  const grid = gridOf(surfaceOf({ z }).response);
  const ticks = (/** @type {number} */ height) =>
    contourFigure(grid, { ...LOOK, scale: "log", height }).data[1].marker;
  const { colorbar, cmin, cmax } = ticks(192);
  const gaps = colorbar.tickvals.slice(1).map((at, i) => ((at - colorbar.tickvals[i]) / (cmax - cmin)) * 100);
  for (const gap of gaps) assert.ok(gap >= 20 - 1e-9, `${gap}`);
  assert.ok(ticks(600).colorbar.tickvals.length > colorbar.tickvals.length);
});

test("Between grid points the loss of the plane is interpolated; outside there is none.", () => {
  const grid = gridOf(surfaceOf().response);
  assert.equal(lossOnPlane(grid, 0, 10), 1);
  assert.equal(lossOnPlane(grid, 2, 20), 6);
  assert.equal(lossOnPlane(grid, 0.5, 15), 3);
  assert(Number.isNaN(lossOnPlane(grid, 2.1, 15)) && Number.isNaN(lossOnPlane(grid, 1, 9)));
});

test("No number on an axis needs an inline style, however large it is.", () => {
  const grid = gridOf(surfaceOf().response);
  const { xaxis, yaxis } = contourFigure(grid, LOOK).layout;
  const { scene } = landscapeFigure(grid, [], LOOK).layout;
  for (const axis of [xaxis, yaxis, scene.xaxis, scene.yaxis]) assert.equal(axis.exponentformat, "e");
});

test("Where there is little room, the landscape is looked at from further away.", () => {
  const far = (/** @type {number} */ width) => {
    const { eye } = landscapeFigure(gridOf(surfaceOf().response), [], { ...LOOK, width }).layout.scene.camera;
    return Math.hypot(eye.x, eye.y, eye.z);
  };
  assert.ok(far(360) > far(800));
});

test("A path over the landscape lies just above it, up to the step, with its head at the end.", () => {
  const surface = surfaceOf({
    runs: ["0"],
    paths: [
      [
        [0, 10],
        [1, 15],
        [2, 20],
        [5, 50],
      ],
    ],
  });
  const grid = gridOf(surface.response);
  const paths = pathsOf(dataOf([runOf("0")], { surface }));
  const { data, layout } = landscapeFigure(grid, paths, LOOK);
  assert.deepEqual(
    data.map(({ type }) => type),
    ["surface", "scatter3d", "scatter3d"],
  );
  assert.equal(layout.scene.uirevision, "1");
  const { update, traces } = landscapePaths(grid, paths, 2, "linear");
  assert.deepEqual(traces, [1, 2]);
  assert.deepEqual(update.x, [[0, 1, 2], [2]]);
  update.z[0].forEach((z, i) => assert(z > [1, 3.5, 6][i] && z < [1, 3.5, 6][i] + 0.2));
});

test("Runs look the same over the landscape: their dashes, their shapes, and the colour bar of the loss.", () => {
  const xy = Array.from({ length: 50 }, (_, k) => [k / 25, 15]);
  const surface = surfaceOf({ runs: ["0", "1"], paths: [xy, xy] });
  const grid = gridOf(surface.response);
  const looks = [{ dash: [7, 3], marker: "star" }, { dash: [], marker: "triangle-down" }]; // prettier-ignore
  const paths = pathsOf(dataOf([runOf("0"), runOf("1")], { surface }));
  const seen = paths.map((path, i) => ({ ...path, run: /** @type {any} */ ({ ...path.run, ...looks[i] }) }));
  const { data } = landscapeFigure(grid, seen, LOOK);
  assert.deepEqual([data[2].text, data[4].text], [["★"], ["▼"]]);
  assert.deepEqual(data[0].colorbar, contourFigure(grid, LOOK).data[1].marker.colorbar);
  const { update } = landscapePaths(grid, seen, 49, "linear");
  const gaps = update.x.map((line) => line.filter(Number.isNaN).length);
  assert(gaps[0] > 10 && gaps[2] === 0);
  assert.deepEqual([update.x[1], update.x[3]], [[49 / 25], [49 / 25]]);
});

test("A path that explodes leaves the landscape as it is.", () => {
  const surface = surfaceOf({
    runs: ["0"],
    paths: [
      [
        [0, 10],
        [1e14, -1e14],
        [NaN, NaN],
      ],
    ],
  });
  const { update } = landscapePaths(
    gridOf(surface.response),
    pathsOf(dataOf([runOf("0")], { surface })),
    2,
    "linear",
  );
  assert.deepEqual(update.x[0], [0, NaN, NaN]);
  assert.deepEqual(update.y[0], [10, NaN, NaN]);
});

test("A long path over the landscape is thinned, but ends where it is.", () => {
  const xy = Array.from({ length: 5001 }, (_, k) => [k / 5000, 15]);
  const surface = surfaceOf({ runs: ["0"], paths: [xy] });
  const { update } = landscapePaths(
    gridOf(surface.response),
    pathsOf(dataOf([runOf("0")], { surface })),
    4999,
    "log",
  );
  assert(update.x[0].length < 450);
  assert.equal(update.x[0].at(-1), 4999 / 5000);
});

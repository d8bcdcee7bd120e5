import assert from "node:assert/strict";
import { test } from "node:test";

import {
  cornersUpTo,
  nearestPoint,
  othersOf,
  pathsOf,
  toPixels,
  visiblePieces,
} from "../../../../static/js/views/surface/paths.js";
import { leavingOf } from "../../../../static/js/views/surface/laid-runs.js";
import { gridOf } from "../../../../static/js/views/surface/surface-grid.js";
import { answerOf } from "../../../../static/js/main/flows.js";
import { flowAnswer } from "../../flow.js";
import { watchedHistory } from "../../watched-run.js";
import { encode } from "../../wire.js";
import { dataOf, historyOf, runOf, surfaceOf } from "../../drawn.js";

const AXES = { left: 10, top: 20, width: 200, height: 100, x: [0, 20], y: [-5, 5] };

const path = (xy, run = runOf("0")) => ({
  run,
  first: 0,
  xy: Float64Array.from(xy.flat()),
  length: xy.length,
  loss: null,
  distance: null,
  stale: false,
});

test("A run that the surface was not asked for is laid on its plane, beneath the others.", () => {
  const shapes = { "fc1.weight": [2], "fc1.bias": [1] };
  const history = historyOf(shapes, 3, (k, i, name) => (name === "fc1.bias" ? -k : k * (i + 1)));
  const ghost = runOf("ghost", { history });
  const surface = surfaceOf();
  surface.response = { ...surface.response, paths: [], origin: [1, 0, 0], basis: [[1, 0, 0], [1, 1, 0]] }; // prettier-ignore
  surface.runs = [];
  const [found, ...others] = othersOf(dataOf([], { ghost, surface, problem: { kind: "dataset" } }));
  assert.deepEqual([found.other, found.run.id, others.length], ["unfrozen", "ghost", 0]);
  assert.deepEqual([...found.xy], [-1, 0, -2, 2, -3, 4]);
  const refused = runOf("1", { history, stale: true, errors: [{ pointer: "/freeze", detail: "" }] });
  const [stale] = pathsOf(
    dataOf([refused, runOf("2", { history })], { surface, problem: { kind: "dataset" } }),
  );
  assert.deepEqual([stale.stale, stale.run.id], [true, "1"]);
});

test("The central flow is laid on the plane, and over a test function it is where its numbers say.", () => {
  const { found } = answerOf(flowAnswer());
  const flow = { run: "0", found, none: null, stale: false };
  const surface = surfaceOf();
  surface.response = { ...surface.response, paths: [], origin: [1, 0], basis: [[0, 1], [1, 0]] }; // prettier-ignore
  surface.runs = [];
  const [laid] = othersOf(dataOf([runOf("0")], { flow, surface, problem: { kind: "dataset" } }));
  assert.deepEqual([laid.other, laid.first, laid.length, [...laid.loss]], ["flow", 1, 3, [3, 2, 1]]);
  assert.deepEqual([...laid.xy], [0, -1, 0, 0, 1, 1]);
  const over = { ...surface, response: { ...surface.response } };
  const [own] = othersOf(dataOf([runOf("0")], { flow, surface: over, problem: { kind: "function" } }));
  assert.deepEqual([...own.xy], [0, 0, 1, 0, 2, 1]);
});

test("Coordinates become pixels of the drawing area, upwards.", () => {
  const { pixels } = toPixels(
    path([
      [0, -5],
      [20, 5],
      [10, 0],
    ]),
    AXES,
  );
  assert.deepEqual([...pixels], [0, 100, 200, 0, 100, 50]);
});

test("Points that fall on the pixel before are left out of the line, and nothing else is.", () => {
  const still = Array.from({ length: 1000 }, (_, k) => [10 + 1e-4 * Math.sin(k), 0]);
  const { corners } = toPixels(path([[0, 0], ...still, [20, 5]]), AXES);
  assert.deepEqual([...corners], [0, 1, 1001]);
});

test("The corners know how far along the line they lie.", () => {
  const { along } = toPixels(
    path([
      [0, 0],
      [3, 0],
      [3, 4],
    ]),
    AXES,
  );
  assert.deepEqual([...along], [0, 30, 70]);
});

test("A path that leaves the finite numbers or the screen breaks no line.", () => {
  const { pixels, corners } = toPixels(
    path([
      [0, 0],
      [1e30, -1e30],
      [NaN, NaN],
      [Infinity, 0],
      [1, 1],
    ]),
    AXES,
  );
  assert(corners.includes(4));
  assert(Number.isNaN(pixels[4]));
});

test("Of a line that leaves the window, what is near it is drawn, and its dashes stay where they were.", () => {
  const line = toPixels(
    path([
      [1, 0],
      [3, 0],
      [1e6, 0],
      [1e6, 1],
      [5, 1],
      [5, NaN],
      [5, 2],
      [6, 2],
    ]),
    AXES,
  );
  const pieces = visiblePieces(line, 0, line.corners.length, AXES);
  assert.deepEqual(
    pieces.map(({ points }) => points.map((pixel) => Number(pixel.toFixed(9)))),
    [
      [10, 50, 30, 50, 216, 50],
      [216, 40, 50, 40],
      [50, 30, 60, 30],
    ],
  );
  assert.equal(pieces[0].along, 0);
  assert.ok(Math.abs(pieces[1].along - (line.along[4] - (216 - 50))) < 1);
});

test("A line to a point far outside goes in its true direction, there and back.", () => {
  const far = [2.5e9, -1e11];
  const line = toPixels(path([[1, 1], far, [1, 1]]), AXES); // prettier-ignore
  const pieces = visiblePieces(line, 0, line.corners.length, AXES).map(({ points }) => points);
  const slopes = pieces.map(([x, y, toX, toY]) => (toY - y) / (toX - x));
  const down = -(far[1] - 1) / (far[0] - 1);
  assert.equal(pieces.length, 2);
  for (const slope of slopes) assert.ok(Math.abs(slope / down - 1) < 1e-6);
  assert.deepEqual([pieces[0].slice(0, 2), pieces[1].slice(-2)], [[10, 40], [10, 40]]); // prettier-ignore
});

test("Between two far points a line is seen where it truly passes.", () => {
  const near = toPixels(path([[1e9, 2e9 + 1], [-1e22, -2e22]]), AXES); // prettier-ignore
  const [seen] = visiblePieces(near, 0, 2, AXES);
  assert.ok(Math.abs((seen.points[3] - seen.points[1]) / (seen.points[2] - seen.points[0]) + 2) < 1e-6);
});

test("A line that passes through the window between two far points is seen, one beside it is not.", () => {
  const through = toPixels(
    path([
      [-1e3, 0],
      [1e3, 0],
    ]),
    AXES,
  );
  assert.deepEqual(
    visiblePieces(through, 0, 2, AXES).map(({ points }) => points.map(Math.round)),
    [[-16, 50, 216, 50]],
  );
  const beside = toPixels(
    path([
      [-1e3, 1e3],
      [1e3, 1e3],
    ]),
    AXES,
  );
  assert.deepEqual(visiblePieces(beside, 0, 2, AXES), []);
});

test("The corners up to a record are found.", () => {
  const corners = Int32Array.of(0, 3, 8, 9);
  assert.deepEqual(
    [0, 2, 3, 8, 100].map((record) => cornersUpTo(corners, record)),
    [1, 1, 2, 3, 4],
  );
});

test("The nearest point within reach is found among those that the step shows.", () => {
  const paths = [
    path([
      [0, 0],
      [10, 0],
      [20, 0],
    ]),
    path([
      [10, 5],
      [10, 1],
    ]),
  ].map((one) => toPixels(one, AXES));
  assert.equal(nearestPoint(paths, 103, 52, 2, 10).record, 1);
  assert.equal(nearestPoint(paths, 198, 50, 1, 10), null);
  assert.equal(nearestPoint(paths, 198, 50, 2, 10).record, 2);
  assert.equal(nearestPoint(paths, 100, 41, 2, 5).path, paths[1].path);
});

test("Over a function a path is the parameters themselves, and grows with them.", () => {
  const run = { ...runOf("0"), history: historyOf({ xy: [2] }, 5, (k, i) => k + 10 * i) };
  const [found] = pathsOf(dataOf([run], { problem: { kind: "function" } }));
  assert.equal(found.length, 5);
  assert.deepEqual([...found.xy.subarray(0, 4)], [0, 10, 1, 11]);
  assert.equal(found.loss, null);
});

test("Over any other plane a path is there once the server has projected it.", () => {
  const runs = [runOf("0"), runOf("1")];
  assert.deepEqual(pathsOf(dataOf(runs)), []);
  const surface = surfaceOf({
    runs: ["1"],
    paths: [
      [
        [0, 0],
        [1, 2],
      ],
    ],
  });
  const [found, ...others] = pathsOf(dataOf(runs, { surface }));
  assert.deepEqual(others, []);
  assert.equal(found.run.id, "1");
  assert.deepEqual([...found.xy], [0, 0, 1, 2]);
  assert(pathsOf(dataOf(runs, { surface: { ...surface, stale: true } }))[0].stale);
});

test("The path of a fork begins at its first step.", () => {
  const points = [
    [10, 0],
    [20, 0],
  ];
  const branch = toPixels({ ...path(points), first: 50 }, AXES);
  assert.equal(nearestPoint([branch], 100, 50, 49, 10), null);
  assert.equal(nearestPoint([branch], 100, 50, 50, 10).record, 0);
  assert.equal(nearestPoint([branch], 198, 50, 51, 10).record, 1);
});

test("Over a function an average has a path of its own, as it was recorded.", () => {
  const optional = (k) => ({
    average: { xy: encode(Float64Array.of(k / 2, 9 - k), [1, 2]) },
    average_loss: encode(Float64Array.of(3 * k), [1]),
  });
  const config = { average: { name: "EMA" } };
  const history = historyOf({ xy: [2] }, 3, (k) => k, { optional, config });
  const data = dataOf([{ ...runOf("0"), history }], { problem: { kind: "function" } });
  const [found, ...further] = othersOf(data);
  assert.deepEqual(
    [found.other, [...found.xy], [...found.loss]],
    ["average", [0, 9, 0.5, 8, 1, 7], [0, 3, 6]],
  );
  assert.deepEqual(further, []);
  assert.deepEqual(
    othersOf(
      dataOf([{ ...runOf("0"), history: historyOf({ xy: [2] }, 3, (k) => k) }], {
        problem: { kind: "function" },
      }),
    ),
    [],
  );
});

test("Over any other plane the server says where averages and z lie.", () => {
  const surface = surfaceOf({ runs: ["0"], paths: [[[0, 0], [1, 2]]] }); // prettier-ignore
  const [path] = surface.response.paths;
  path.z = { ...path, xy: [[5, 5], [6, 6]] }; // prettier-ignore
  const found = othersOf(dataOf([runOf("0")], { surface }));
  assert.deepEqual(
    found.map(({ other, xy }) => [other, [...xy]]),
    [["z", [5, 5, 6, 6]]],
  );
});

test("A loop that is not ours is laid on the surface where its parameters are those of it, without its loss.", () => {
  const shapes = { "fc1.weight": [2], "fc1.bias": [1] };
  const own = runOf("0", { history: historyOf(shapes, 3, (k) => k) });
  const watched = runOf("1", { history: watchedHistory({}, shapes), watched: true });
  const other = runOf("2", { history: watchedHistory({}, { ...shapes, "fc2.bias": [1] }), watched: true });
  const surface = surfaceOf();
  surface.response = { ...surface.response, paths: [], origin: [1, 0, 0], basis: [[1, 0, 0], [0, 1, 0]] }; // prettier-ignore
  surface.runs = [];
  const data = dataOf([own, watched, other], { surface, problem: { kind: "dataset" } });
  const laid = pathsOf(data);
  assert.deepEqual(laid.map(({ run, loss }) => [run.id, loss]), [["1", null]]); // prettier-ignore
  assert.deepEqual([...laid[0].xy.slice(0, 4)], [-1, 0, 0, 1]);
  assert.deepEqual(pathsOf({ ...data, problem: { kind: "function" } }), []);
  const drawn = (/** @type {number[]} */ x, /** @type {number[]} */ y) => ({
    ...gridOf(surface.response),
    x,
    y,
  });
  const [across, upwards] = [0, 1].map((axis) => laid[0].xy.filter((_, place) => place % 2 === axis));
  const [x, y] = [across, upwards].map((at) => [Math.min(...at), Math.max(...at)]);
  const leaving = (/** @type {any} */ grid) =>
    leavingOf([watched], surface.response, grid).map(({ id }) => id);
  assert.deepEqual(leaving(drawn(x, y)), [], "that which lies at the edge is drawn");
  assert.deepEqual(leaving(drawn(x, [y[0], y[1] - 0.5])), ["1"]);
  assert.deepEqual(leaving(drawn([x[0] + 0.5, x[1]], y)), ["1"]);
});

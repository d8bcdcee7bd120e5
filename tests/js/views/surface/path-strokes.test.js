import assert from "node:assert/strict";
import { test } from "node:test";

import { toPixels } from "../../../../static/js/views/surface/paths.js";
import { strokePath } from "../../../../static/js/views/surface/path-strokes.js";

/** A canvas that notes how each line was drawn. */
function canvas() {
  const strokes = [];
  let dash = [];
  const context = {
    beginPath() {},
    moveTo() {},
    lineTo() {},
    setLineDash: (next) => (dash = next),
    stroke: () => strokes.push({ dash, color: context.strokeStyle, width: context.lineWidth }),
  };
  return { context, strokes };
}

test("The halo of a dashed path has the gaps of its line, and is wider.", () => {
  const { context, strokes } = canvas();
  const run = { id: "a", color: "orange", dash: [6, 4] };
  const axes = { left: 0, top: 0, width: 10, height: 10, x: [0, 10], y: [0, 10] };
  const path = toPixels({ run, first: 0, xy: Float64Array.of(0, 0, 9, 9), length: 2, stale: false }, axes);
  const scene = { theme: { scale: 1, halo: "white" }, selected: null, axes };
  strokePath(context, path, { from: 0, to: 2 }, scene, (stroke) => ["halo", "line"].forEach(stroke));
  const [halo, line] = strokes;
  assert.deepEqual([halo.color, halo.dash], ["white", [6, 4]]);
  assert.deepEqual([line.color, line.dash], ["orange", [6, 4]]);
  assert.ok(halo.width > line.width);
});

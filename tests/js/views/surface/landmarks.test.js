import assert from "node:assert/strict";
import { test } from "node:test";

import { describeLandmark, landmarkAt, landmarksOf } from "../../../../static/js/views/surface/landmarks.js";
import { translatorOf } from "../../languages.js";

const { t } = translatorOf("en");
const AXES = { left: 0, top: 0, width: 200, height: 100, x: [0, 20], y: [0, 10] };
const problem = (minima, saddles = []) => ({ kind: "function", minima, saddles });

test("Minima and saddles stand where they are, in pixels; those outside the axes are left out.", () => {
  const marks = landmarksOf(
    problem([{ at: [10, 5], value: 0 }], [{ at: [2, 8], value: 1.5 }, { at: [30, 5], value: 2 }]),
    AXES,
  ); // prettier-ignore
  assert.deepEqual(
    marks.map(({ kind, x, y, shape, label }) => [kind, x, y, shape, label]),
    [
      ["minimum", 100, 50, "star", "0"],
      ["saddle", 20, 20, "cross", "1.5"],
    ],
  );
  assert.deepEqual(landmarksOf({ kind: "dataset" }, AXES), []);
});

test("Labels are read at a glance; those that would cover another are left out, the lowest minima first.", () => {
  const marks = landmarksOf(
    problem([
      { at: [10, 5], value: 1.98992 },
      { at: [11, 5], value: 0 },
      { at: [12, 5], value: 1.98992 },
      { at: [12, 8], value: 67.7192 },
    ]),
    AXES,
  );
  assert.deepEqual(
    marks.map(({ label }) => label),
    ["0", "", "", "67.7"],
  );
});

test("A mark under the pointer reads out its exact place and value.", () => {
  const marks = landmarksOf(problem([{ at: [10, 5], value: -1.0316284534898774 }]), AXES);
  assert.equal(landmarkAt(marks, 120, 50), null);
  const found = landmarkAt(marks, 104, 52);
  assert.deepEqual(describeLandmark(found, t), {
    title: "Minimum",
    rows: [
      { label: "x", value: "10" },
      { label: "y", value: "5" },
      { label: "loss", value: "−1.0316284534898774" },
    ],
  });
});

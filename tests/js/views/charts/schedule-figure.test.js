import assert from "node:assert/strict";
import { test } from "node:test";

import { distinctLines, schedulePlot } from "../../../../static/js/views/charts/schedule-figure.js";

const FRAME = /** @type {const} */ ({ width: 100, height: 50, steps: 3, scale: "linear" });

test("Groups with the same values are one line with both names; one without momentum has none.", () => {
  const columns = [[0.1, 0.2], [0.1, 0.2], [1, 2], [NaN, NaN]]; // prettier-ignore
  assert.deepEqual(distinctLines(columns, ["fc1", "fc2", "fc3", "rest"]), [
    { label: "fc1, fc2", values: [0.1, 0.2], index: 0 },
    { label: "fc3", values: [1, 2], index: 2 },
  ]);
});

test("Value k is drawn at step k + 1, from the first step at the left to the last at the right.", () => {
  const { x, y, paths } = schedulePlot([[0, 1, 2]], FRAME);
  assert.deepEqual([x(1), x(3)], [0, 100]);
  assert.equal(paths[0], `M0.0 ${y(0).toFixed(1)}L50.0 ${y(1).toFixed(1)}L100.0 ${y(2).toFixed(1)}`);
});

test("A line breaks where it has no value, and a logarithmic axis shows no zero.", () => {
  assert.equal(schedulePlot([[1, NaN, 1]], FRAME).paths[0].match(/M/g)?.length, 2);
  const { paths } = schedulePlot([[0, 0.1, 1]], { ...FRAME, scale: "log" });
  assert.match(paths[0], /^M50\.0/);
});

test("A long schedule is drawn in as many points as there are pixels.", () => {
  const values = Array.from({ length: 100_000 }, (_, k) => Math.cos(k));
  const { paths } = schedulePlot([values], { ...FRAME, steps: values.length });
  assert.ok((paths[0].match(/L/g)?.length ?? 0) < 500);
});

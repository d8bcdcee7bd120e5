import assert from "node:assert/strict";
import { test } from "node:test";

import { runsOf } from "../../../../static/js/controls/problem/problem-picture.js";

test("The cells of a contour are rectangles of one colour, and cover every cell once.", () => {
  const rows = ["00ab", "0bbb"];
  const paths = runsOf(rows);
  assert.equal(paths[0], "M0 0h2v1H0zM0 1h1v1H0z");
  const widths = paths
    .join("")
    .match(/h\d+/g)
    ?.map((width) => Number(width.slice(1)));
  assert.equal(
    widths?.reduce((sum, width) => sum + width),
    8,
  );
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { Themed } from "../../../../static/js/views/drawing/theme.js";

test("the tokens of a theme are read once", () => {
  let reads = 0;
  const themed = new Themed(() => (reads += 1));
  const found = ["light", "light", "dark", "dark", "light"].map((theme) => themed.of(theme));
  assert.deepEqual(found, [1, 1, 2, 2, 3]);
});

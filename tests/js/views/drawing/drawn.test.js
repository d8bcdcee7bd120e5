import assert from "node:assert/strict";
import { test } from "node:test";

import { Drawn } from "../../../../static/js/views/drawing/drawn.js";

test("a part is drawn for what it does not show yet, and each for itself", () => {
  const drawn = new Drawn();
  const acts = [];
  const draw = (part, what) => drawn.draw(part, what, () => acts.push([part, what]));
  draw("axes", [1]);
  draw("axes", [1]);
  draw("best", [1]);
  draw("axes", [2]);
  draw("axes", undefined);
  draw("best", [1]);
  assert.deepEqual(acts, [["axes", [1]], ["best", [1]], ["axes", [2]], ["axes", undefined]]); // prettier-ignore
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { Recent } from "../../../static/js/session/recent.js";

test("Of too many values the one that was used least recently goes.", () => {
  /** @type {Recent<number>} */
  const recent = new Recent(2);
  recent.set("a", 1);
  recent.set("b", 2);
  recent.get("a");
  recent.set("c", 3);
  assert.deepEqual(
    ["a", "b", "c"].map((key) => recent.get(key)),
    [1, undefined, 3],
  );
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { Growth } from "../../../static/js/session/growth.js";

test("Paths that grow are drawn again once a second, and at once at the end.", () => {
  const run = { status: "live", history: { isEmpty: false, last: 5 } };
  let now = 0;
  const growth = new Growth({ get: () => /** @type {any} */ (run) }, () => now);
  assert.equal(growth.advance(["a"]), true);
  assert.equal(growth.reached("a"), 5);
  assert.equal(growth.advance(["a"]), false);
  run.history.last = 9;
  assert.equal(growth.advance(["a"]), false);
  now = 1000;
  assert.equal(growth.advance(["a"]), true);
  run.history.last = 10;
  run.status = "settled";
  assert.equal(growth.advance(["a"]), true);
});

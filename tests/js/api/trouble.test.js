import assert from "node:assert/strict";
import { test } from "node:test";

import { ApiError } from "../../../static/js/api/request.js";
import { describeTrouble } from "../../../static/js/api/trouble.js";

test("A server without a free place is busy; one that cannot do it says why; both say when to ask again.", () => {
  const told = (/** @type {number} */ status) => describeTrouble(new ApiError(status, { detail: "why" }, 2));
  assert.equal(told(429).key, "shell.notice.busy");
  assert.equal(told(503).key, "shell.notice.unavailable");
  for (const status of [429, 503]) {
    const { params, said, retryAfter } = told(status);
    assert.deepEqual([params, said?.detail, retryAfter], [{ count: 2 }, "why", 2]);
  }
});

test("A defect of the page is not described as trouble.", () => {
  assert.throws(() => describeTrouble(new TypeError("a defect")), TypeError);
});

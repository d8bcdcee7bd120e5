import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { beginFolded, isHelpOpen, isOpen, leaveOpen } from "../../../static/js/state/folds.js";

beforeEach(() => {
  const kept = new Map();
  globalThis.localStorage = /** @type {any} */ ({
    getItem: (/** @type {string} */ key) => kept.get(key) ?? null,
    setItem: (/** @type {string} */ key, /** @type {string} */ value) => kept.set(key, value),
  });
});

test("Who comes by a link finds all open, who comes by a bare address finds it folded, then and later.", () => {
  assert.equal(isOpen("card"), true);
  beginFolded();
  assert.deepEqual([isOpen("card"), isOpen("charts")], [false, false]);
});

test("What was opened or folded is found as it was left, whichever way one comes.", () => {
  beginFolded();
  leaveOpen("card", true);
  beginFolded();
  assert.deepEqual([isOpen("card"), isOpen("charts")], [true, false]);
  leaveOpen("card", false);
  assert.equal(isOpen("card"), false);
});

test("Help is open for who comes by a bare address, until it is folded.", () => {
  assert.equal(isHelpOpen("key"), false);
  beginFolded();
  assert.equal(isHelpOpen("key"), true);
  leaveOpen("key", false);
  assert.equal(isHelpOpen("key"), false);
});

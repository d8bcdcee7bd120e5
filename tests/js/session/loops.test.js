import assert from "node:assert/strict";
import { test } from "node:test";

import { ApiError } from "../../../static/js/api/request.js";
import { Loops } from "../../../static/js/session/loops.js";
import { LAYERS, block, started } from "../state/loops/recorded.js";

const settle = async () => {
  for (let i = 0; i < 40; i += 1) await Promise.resolve();
};

const ENDED = {
  event: "run_ended",
  reason: "stopped",
  step: 1,
  detail: "",
  code: "watched_silent",
  params: {},
};

/** Runs that are kept: a watched one of two records that broke off, and one that is trained here. */
function laboratory() {
  const asked = { reports: 0, follows: 0 };
  const api = {
    async get(/** @type {string} */ id) {
      if (id === "c") throw new ApiError(404, { detail: "gone" });
      const config = id === "b" ? {} : null;
      return { id, config, state: "ended", first: 0, step: 1, ended: { reason: "stopped" } };
    },
    async *follow() {
      asked.follows += 1;
      yield [started(LAYERS), block(0, () => ({})), ENDED];
    },
    async report() {
      asked.reports += 1;
      return { step: 1, found: [] };
    },
  };
  const timers = { now: () => 0, after: () => 0, cancel: () => {} };
  return { asked, loops: new Loops({ api: /** @type {any} */ (api), onChange: () => {}, timers }) };
}

test("A watched run that broke off is whole, and read once.", async () => {
  const { asked, loops } = laboratory();
  loops.follow({ run: "a", beside: null });
  await settle();
  assert.deepEqual([loops.get("a").status, loops.get("a").history.count], ["settled", 2]);
  assert.equal(asked.follows, 1);
  loops.follow({ run: null, beside: null });
  assert.equal(loops.get("a"), null);
});

test("What an expert would say of it is asked for once, when its records are here.", async () => {
  const { asked, loops } = laboratory();
  loops.follow({ run: "a", beside: null });
  assert.equal(loops.report("a"), null);
  await settle();
  loops.report("a");
  await settle();
  assert.deepEqual(loops.report("a"), { step: 1, found: [] });
  assert.equal(asked.reports, 1);
});

test("A run that is trained here has no place among them, and one that was deleted is gone.", async () => {
  const { loops } = laboratory();
  loops.follow({ run: "b", beside: "c" });
  await settle();
  assert.equal(loops.get("b").history, null);
  assert.deepEqual([loops.get("b").status, loops.get("c").status], ["lost", "gone"]);
});

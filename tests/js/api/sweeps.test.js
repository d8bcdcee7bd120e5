import assert from "node:assert/strict";
import { test } from "node:test";

import { BrokenStreamError, StoppedSweepError } from "../../../static/js/api/request.js";
import { createSweepApi } from "../../../static/js/api/sweeps.js";
import { describeTrouble, tellTrouble } from "../../../static/js/api/trouble.js";

const SAID = { detail: "The server shuts down.", code: "shutting_down", params: {} };

/** All that comes of a sweep whose stream has these events after its start. @param {any[]} events */
async function read(...events) {
  const lines = [{ event: "sweep_started" }, ...events].map((event) => `${JSON.stringify(event)}\n`);
  const api = createSweepApi(/** @type {any} */ (async () => new Response(lines.join(""))));
  const seen = [];
  for await (const some of api.sweep(/** @type {any} */ ({}), new AbortController().signal))
    seen.push(...some);
  return seen.map(({ event }) => event);
}

test("A sweep that is completed is read to its end.", async () => {
  assert.deepEqual(await read({ event: "sweep_ended", reason: "completed" }), [
    "sweep_started",
    "sweep_ended",
  ]);
});

test("A sweep whose end is not told is broken.", async () => {
  await assert.rejects(read({ event: "cells" }), BrokenStreamError);
});

test("Why the server gives a sweep up is told.", async () => {
  const words = /** @type {any} */ ({ t: (/** @type {string} */ key) => key, say: (/** @type {any} */ said) => said.detail }); // prettier-ignore
  for (const reason of ["cancelled", "failed"])
    await assert.rejects(read({ event: "sweep_ended", reason, ...SAID }), (error) => {
      assert.ok(error instanceof StoppedSweepError);
      const { key, said } = describeTrouble(error);
      assert.deepEqual([key, said?.code], ["shell.notice.stoppedSweep", SAID.code]);
      assert.equal(tellTrouble(error, words), SAID.detail);
      return true;
    });
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { forkRun, keepRun } from "../../../static/js/api/keeping.js";
import { createKeptApi } from "../../../static/js/api/kept-runs.js";
import { ApiError, OfflineError } from "../../../static/js/api/request.js";
import {
  hindranceOf,
  lossOf,
  originOf,
  sizeOf,
  stateOf,
  troubleOf,
} from "../../../static/js/controls/kept/kept-words.js";

const config = /** @type {any} */ ({
  problem: { name: "xor" },
  optimizer: { name: "Adam", hyperparameters: {} },
});

test("A run whose configuration is kept already is not kept twice.", async () => {
  const complete = { ...config, steps: 300 };
  const fork = { id: "fork", origin: { run: "a", step: 5 }, config: complete };
  const whole = { id: "whole", origin: null, config: { steps: 300, ...config } };
  const api = { list: async () => ({ runs: [fork, whole] }), create: async () => ({ id: "new" }) };
  const known = await keepRun(/** @type {any} */ (api), config, complete);
  assert.deepEqual([known.run.id, known.isNew], ["whole", false]);
  const other = await keepRun(/** @type {any} */ (api), config, { ...complete, steps: 5 });
  assert.deepEqual([other.run.id, other.isNew], ["new", true]);
});

test("A fork waits until the run has come to its step.", async () => {
  /** @type {any[]} */
  const asked = [];
  const api = {
    async *follow(/** @type {string} */ id, /** @type {number} */ from) {
      asked.push(["follow", id, from]);
      yield [{ event: "run_started" }];
      yield [{ event: "block" }];
    },
    fork: async (/** @type {any} */ run, /** @type {any} */ branch) =>
      asked.push(["fork", run.id, branch.step]),
  };
  const branch = /** @type {any} */ ({ step: 50 });
  const { signal } = new AbortController();
  await forkRun(/** @type {any} */ (api), /** @type {any} */ ({ id: "a", step: 9 }), branch, signal);
  await forkRun(/** @type {any} */ (api), /** @type {any} */ ({ id: "b", step: 50 }), branch, signal);
  assert.deepEqual(asked, [["follow", "a", 50], ["fork", "a", 50], ["fork", "b", 50]]); // prettier-ignore
});

test("A run that has not begun says where it waits; one that is being trained, how far it is.", () => {
  const t = (/** @type {string} */ key, /** @type {any} */ params) => `${key} ${JSON.stringify(params)}`;
  const queue = { position: 2, of: 5 };
  const of = (/** @type {any} */ run) => stateOf(/** @type {any} */ ({ steps: 9, ended: null, ...run }), t);
  const waiting = 'controls.kept.state.queued {"position":2,"of":5}';
  assert.equal(of({ state: "running", first: 0, step: -1, queue }), waiting);
  assert.equal(of({ state: "running", first: 4, step: 4, queue }), waiting);
  const running = 'controls.kept.state.running {"step":5,"steps":9}';
  assert.equal(of({ state: "running", first: 4, step: 5, queue }), running);
  assert.equal(of({ state: "running", first: 0, step: 5, queue: null }), running);
  const begun = 'controls.kept.state.running {"step":0,"steps":9}';
  assert.equal(of({ state: "running", first: 0, step: -1, queue: null }), begun);
});

test("A command is for the version that was seen, and a file is sent as it is.", async () => {
  /** @type {any[]} */
  const sent = [];
  const fetch = /** @type {any} */ (
    async (/** @type {string} */ path, /** @type {any} */ init) => {
      const { prefer: _, ...headers } = init.headers;
      sent.push([init.method, path, headers, init.body]);
      return new Response("{}");
    }
  );
  const api = createKeptApi(fetch);
  const run = /** @type {any} */ ({ id: "a", version: 3 });
  const file = new Blob(["data"]);
  await api.pause(run);
  await api.extend(run, 100);
  await api.remove(run);
  await api.upload(file);
  assert.deepEqual(sent, [
    ["POST", "/api/runs/a/pause", { "if-match": '"3"' }, undefined],
    [
      "POST",
      "/api/runs/a/extend",
      { "content-type": "application/json", "if-match": '"3"' },
      '{"steps":100}',
    ],
    ["DELETE", "/api/runs/a", { "if-match": '"3"' }, undefined],
    ["POST", "/api/runs/from-checkpoint", { "content-type": "application/octet-stream" }, file],
  ]);
});

test("What there is to say of a kept run is said in short.", () => {
  const t = (/** @type {string} */ key) => key;
  assert.deepEqual([0, 999, 1234, 12_345_678].map(sizeOf), ["0 B", "999 B", "1.2 kB", "12 MB"]); // prettier-ignore
  const losses = (/** @type {any} */ result, batch_size = null) =>
    Object.values(lossOf(/** @type {any} */ ({ result, step: 9, config: { batch_size } }), t));
  assert.deepEqual(losses({ loss: "Infinity", end_loss: 0.25 }), ["0.2500", "views.loss.here"]);
  assert.deepEqual(losses({ loss: "Infinity" }), ["∞", "views.loss.before"]);
  assert.deepEqual(losses({ loss: 1 }, /** @type {any} */ (8)), ["1.000", "views.loss.batch"]);
  assert.deepEqual(losses(null), ["–", ""]);
  const restore = { optimizer: false, lr_scheduler: true };
  const fork = (/** @type {any} */ origin, scheduler = null) =>
    originOf(/** @type {any} */ ({ origin, config: { lr_scheduler: scheduler } }), t);
  assert.equal(fork(null), "");
  assert.equal(fork({ checkpoint: true, step: 5 }), "controls.kept.origin.file");
  assert.equal(fork({ run: "a", step: 5, restore }), "controls.kept.origin.noOptimizer");
});

test("What holds a run up is said, and a pause that a person wanted is not.", () => {
  const words = { t: (/** @type {string} */ key) => key, say: (/** @type {any} */ { code }) => `${code}` };
  const held = (/** @type {string} */ state, /** @type {string} */ code, /** @type {any} */ ended = null) =>
    hindranceOf(/** @type {any} */ ({ state, ended, code, detail: "why", params: {} }), words);
  assert.equal(held("paused", "storage_full"), "storage_full");
  assert.equal(held("paused", "paused"), "");
  assert.equal(held("paused", "paused_before_start"), "");
  assert.equal(held("ended", "completed"), "");
  const params = { step: 3, what: { code: "optimizer_raised" } };
  assert.equal(held("ended", "failed", { reason: "failed", code: "failed", params }), "views.ends.at");
});

test("Why a command was not done is said in the page's words, by its status.", () => {
  const words = {
    t: (/** @type {string} */ key, params = {}) => [key, ...Object.values(params)].join(" "),
    say: (/** @type {import("../../../static/js/api/request.js").Said} */ { detail }) => detail.toUpperCase(),
  };
  const said = (/** @type {number} */ status) => troubleOf(new ApiError(status, { detail: "why" }), words);
  assert.deepEqual(
    [404, 409, 422, 429, 503, 507].map(said),
    ["gone", "conflict", "refused", "busy", "unavailable", "full"].map(
      (key) => `controls.kept.trouble.${key} WHY`,
    ),
  );
  assert.equal(troubleOf(new OfflineError(null), words), "shell.notice.offline");
  assert.throws(() => troubleOf(new TypeError("a defect"), words), TypeError);
});

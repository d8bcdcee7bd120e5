import assert from "node:assert/strict";
import { test } from "node:test";

import { ApiError, OfflineError, request } from "../../../static/js/api/request.js";
import { createApi } from "../../../static/js/api/resources.js";

/** @param {any} respond */
const fetching = (respond) => /** @type {any} */ (async (/** @type {any} */ ...args) => respond(...args));

test("A refusal carries the fields that it names and when to come back.", async () => {
  const problem = {
    title: "Unprocessable",
    detail: "no",
    errors: [{ pointer: "/runs/0/steps", detail: "too many" }],
  };
  const headers = { "content-type": "application/problem+json", "retry-after": "2" };
  const fetch = fetching(() => new Response(JSON.stringify(problem), { status: 422, headers }));
  await assert.rejects(request("/api/compare", { fetch, body: {} }), (error) => {
    assert.ok(error instanceof ApiError);
    assert.deepEqual([error.status, error.message, error.retryAfter], [422, "no", 2]);
    assert.deepEqual(error.errors, problem.errors);
    return true;
  });
});

test("Refusals are asked for with status 200, and their document says what they are.", async () => {
  /** @type {any[]} */
  const sent = [];
  const fetch = fetching((/** @type {any} */ _, /** @type {any} */ init) => {
    sent.push(init.headers);
    const problem = { status: 409, detail: "it is running" };
    const headers = {
      "content-type": "application/problem+json",
      "preference-applied": "problem-status=200",
    };
    return new Response(JSON.stringify(problem), { status: 200, headers });
  });
  const refused = { name: "ApiError", status: 409, message: "it is running", retryAfter: null };
  await assert.rejects(request("/api/runs/1/pause", { fetch, method: "POST" }), refused);
  await assert.rejects(request("/api/lint", { fetch, body: {} }), refused);
  assert.deepEqual(
    sent.map(({ prefer }) => prefer),
    ["problem-status=200", "problem-status=200"],
  );
});

test("A refusal that is not JSON still says its status.", async () => {
  const fetch = fetching(() => new Response("<h1>no</h1>", { status: 502, statusText: "Bad Gateway" }));
  await assert.rejects(request("/", { fetch }), { name: "ApiError", message: "502 Bad Gateway" });
});

test("No answer is not a refusal, and an aborted request is neither.", async () => {
  const fetch = fetching(() => Promise.reject(new TypeError("failed to fetch")));
  await assert.rejects(request("/", { fetch }), OfflineError);
  await assert.rejects(request("/", { fetch, signal: AbortSignal.abort() }), { name: "AbortError" });
});

test("A comparison is one POST, read as a stream of events.", async () => {
  /** @type {any[]} */
  const sent = [];
  const fetch = fetching((/** @type {any} */ path, /** @type {any} */ init) => {
    sent.push([path, init.method, JSON.parse(init.body)]);
    return new Response('{"event":"run_started","run":0}\n{"event":"run_ended","run":0}\n');
  });
  const runs = /** @type {any} */ ([{ steps: 5 }]);
  const events = [];
  for await (const batch of createApi(fetch).compare(runs, new AbortController().signal))
    events.push(...batch);
  assert.deepEqual(sent, [["/api/compare?queue=true", "POST", { runs }]]);
  assert.deepEqual(
    events.map(({ event }) => event),
    ["run_started", "run_ended"],
  );
});

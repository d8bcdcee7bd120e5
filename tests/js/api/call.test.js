import assert from "node:assert/strict";
import { test } from "node:test";

import { BrokenStreamError, OfflineError } from "../../../static/js/api/request.js";
import { addressOf, call, send, stream } from "../../../static/js/api/call.js";

/** A server that says what it was asked, or sends a text. */
function serving(/** @type {string | null} */ text = null) {
  /** @type {any[]} */
  const asked = [];
  const fetch = async (/** @type {string} */ path, /** @type {any} */ { method, body, headers }) => {
    asked.push([method, path, body, headers["if-match"]]);
    return new Response(text ?? JSON.stringify({ code: "x = 1" }), {
      headers: { "content-type": "text/plain" },
    });
  };
  return { asked, fetch: /** @type {any} */ (fetch) };
}

test("The names in a path have their values, and these cannot lead elsewhere.", () => {
  assert.equal(
    addressOf("/api/runs/{id}/checkpoints/{step}", { id: "a/b", step: 7 }),
    "/api/runs/a%2Fb/checkpoints/7",
  );
});

test("A call goes out by its method and path, with what it is given.", async () => {
  const { asked, fetch } = serving();
  assert.deepEqual(await call("POST /api/code", { fetch, body: { steps: 5 } }), { code: "x = 1" });
  await call("GET /api/runs", { fetch, query: { search: "a b" } });
  await send("DELETE /api/runs/{id}", { fetch, at: { id: "a" }, headers: { "if-match": '"3"' } });
  assert.deepEqual(asked, [
    ["POST", "/api/code", '{"steps":5}', undefined],
    ["GET", "/api/runs?search=a+b", undefined, undefined],
    ["DELETE", "/api/runs/a", undefined, '"3"'],
  ]);
});

test("A stream is read line by line.", async () => {
  const { fetch } = serving('{"event":"run_started"}\n{"event":"run_ended"}\n');
  const events = [];
  for await (const some of stream("POST /api/compare", { fetch, body: {} })) events.push(...some);
  assert.deepEqual(
    events.map(({ event }) => event),
    ["run_started", "run_ended"],
  );
});

/** A body of which one piece comes before the connection is cut. */
const cutBody = () =>
  new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode('{"event":"run_started"}\n')),
    pull: (controller) => controller.error(new TypeError("network error")),
  });

test("A server that dies in the middle of an answer is told as that, and nothing waits for the rest.", async () => {
  const fetch = async () => new Response(cutBody());
  await assert.rejects(call("GET /api/catalog", { fetch }), OfflineError);
  const events = [];
  await assert.rejects(async () => {
    for await (const some of stream("POST /api/compare", { fetch, body: {} })) events.push(...some);
  }, BrokenStreamError);
  assert.equal(events.length, 1);
});

test("What was broken off on purpose is no trouble of the server's.", async () => {
  const abort = new AbortController();
  abort.abort(new Error("another wish"));
  const fetch = async () => new Response(cutBody());
  await assert.rejects(call("GET /api/catalog", { fetch, signal: abort.signal }), /another wish/);
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { Follower } from "../../../static/js/api/follower.js";
import { History } from "../../../static/js/history.js";
import { isOurs } from "../../../static/js/state/kept-runs.js";
import { ApiError, BrokenStreamError, OfflineError } from "../../../static/js/api/request.js";

const settle = async () => {
  for (let i = 0; i < 20; i += 1) await Promise.resolve();
};

/** A server with runs that say what they are told to, and a clock that moves when told to. */
function laboratory() {
  /** @type {Map<string, any>} */
  const documents = new Map();
  /** @type {any[]} */
  const streams = [];
  const timers = { time: 0, /** @type {any[]} */ waiting: [] };
  const server = { isDown: false, looks: 0 };
  const api = {
    async get(/** @type {string} */ id) {
      server.looks += 1;
      if (server.isDown) throw new OfflineError("");
      const document = documents.get(id);
      if (document === undefined) throw new ApiError(404, { detail: "gone" });
      return document;
    },
    async *follow(/** @type {string} */ id, /** @type {number} */ from, /** @type {AbortSignal} */ signal) {
      /** @type {any[]} */
      const events = [
        { event: "run_started", parameters: [{ name: "xy", shape: [2], layer: null }], config: {} },
      ];
      /** @type {any} */
      const stream = { id, from, signal, isOpen: true, wake: () => {} };
      stream.send = async (/** @type {any[]} */ ...more) => {
        events.push(...more);
        stream.wake();
        await settle();
      };
      stream.close = async (/** @type {Error | null} */ error = null) => {
        [stream.isOpen, stream.error] = [false, error];
        stream.wake();
        await settle();
      };
      signal.addEventListener("abort", () => stream.close(signal.reason));
      streams.push(stream);
      while (stream.isOpen || events.length > 0) {
        if (events.length > 0) yield events.splice(0);
        else await new Promise((resolve) => (stream.wake = resolve));
      }
      if (stream.error) throw stream.error;
    },
  };
  const follower = new Follower({
    api: /** @type {any} */ (api),
    onChange: () => {},
    canShow: isOurs,
    make: (event, from) => new History(event, from),
    timers: {
      now: () => timers.time,
      after: (callback, milliseconds) => {
        const timer = { at: timers.time + milliseconds, callback };
        timers.waiting.push(timer);
        return timer;
      },
      cancel: (timer) => (timers.waiting = timers.waiting.filter((other) => other !== timer)),
    },
  });
  return {
    follower,
    documents,
    streams,
    server,
    async pass(/** @type {number} */ milliseconds) {
      timers.time += milliseconds;
      const due = timers.waiting.filter(({ at }) => at <= timers.time);
      timers.waiting = timers.waiting.filter(({ at }) => at > timers.time);
      for (const { callback } of due) callback();
      await settle();
    },
  };
}

const running = (/** @type {string} */ id, first = 0, step = first) => ({
  id,
  state: "running",
  first,
  step,
  ended: null,
});
const ended = (/** @type {string} */ id, /** @type {number} */ step, first = 0) => ({
  ...running(id, first, step),
  state: "ended",
  ended: { reason: "completed", step, detail: "" },
});
const block = (/** @type {number} */ first, /** @type {number} */ count) => ({
  event: "block",
  first,
  count,
  loss: Array(count).fill(1),
  lr: Array(count).fill([0.1]),
  params: { xy: Array(count).fill([0, 0]) },
});
const end = (/** @type {string} */ reason, /** @type {number} */ step) => ({
  event: "run_ended",
  reason,
  step,
  detail: "",
});

test("A run is followed from its first step to its end, and then looked at now and then.", async () => {
  const lab = laboratory();
  lab.documents.set("a", running("a", 50));
  lab.follower.watch(["a"]);
  await settle();
  assert.equal(lab.streams[0].from, 50);
  await lab.streams[0].send(block(50, 3));
  assert.deepEqual([lab.follower.get("a")?.history?.last, lab.follower.get("a")?.document?.step], [52, 52]);
  assert.equal(lab.follower.get("a")?.status, "live");
  lab.documents.set("a", ended("a", 54, 50));
  await lab.streams[0].send(block(53, 2), end("completed", 54));
  await lab.streams[0].close();
  assert.equal(lab.follower.get("a")?.status, "settled");
  const { looks } = lab.server;
  await lab.pass(4000);
  assert.equal(lab.server.looks, looks + 1);
  assert.equal(lab.streams.length, 1);
});

test("Of a run that waits in the queue the place is asked for again, until its first steps are here.", async () => {
  const lab = laboratory();
  const place = (/** @type {number} */ position) => ({ ...running("a", 0, -1), queue: { position, of: 3 } });
  lab.documents.set("a", place(3));
  lab.follower.watch(["a"]);
  await settle();
  const told = () => /** @type {any} */ (lab.follower.get("a")?.document).queue;
  assert.equal(told().position, 3);
  lab.documents.set("a", place(1));
  await lab.pass(1000);
  assert.equal(told().position, 1);
  lab.server.isDown = true;
  await lab.pass(1000);
  assert.equal(told().position, 1);
  lab.server.isDown = false;
  await lab.streams[0].send(block(0, 5));
  assert.equal(told(), null);
  const { looks } = lab.server;
  await lab.pass(1000);
  assert.equal(lab.server.looks, looks);
  assert.equal(lab.streams.length, 1);
});

test("A stream that breaks off is taken up behind the last record that is here.", async () => {
  const lab = laboratory();
  lab.documents.set("a", running("a"));
  lab.follower.watch(["a"]);
  await settle();
  await lab.streams[0].send(block(0, 10));
  lab.server.isDown = true;
  await lab.streams[0].close(new BrokenStreamError());
  assert.equal(lab.follower.get("a")?.status, "lost");
  await lab.pass(500);
  assert.equal(lab.follower.get("a")?.failures, 2);
  lab.server.isDown = false;
  await lab.pass(1000);
  assert.equal(lab.streams[1].from, 10);
  await lab.streams[1].send(block(10, 5));
  assert.equal(lab.follower.get("a")?.history?.last, 14);
});

test("There is one stream at a time: runs that are trained take turns, one alone keeps its stream.", async () => {
  const lab = laboratory();
  for (const id of ["a", "b"]) lab.documents.set(id, running(id));
  lab.follower.watch(["a"]);
  await settle();
  await lab.pass(1000);
  assert.equal(lab.streams[0].signal.aborted, false);
  lab.follower.watch(["a", "b"]);
  await settle();
  assert.equal(lab.streams.filter(({ isOpen }) => isOpen).length, 1);
  const served = [];
  for (let i = 0; i < 4; i += 1) {
    served.push(lab.streams.find(({ isOpen }) => isOpen).id);
    await lab.pass(1000);
  }
  assert.deepEqual(new Set(served), new Set(["a", "b"]));
});

test("A run that another tab resumes or extends is followed again.", async () => {
  const lab = laboratory();
  lab.documents.set("a", ended("a", 2));
  lab.follower.watch(["a"]);
  await settle();
  await lab.streams[0].send(block(0, 3), end("completed", 2));
  await lab.streams[0].close();
  lab.documents.set("a", running("a", 0, 5));
  await lab.pass(4000);
  assert.equal(lab.streams[1].from, 3);
  await lab.streams[1].send(block(3, 3));
  assert.equal(lab.follower.get("a")?.history?.ended, null);
});

test("A run that was deleted is asked for no more.", async () => {
  const lab = laboratory();
  lab.follower.watch(["a"]);
  await settle();
  assert.equal(lab.follower.get("a")?.status, "gone");
  const { looks } = lab.server;
  await lab.pass(60_000);
  assert.equal(lab.server.looks, looks);
});

test("Nobody who looks elsewhere holds a connection.", async () => {
  const lab = laboratory();
  lab.documents.set("a", running("a"));
  lab.follower.watch(["a"]);
  await settle();
  lab.follower.rest(true);
  await settle();
  assert.equal(lab.streams[0].signal.aborted, true);
  assert.equal(lab.streams.length, 1);
  lab.follower.rest(false);
  await settle();
  assert.equal(lab.streams.length, 2);
});

test("A damaged run is settled where it is whole, and followed again once it goes on.", async () => {
  const lab = laboratory();
  lab.documents.set("a", running("a"));
  lab.follower.watch(["a"]);
  await settle();
  await lab.streams[0].send(block(0, 10));
  lab.documents.set("a", { ...running("a", 0, 9), state: "damaged" });
  await lab.streams[0].send(end("damaged", 9));
  await lab.streams[0].close();
  assert.deepEqual([lab.follower.get("a")?.status, lab.streams.length], ["settled", 1]);
  lab.documents.set("a", running("a", 0, 4));
  lab.follower.learn(running("a", 0, 4));
  await settle();
  assert.equal(lab.streams[1].from, 10);
});

test("A run without a config is not followed, and what the server says of it is told.", async () => {
  const lab = laboratory();
  lab.documents.set("a", {
    ...running("a"),
    state: "damaged",
    config: null,
    detail: "its config is damaged",
  });
  lab.follower.watch(["a"]);
  await settle();
  assert.deepEqual(
    [lab.follower.get("a")?.status, lab.follower.get("a")?.reason?.detail, lab.streams.length],
    ["lost", "its config is damaged", 0],
  );
});

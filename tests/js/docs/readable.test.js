import assert from "node:assert/strict";
import { test } from "node:test";

import { readable } from "../../../static/docs/readable.js";

const lines = (/** @type {unknown[]} */ ...events) =>
  events.map((event) => `${JSON.stringify(event)}\n`).join("");

test("Each event is a paragraph, on one line if there is room.", () => {
  const { head, body } = readable(
    lines({ event: "step", step: 0 }, { event: "run_ended", reason: "completed" }),
  );
  assert.match(head, /^2 lines/);
  assert.equal(body, '{"event": "step", "step": 0}\n\n{"event": "run_ended", "reason": "completed"}');
});

test("What has no room on a line is indented.", () => {
  const event = {
    event: "run_started",
    config: { problem: { name: "a".repeat(50) }, model: { name: "b".repeat(50) } },
  };
  assert.equal(readable(lines(event)).body.split("\n").length, 7);
});

test("Long lists, long texts and many lines are shortened, and by how much is said.", () => {
  const events = Array.from({ length: 30 }, (_, step) => ({
    step,
    x: Array(10).fill(0),
    data: "A".repeat(100),
  }));
  const { body } = readable(lines(...events));
  assert.match(body, /… 4 more\]/);
  assert.match(body, /A… 40 more characters"/);
  assert.match(body, /… 18 more lines …/);
  assert.match(body, /"step": 0,[^]*"step": 9,[^]*"step": 28,[^]*"step": 29,/);
  assert.doesNotMatch(body, /"step": 10,/);
});

test("A line that was cut short is shown as it is.", () => {
  assert.equal(readable('{"event":"st').body, '{"event":"st');
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { comparable, whatIs } from "../../../static/js/main/dropped.js";

const config = { problem: { name: "moons" }, optimizer: { name: "Adam", hyperparameters: {} }, steps: 3 };
const other = { ...config, problem: { name: "xor" } };

/** @param {...object} lines */
const lines = (...lines) => lines.map((line) => JSON.stringify(line)).join("\n");
/** @param {string} name @param {string} text */
const file = (name, text) => new File([text], name);

for (const [name, text, expected] of /** @type {[string, string, any][]} */ ([
  ["a.csv", "1,2\n", { kind: "points", text: "1,2\n", encoding: "UTF-8" }],
  ["letter.txt", "Dear reader,\nhere are no points.\n", { kind: "prose" }],
  ["picture.csv", "\u0000\u0001,1\n", { kind: "prose" }],
  ["large.csv", "1,2\n".repeat(2 ** 18 + 1), { kind: "large" }],
  [
    "run.jsonl",
    lines({ event: "run_started", config }, { event: "step", step: 0 }),
    { kind: "runs", configs: [config], isWhole: true },
  ],
  [
    "compared.jsonl",
    lines({ event: "run_started", run: 0, config }, { event: "run_started", run: 1, config: other }),
    { kind: "runs", configs: [config, other], isWhole: true },
  ],
  [
    "fork.jsonl",
    lines({ event: "run_started", config }, { event: "block", first: 40 }),
    { kind: "runs", configs: [config], isWhole: false },
  ],
  ["config.json", JSON.stringify(config, null, 2), { kind: "runs", configs: [config], isWhole: true }],
  ["runs.json", JSON.stringify({ runs: [config] }), { kind: "runs", configs: [config], isWhole: true }],
  ["watched.jsonl", lines({ event: "run_started", config: null, source: {} }), { kind: "loop" }],
  ["watched.optiscope", lines({ event: "run_started", config }), { kind: "loop" }],
  ["lesson.json", JSON.stringify({ id: "mine", steps: [] }), { kind: "loop" }],
  ["broken.jsonl", "{", { kind: "loop" }],
]))
  test(`What is dropped is told by what stands in it: ${name}`, async () => {
    assert.deepEqual(await whatIs(file(name, text)), expected);
  });

test("Runs of the first one's problem and network are shown beside each other, as many as there may be.", () => {
  assert.deepEqual(comparable([config, other, config, config], 2), [config, config]);
});

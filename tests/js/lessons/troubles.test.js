import assert from "node:assert/strict";
import { test } from "node:test";

import { SECTIONS, shownBy } from "../../../static/js/lessons/sections.js";
import { troublesOf } from "../../../static/js/lessons/troubles.js";

/** An address names how many runs it has, and what of it cannot be read. @returns {any} */
const decode = (/** @type {string} */ address) => {
  const [, runs, ...unread] = address.split("&");
  return { state: { runs: Array.from({ length: Number(runs) }), panel: null }, unread };
};

/** A lesson of one step. @param {any} step @returns {any} */
const lesson = (step) => ({
  id: "one",
  steps: [{ parts: [], address: "?v=2&2", points_at: null, question: null, check: null, ...step }],
});

const number = (/** @type {number} */ run) => ({ shown: "1", run, quantity: "loss", step: 0 });

for (const [name, step, pointers] of /** @type {[string, any, string[]][]} */ ([
  ["nothing", { parts: ["a ", number(1)], points_at: "network" }, []],
  ["a key that cannot be read", { address: "?v=2&2&steps&seed" }, ["/steps/0/address", "/steps/0/address"]],
  ["a number of a run that is not there", { parts: [number(2)] }, ["/steps/0/text"]],
  ["the same in an answer", { question: { because_parts: [number(5)] } }, ["/steps/0/question/because"]],
  ["the same in a check", { check: { run: [0, 2], quantity: "loss", is: "least" } }, ["/steps/0/check/run"]],
  ["what is not on the page", { points_at: "toString" }, ["/steps/0/points_at"]],
]))
  test(`Wrong with a step: ${name}.`, () => {
    assert.deepEqual(
      troublesOf(lesson(step), decode).map(({ pointer }) => pointer),
      pointers,
    );
  });

test("A page that points at a tab shows it open.", () => {
  for (const name of Object.keys(SECTIONS)) {
    const { panel } = shownBy(lesson({ points_at: name }).steps[0], decode);
    assert.equal(panel, SECTIONS[name] === "plots" ? name : null);
  }
});

import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { AnatomySource } from "../../../static/js/api/anatomies.js";

const history = { isEmpty: false };
const run = /** @type {any} */ ({ request: { id: "a" }, history, stale: false });

/** A source with the clock in hand, and what it was asked. */
function source() {
  mock.timers.enable({ apis: ["setTimeout"] });
  /** @type {any[]} */
  const asked = [];
  const anatomies = new AnatomySource(async (wanted) => {
    asked.push([wanted.step, wanted.parameter]);
    return /** @type {any} */ ({ step: wanted.step });
  });
  const rest = async () => {
    mock.timers.tick(1000);
    for (let i = 0; i < 10; i += 1) await Promise.resolve();
  };
  return { anatomies, asked, rest };
}

test("Only where the clock comes to rest is a step asked for, and once.", async (context) => {
  context.after(() => mock.timers.reset());
  const { anatomies, asked, rest } = source();
  let news = 0;
  anatomies.subscribe(() => (news += 1));
  for (const step of [1, 2, 3]) anatomies.look("step", run, step, "fc1.weight");
  await rest();
  assert.deepEqual(asked, [[3, "fc1.weight"]]);
  assert.equal(news, 1);
  assert.equal(anatomies.look("step", run, 3, "fc1.weight").anatomy?.step, 3);
  await rest();
  assert.equal(asked.length, 1);
});

test("Who looks at no parameter is content with the answer for any.", async (context) => {
  context.after(() => mock.timers.reset());
  const { anatomies, asked, rest } = source();
  anatomies.look("network", run, 4, null);
  anatomies.look("step", run, 4, "fc2.bias");
  await rest();
  assert.deepEqual(asked, [[4, "fc2.bias"]]);
  assert.equal(anatomies.look("network", run, 4, null).anatomy?.step, 4);
});

test("What nobody looks at any more, and a run of an earlier edit, is not asked for.", async (context) => {
  context.after(() => mock.timers.reset());
  const { anatomies, asked, rest } = source();
  anatomies.look("step", run, 5, null);
  anatomies.leave("step");
  anatomies.look("step", { ...run, stale: true }, 6, null);
  await rest();
  assert.deepEqual(asked, []);
});

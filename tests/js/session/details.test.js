import assert from "node:assert/strict";
import { test } from "node:test";

import { Details } from "../../../static/js/session/details.js";
import { catalog } from "../catalog.js";

/** @param {(name: string) => Promise<any>} answer */
function details(answer) {
  const asked = /** @type {string[]} */ ([]);
  const troubles = /** @type {(() => void)[]} */ ([]);
  const known = { times: 0 };
  const made = new Details({
    catalog,
    api: {
      catalogEntry(section, name) {
        asked.push(`${section}/${name}`);
        return answer(name);
      },
    },
    onKnown: () => (known.times += 1),
    onTrouble: (_, retry) => troubles.push(retry),
  });
  return { made, asked, troubles, known };
}

const whole = async (/** @type {string} */ name) => ({ name, hyperparameters: [], formula: "<math></math>" });

test("An entry is asked for once, and is in the catalog when it is known.", async () => {
  const { made, asked, known } = details(whole);
  await Promise.all([made.know("optimizers", ["SGD"]), made.know("optimizers", ["SGD", "Adam"])]);
  await made.know("optimizers", ["Adam"]);
  assert.deepEqual(asked, ["optimizers/SGD", "optimizers/Adam"]);
  assert.equal(known.times, 2);
  const found = made.catalog.optimizers.find(({ name }) => name === "SGD");
  assert.equal(found?.formula, "<math></math>");
});

test("What cannot be had is told, and asked for again when a person wants that.", async () => {
  let isReachable = false;
  const { made, asked, troubles } = details(async (name) => {
    if (!isReachable) throw new Error("offline");
    return whole(name);
  });
  await made.know("optimizers", ["SGD"]);
  assert.equal(troubles.length, 1);
  isReachable = true;
  troubles[0]();
  await made.know("optimizers", ["SGD"]);
  assert.deepEqual(asked, ["optimizers/SGD", "optimizers/SGD"]);
  assert.equal(troubles.length, 1);
});

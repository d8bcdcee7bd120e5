import assert from "node:assert/strict";
import { test } from "node:test";

import { defaultState } from "../../../../static/js/state/address/table.js";
import { configsOf } from "../../../../static/js/state/configs.js";
import { openRuns, replaceRuns } from "../../../../static/js/state/sweep/opened.js";
import { catalog } from "../../catalog.js";

const state = defaultState(catalog, "xor");
const [xor] = catalog.problems.filter(({ name }) => name === "xor");
const [config] = configsOf(state, xor);
/** @param {number} lr */
const at = (lr) => ({ ...config, optimizer: { name: "SGD", hyperparameters: { lr } } });
const room = (/** @type {number} */ most) => ({
  ...catalog,
  limits: { ...catalog.limits, max_compared_runs: most },
});

test("Cells with the setup of the page stand beside its runs, as many as there is room for.", () => {
  const most = state.runs.length + 2;
  const { change, slots, isElsewhere } = openRuns(state, room(most), [at(1), at(2), at(3)], []);
  assert.equal(isElsewhere, false);
  assert.deepEqual(
    change.runs?.slice(-2).map(({ optimizer }) => optimizer.hyperparameters.lr),
    [1, 2],
  );
  assert.deepEqual(
    slots,
    change.runs?.slice(-2).map(({ slot }) => slot),
  );
  assert.equal(change.selected, slots[0]);
});

test("Where there is no room, earlier cells give way, and else nothing is opened.", () => {
  const most = state.runs.length;
  assert.deepEqual(openRuns(state, room(most), [at(1)], []).change, {});
  const spared = state.runs[1].slot;
  const { change } = openRuns(state, room(most), [at(1)], [spared]);
  assert.equal(change.runs?.length, most);
  assert.deepEqual(change.runs?.filter(({ slot }) => slot === spared).map(({ optimizer }) => optimizer.hyperparameters.lr), [1]); // prettier-ignore
});

test("Cells with another setup take the place of the runs, and those with yet another are left out.", () => {
  const seeded = (/** @type {number} */ seed) => ({ ...at(1), model: { ...config.model, seed } });
  const { change, slots, isElsewhere } = openRuns(state, catalog, [seeded(70), seeded(80), { ...seeded(70), steps: 9 }], []); // prettier-ignore
  assert.equal(isElsewhere, true);
  assert.deepEqual([change.seed, change.runs?.length, slots], [70, 1, [0]]);
});

test("Each run at its best keeps its colour.", () => {
  const { slot } = state.runs[1];
  const { runs } = replaceRuns(state, catalog, new Map([[slot, at(5)]]));
  assert.deepEqual(runs?.map((run) => run.slot), state.runs.map((run) => run.slot)); // prettier-ignore
  assert.equal(runs?.[1].optimizer.hyperparameters.lr, 5);
  assert.equal(runs?.[0], state.runs[0]);
});

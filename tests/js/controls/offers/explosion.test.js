import assert from "node:assert/strict";
import { test } from "node:test";

import { findExplosion } from "../../../../static/js/controls/offers/explosion.js";
import { defaultState } from "../../../../static/js/state/address/table.js";
import { runAt } from "../../../../static/js/state/edits.js";
import { catalog } from "../../catalog.js";
import { historyOf } from "../../drawn.js";
import { encode, startedEvent } from "../../wire.js";

const state = { ...defaultState(catalog, "xor"), selected: 2 };
const parameters = [{ name: "w", shape: [1], layer: null }];

/** What a server answers whose run at the k-th rate has the k-th losses; the last of them is not finite, or it completes. */
function answered(/** @type {number[][]} */ runs) {
  return runs.flatMap((losses, run) => {
    const seen = losses.map((_, k) => losses[Math.max(0, k - 1)]); // by the steps: before they are taken
    const ends = losses[losses.length - 1];
    const block = {
      ...{
        event: "block",
        run,
        first: 0,
        count: losses.length,
        state: {},
        grads: null,
        momentum: null,
        grad_norm: null,
      },
      loss: encode(Float64Array.from(seen), [losses.length]),
      lr: encode(new Float64Array(losses.length), [losses.length, 1]),
      params: { w: encode(new Float64Array(losses.length), [losses.length, 1]) },
    };
    const reason = Number.isFinite(ends) ? "completed" : "diverged";
    const end = {
      event: "run_ended",
      run,
      reason,
      step: losses.length - 1,
      code: reason,
      params: {},
      end_loss: ends,
    };
    return [{ ...startedEvent(parameters), run }, block, end];
  });
}

/** @param {number[][]} runs @param {any} [own] */
async function explosionOf(runs, own = { history: null }) {
  const api = { compare: async function* () { yield answered(runs); } }; // prettier-ignore
  const shown = [{ id: `run-${state.selected}`, stale: false, refused: null, ...own }];
  const page = { state, catalog, problem: catalog.problems[0], api, runs: shown };
  return (await findExplosion(/** @type {any} */ (page)))?.explosion;
}

test("Of an explosion it is told from which step on the loss rose, not that it always did.", async () => {
  const found = await explosionOf([[4, 3, 2], [136, 174, 1, 0.1, 9, Infinity]]); // prettier-ignore
  assert.deepEqual(found, { lr: 0.2, before: 0.1, step: 5, from: 3, start: 136, highest: 174 });
  assert.equal((await explosionOf([[4, 3, 2], [4, 3, 2, NaN]]))?.from, null); // prettier-ignore
});

test("A loss that grows far and stays a number is told by where it began and how high it came.", async () => {
  const found = await explosionOf([[-2, 3, 25, 1]]);
  assert.deepEqual([found?.step, found?.start, found?.highest], [null, -2, 25]);
});

test("That a run held at the rate below is said only where it is known.", async () => {
  const diverges = [[4, 5, Infinity]];
  const lr = runAt(state, state.selected)?.optimizer.hyperparameters.lr ?? 0.05;
  const history = historyOf({ w: [1] }, 3, () => 0, { loss: () => 1 });
  assert.equal((await explosionOf(diverges))?.before, null);
  history.end(
    /** @type {any} */ ({ reason: "completed", step: 2, code: "completed", params: {}, end_loss: 1 }),
  );
  assert.equal((await explosionOf(diverges, { history }))?.before, lr);
  assert.equal((await explosionOf(diverges, { history, stale: true }))?.before, null);
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { createStore } from "../../static/js/store.js";

test("Listeners hear of a change, with what was before, until they stop.", () => {
  const store = createStore({ step: 1, speed: 2 });
  /** @type {unknown[]} */
  const heard = [];
  const stop = store.subscribe((value, previous) => heard.push([value, previous]));
  store.set({ step: 5 });
  store.set(({ speed }) => ({ speed: speed * 2 }));
  stop();
  store.set({ step: 6 });
  assert.deepEqual(heard, [
    [
      { step: 5, speed: 2 },
      { step: 1, speed: 2 },
    ],
    [
      { step: 5, speed: 4 },
      { step: 5, speed: 2 },
    ],
  ]);
  assert.deepEqual(store.get(), { step: 6, speed: 4 });
});

test("Setting what is already so tells nobody.", () => {
  const store = createStore({ value: NaN });
  store.subscribe(() => assert.fail("nothing changed"));
  store.set({ value: NaN });
  store.set({});
});

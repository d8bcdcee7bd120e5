import assert from "node:assert/strict";
import { test } from "node:test";

import { Address } from "../../../static/js/main/address.js";
import { defaultState } from "../../../static/js/state/address/table.js";
import { catalog } from "../catalog.js";

/** A page and the addresses that its browser is given. */
function opened() {
  /** @type {[string, string][]} */
  const given = [];
  /** @type {(event: {state: string | null}) => void} */
  let goBack = () => {};
  Object.assign(globalThis, {
    location: { pathname: "/", search: "", hash: "", origin: "http://127.0.0.1" },
    history: {
      replaceState: (/** @type {any[]} */ ...[, , address]) => given.push(["replace", address]),
      pushState: (/** @type {any[]} */ ...[, , address]) => given.push(["push", address]),
    },
    addEventListener: (/** @type {string} */ _, /** @type {any} */ listener) => (goBack = listener),
  });
  const page = { state: defaultState(catalog) };
  const address = new Address(
    catalog,
    () => page.state,
    () => false,
  );
  address.onReturn(() => {});
  return { page, address, given, goBack: (/** @type {string | null} */ state) => goBack({ state }) };
}

test("an address that stays is given once: the browser fetches the icon with each", () => {
  const { page, address, given } = opened();
  address.now();
  address.now();
  assert.equal(given.length, 1);
  page.state = { ...page.state, steps: 77 };
  address.now();
  address.now();
  assert.deepEqual(
    given.map(([, to]) => /steps=77/.test(to)),
    [false, true],
  );
});

test("the way back is led to, and what it comes to is given anew", () => {
  const { page, address, given, goBack } = opened();
  address.now();
  const left = page.state;
  page.state = { ...left, place: "tune" };
  address.turn(left);
  address.now();
  assert.deepEqual(
    given.map(([how]) => how),
    ["replace", "push"],
  );
  for (const [where, count] of /** @type {const} */ ([
    ["shown", 3],
    [null, 4],
  ])) {
    goBack(where);
    address.now();
    assert.equal(given.length, count);
  }
});

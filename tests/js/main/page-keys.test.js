import assert from "node:assert/strict";
import { test } from "node:test";

import { bindPageKeys } from "../../../static/js/main/page-keys.js";

function setUp({ popover = false } = {}) {
  const target = Object.assign(new EventTarget(), { querySelector: () => (popover ? {} : null) });
  /** @type {string[]} */
  const heard = [];
  const hear = (/** @type {string} */ act) => () => void heard.push(act);
  bindPageKeys(/** @type {any} */ (target), {
    keys: hear("keys"),
    projector: hear("projector"),
    leave: hear("leave"),
  });
  const press = (/** @type {string} */ key, /** @type {string | null} */ inside = null) => {
    const event = Object.assign(new Event("keydown", { cancelable: true }), { key });
    const closest = (/** @type {string} */ selector) =>
      inside !== null && selector.split(", ").includes(inside) ? {} : null;
    Object.defineProperty(event, "target", { value: { closest } });
    target.dispatchEvent(event);
  };
  return { press, heard };
}

test("P, ? and Escape are the page's, wherever the focus is on no field.", () => {
  const { press, heard } = setUp();
  for (const key of ["p", "?", "Escape", "x"]) press(key);
  assert.deepEqual(heard, ["projector", "keys", "leave"]);
});

test("Who types keeps the letters, and a dialog its keys.", () => {
  const { press, heard } = setUp();
  for (const inside of ["textarea", "select", "dialog", "[contenteditable]"]) press("p", inside);
  assert.deepEqual(heard, []);
});

test("Escape closes what is open before it leaves the projector's view.", () => {
  const { press, heard } = setUp({ popover: true });
  press("Escape");
  assert.deepEqual(heard, []);
});

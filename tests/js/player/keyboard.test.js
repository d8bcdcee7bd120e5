import assert from "node:assert/strict";
import { test } from "node:test";

import { bindKeyboard } from "../../../static/js/player/keyboard.js";
import { createPlayer } from "../../../static/js/player/player.js";

function setUp() {
  const player = createPlayer({ requestFrame: () => 1, cancelFrame: () => undefined });
  player.setLength(101, { complete: true });
  player.seek(50);
  const target = new EventTarget();
  const unbind = bindKeyboard(target, player);
  const press = (key, { inside = null, ...modifiers } = {}) => {
    const event = new Event("keydown", { cancelable: true });
    Object.assign(event, { key, ...modifiers });
    const closest = (selector) => (inside !== null && selector.includes(inside) ? {} : null);
    Object.defineProperty(event, "target", { value: { closest } });
    target.dispatchEvent(event);
    return event.defaultPrevented;
  };
  return { player, press, unbind };
}

test("Arrows step, ten at a time with shift; Home and End go to the ends.", () => {
  const { player, press } = setUp();
  const after = (...args) => (press(...args), player.step);
  assert.equal(after("ArrowRight"), 51);
  assert.equal(after("ArrowLeft"), 50);
  assert.equal(after("ArrowRight", { shiftKey: true }), 60);
  assert.equal(after("ArrowLeft", { shiftKey: true }), 50);
  assert.equal(after("End"), 100);
  assert.equal(after("Home"), 0);
});

test("Space plays and pauses, and does not scroll the page.", () => {
  const { player, press } = setUp();
  assert(press(" "));
  assert(player.playing);
  press(" ");
  assert(!player.playing);
});

test("Who types keeps the keys, and a button keeps its space.", () => {
  const { player, press } = setUp();
  for (const inside of ["textarea", "select", "[contenteditable]"]) assert(!press("ArrowRight", { inside }));
  assert(!press(" ", { inside: "button" }));
  assert(press("ArrowRight", { inside: "button" }));
  assert.equal(player.step, 51);
});

test("Keys with a modifier are the browser's, and other keys are nobody's.", () => {
  const { player, press } = setUp();
  assert(!press("ArrowLeft", { altKey: true }));
  assert(!press("End", { ctrlKey: true }));
  assert(!press("x"));
  assert.equal(player.step, 50);
});

test("Unbound, it hears nothing.", () => {
  const { player, press, unbind } = setUp();
  unbind();
  press("ArrowRight");
  assert.equal(player.step, 50);
});

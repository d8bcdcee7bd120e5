import assert from "node:assert/strict";
import { test } from "node:test";

import { bindUndo } from "../../../static/js/main/undo-keys.js";

function setUp() {
  const target = new EventTarget();
  /** @type {unknown[]} */
  const heard = [];
  bindUndo(target, {
    undo: () => void heard.push("undo"),
    redo: () => void heard.push("redo"),
    part: () => void heard.push("part"),
    hold: (isHeld) => void heard.push(isHeld),
  });
  const fire = (/** @type {string} */ type, /** @type {any} */ { inside = null, ...fields } = {}) => {
    const event = new Event(type, { cancelable: true });
    Object.assign(event, fields);
    const closest = (/** @type {string} */ selector) =>
      inside !== null && selector.startsWith(inside) ? {} : null;
    Object.defineProperty(event, "target", { value: { closest } });
    target.dispatchEvent(event);
    return event.defaultPrevented;
  };
  return { fire, heard };
}

/** @type {[any, string | null][]} */
const KEYS = [
  [{ key: "z", ctrlKey: true }, "undo"],
  [{ key: "z", metaKey: true }, "undo"],
  [{ key: "Z", ctrlKey: true, shiftKey: true }, "redo"],
  [{ key: "Z", metaKey: true, shiftKey: true }, "redo"],
  [{ key: "y", ctrlKey: true }, "redo"],
  [{ key: "y", metaKey: true }, null],
  [{ key: "z" }, null],
  [{ key: "z", ctrlKey: true, altKey: true }, null],
];

for (const [keys, act] of KEYS) {
  test(`${JSON.stringify(keys)}: ${act ?? "nothing"}.`, () => {
    const { fire, heard } = setUp();
    const with_ = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...keys };
    assert.equal(fire("keydown", with_), act !== null);
    assert.deepEqual(heard, act === null ? [] : [act]);
  });
}

test("A text field keeps the browser's own undo, and a dialog is closed instead.", () => {
  const { fire, heard } = setUp();
  for (const inside of ["textarea", "dialog"])
    assert(!fire("keydown", { key: "z", ctrlKey: true, metaKey: false, altKey: false, inside }));
  assert.deepEqual(heard, []);
});

test("A drag is held from press to release, and a text as long as it is typed.", () => {
  const { fire, heard } = setUp();
  fire("pointerdown");
  fire("focusin");
  fire("pointerup");
  assert.deepEqual(heard.splice(0), ["part", true, true, false]);
  fire("focusin", { inside: "textarea" });
  fire("focusout", { inside: "textarea" });
  assert.deepEqual(heard, ["part", true, "part", false]);
});

test("A button that is pressed again by its keys is another edit.", () => {
  const { fire, heard } = setUp();
  fire("keydown", { key: " " });
  fire("keydown", { key: "Enter" });
  fire("keydown", { key: "ArrowUp" });
  assert.deepEqual(heard, ["part", "part"]);
});

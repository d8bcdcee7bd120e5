/**
 * Undo and redo by the keyboard, and where one entry ends and the next begins: a drag is one, and so is a number that is
 * typed.
 */

import { actOf } from "../keys.js";

/** @typedef {Pick<import("../session/undo.js").Undo, "undo" | "redo" | "part" | "hold">} Undo */

/** What has an undo of its own. */
const TEXT =
  "textarea, [contenteditable], input:not([type=range], [type=checkbox], [type=radio], [type=button], [type=file])";

/** A dialog is undone by closing it. */
const DIALOG = "dialog";

/**
 * @param {{addEventListener: Function}} target  usually the document
 * @param {Undo} undo
 */
export function bindUndo(target, undo) {
  let isDown = false;
  let isTyping = false;
  /** @param {Partial<{down: boolean, typing: boolean}>} now */
  const hold = ({ down = isDown, typing = isTyping }) => {
    [isDown, isTyping] = [down, typing];
    undo.hold(isDown || isTyping);
  };
  const on = (/** @type {string} */ type, /** @type {(event: any) => void} */ listener) =>
    target.addEventListener(type, listener, { capture: true });
  on("pointerdown", () => {
    undo.part();
    hold({ down: true });
  });
  for (const type of ["pointerup", "pointercancel"]) on(type, () => hold({ down: false }));
  on("focusin", (event) => {
    if (!isDown) undo.part();
    hold({ typing: lies(event, TEXT) });
  });
  target.addEventListener("focusout", () => {
    undo.part();
    hold({ typing: false });
  });
  on("keydown", (event) => {
    if (actOf("button", event) !== null) undo.part();
    const act = /** @type {"undo" | "redo" | null} */ (actOf("edits", event));
    if (act === null || lies(event, TEXT) || lies(event, DIALOG)) return;
    event.preventDefault();
    undo[act]();
  });
}

/**
 * @param {Event} event
 * @param {string} selector
 */
function lies(event, selector) {
  const element = /** @type {Element | null} */ (event.target);
  return typeof element?.closest === "function" && element.closest(selector) !== null;
}

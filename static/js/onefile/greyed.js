/**
 * Greys what takes a server or torch in a file that has neither; whoever touches it is told how to start Optiscope.
 */

import { oncePer } from "../timing.js";

const FIELDS = ":is(input, select, textarea, button)";

/** What cannot be used. */
export const GREYED = [
  ".place:not([aria-current])",
  ".picker-button",
  ".header-undo button",
  ".header-second",
  "#runs .panel-head button",
  `.setup-body ${FIELDS}`,
  `.card-body ${FIELDS}:not(.card-code)`,
  '[data-mode="3d"]',
  '[data-mode="data"]',
  `.picker-group ${FIELDS}`,
  `.plane-options ${FIELDS}`,
  "#tab-noise",
  ".start-handle",
  ".network-lock",
  '[data-action="fork"]',
  ".freeze-track",
  `.freeze-tools ${FIELDS}`,
].join(", ");

/** How a hand or a key begins to use something. */
const USES = ["pointerdown", "mousedown", "click", "keydown", "beforeinput", "input", "change"];

/** Keys that go on to something else. */
const PASSING = ["Tab", "Escape"];

/** What is drawn is marked so often, in milliseconds. */
const MARK_MS = 100;

/** @param {Document} document */
export function greyOut(document) {
  for (const use of USES) document.addEventListener(use, refuse, { capture: true });
  const mark = oncePer(() => {
    for (const element of document.querySelectorAll(GREYED)) element.setAttribute("aria-disabled", "true");
  }, MARK_MS);
  new MutationObserver(mark).observe(document.body, { childList: true, subtree: true });
}

/** @param {Event} event */
function refuse(event) {
  const { target, type } = event;
  if (!(target instanceof Element) || target.closest(GREYED) === null) return;
  if (event instanceof KeyboardEvent && PASSING.includes(event.key)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const told = document.getElementById("recorded");
  if (told instanceof HTMLDetailsElement && type === "click") told.open = true;
}

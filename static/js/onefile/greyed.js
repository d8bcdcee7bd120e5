/**
 * Greys what takes a server or torch in a file that has neither; whoever touches it is told how to start Optiscope.
 */

import { oncePer } from "../timing.js";

const FIELDS = ":is(input, select, textarea, button)";

/** What cannot be used. */
const GREYED = [
  ".place:not([aria-current])",
  ".picker-button",
  ".header-undo button",
  ".header-second:not(.header-save)",
  ...["data", "code", "link"].map((part) => `.save-kinds [data-part="${part}"]`),
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

/** How somebody begins to use something; keys do not come to it. */
const USES = ["pointerdown", "mousedown", "click", "beforeinput", "input", "change"];

/** What is drawn is marked so often, in milliseconds. */
const MARK_MS = 100;

/** @param {Document} document */
export function greyOut(document) {
  for (const use of USES) document.addEventListener(use, refuse, { capture: true });
  const mark = oncePer(() => {
    for (const element of document.querySelectorAll(GREYED)) {
      element.setAttribute("aria-disabled", "true");
      element.setAttribute("tabindex", "-1");
    }
  }, MARK_MS);
  new MutationObserver(mark).observe(document.body, { childList: true, subtree: true });
}

/** @param {Event} event */
function refuse(event) {
  const { target, type } = event;
  if (!(target instanceof Element) || target.closest(GREYED) === null) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const told = document.getElementById("recorded");
  if (told instanceof HTMLDetailsElement && type === "click") told.open = true;
}

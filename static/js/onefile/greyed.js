/**
 * Greys what takes a server or torch in a file that has neither; whoever touches it is told how to start Optiscope.
 */

import { oncePer } from "../timing.js";

const FIELDS = ":is(input, select, textarea, button)";

/** The places of the page that a file holds, by the one that it was made at. @type {Record<string, string[]>} */
const HELD = { compare: ["compare"], learn: ["learn", "compare"], tune: ["tune"], loops: ["loops"] };

/** What cannot be used. */
const GREYED = [
  ".picker-button",
  ".header-undo button",
  ".header-second:not(.header-save)",
  ...["page", "data", "code", "link"].map((part) => `.save-kinds [data-part="${part}"]`),
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
  ".lesson-own",
  '.tune-kinds button:not([aria-pressed="true"])',
  ".tune-presets button",
  `.tune-fields ${FIELDS}:not(#tune-show)`,
  ".edge-zoom button",
  ".tune-none button",
  ".tune-by-touch",
  ".tune-brush .button-primary",
  ".race .button-primary",
  ".loop-list-head button",
  ".loop-compare button",
  ".loop-run .tool",
];

/** What is computed only where somebody looks at it, and used where it was. */
const FLOW = ".curvature-switch";

/** How somebody begins to use something; keys do not come to it. */
const USES = ["pointerdown", "mousedown", "click", "beforeinput", "input", "change"];

/** What is drawn is marked so often, in milliseconds. */
const MARK_MS = 100;

/**
 * @param {Document} document
 * @param {import("./recording.js").Recording} recording
 */
export function greyOut(document, recording) {
  const held = HELD[recording.contents.place].map((place) => `[data-place="${place}"]`);
  const hasFlow = recording.contents.runs.some(({ flow }) => flow !== undefined);
  const greyed = [`.place:not(${held.join(", ")})`, ...GREYED, ...(hasFlow ? [] : [FLOW])].join(", ");
  const refuse = (/** @type {Event} */ event) => refuseAmong(greyed, event, recording);
  for (const use of USES) document.addEventListener(use, refuse, { capture: true });
  const mark = oncePer(() => {
    for (const element of document.querySelectorAll(greyed)) {
      element.setAttribute("aria-disabled", "true");
      element.setAttribute("tabindex", "-1");
    }
  }, MARK_MS);
  new MutationObserver(mark).observe(document.body, { childList: true, subtree: true });
}

/**
 * @param {string} greyed  a selector
 * @param {Event} event
 * @param {import("./recording.js").Recording} recording
 */
function refuseAmong(greyed, event, recording) {
  const { target, type } = event;
  if (!(target instanceof Element) || target.closest(greyed) === null) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (type === "click") recording.tellHow();
}

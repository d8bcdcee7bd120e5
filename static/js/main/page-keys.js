/**
 * The keys of the whole page: the list of keys, the projector's view, and the way out of it.
 */

import { actOf } from "../keys.js";

/** Who types keeps the letters, and a dialog all its keys. */
const OWNERS =
  "textarea, select, dialog, [contenteditable], input:not([type=range], [type=checkbox], [type=radio], [type=button])";

/**
 * @param {Pick<Document, "addEventListener" | "querySelector">} target  usually the document
 * @param {Record<string, () => void>} acts  by the names of the table
 */
export function bindPageKeys(target, acts) {
  target.addEventListener("keydown", (event) => {
    const act = actOf("page", event);
    const element = /** @type {Element} */ (event.target);
    if (act === null || event.defaultPrevented || element.closest(OWNERS) !== null) return;
    if (act === "leave" && target.querySelector(":popover-open") !== null) return; // which Escape closes first
    acts[act]();
  });
}

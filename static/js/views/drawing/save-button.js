/** The way to take a picture away, at the view or the plot itself. */

import { create } from "./dom.js";
import { icon } from "./icons.js";

/**
 * @param {import("../types.js").Context} ctx
 * @param {string} of  the id of the view or the plot
 * @returns {{element: HTMLButtonElement, name: (name: string) => void}}  name: says what it is of
 */
export function saveButton(ctx, of) {
  const element = create(
    "button",
    { class: "icon-button save-here", type: "button", "data-picture": "none" },
    icon("save"),
  );
  element.addEventListener("click", () => ctx.onSave(of));
  return {
    element,
    name(name) {
      const label = ctx.t("shell.saveOf", { name });
      if (element.dataset.hint === label) return;
      element.dataset.hint = label;
      element.setAttribute("aria-label", label);
    },
  };
}

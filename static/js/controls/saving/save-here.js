/** The way to take a picture away, at the thing itself. */

import { html } from "../../../vendor/preact/htm-preact.js";
import { Icon } from "../parts/icons.js";
import { usePage } from "../parts/page.js";

/**
 * @param {object} props
 * @param {string} props.of  the id of a view or a plot
 * @param {string} props.name
 */
export function SaveHere({ of, name }) {
  const { t, kept } = usePage();
  const label = t("shell.saveOf", { name });
  return html`<button
    type="button"
    class="icon-button save-here"
    data-picture="none"
    aria-label=${label}
    data-hint=${label}
    onClick=${() => kept.show({ kind: "save", of })}
  >
    <${Icon} name="download" />
  </button>`;
}

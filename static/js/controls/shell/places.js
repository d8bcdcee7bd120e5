/**
 * The places of the page: what a person came for decides what is on the screen.
 */

import { html } from "../../../vendor/preact/htm-preact.js";
import { usePage } from "../parts/page.js";

const PLACES = /** @type {const} */ (["learn", "compare", "tune", "loops"]);

export function Places() {
  const { t, state, learning } = usePage();
  return html`<nav class="places" aria-label=${t("shell.places.label")}>
    ${PLACES.map(
      (place) =>
        html`<button
          key=${place}
          type="button"
          class="place"
          data-place=${place}
          aria-current=${place === state.place ? "page" : undefined}
          onClick=${() => learning.goTo(place)}
        >
          ${place === "loops" ? html`<${Loops} />` : t(`shell.places.${place}`)}
        </button>`,
    )}
  </nav>`;
}

/** Its first word is left out where there is no room for it. */
function Loops() {
  const { t } = usePage();
  return html`<span class="place-long">${t("shell.places.loops")}</span
    ><span class="place-short" aria-hidden="true">${t("shell.places.loopsShort")}</span>`;
}

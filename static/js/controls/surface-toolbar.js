/**
 * How the loss surface is drawn.
 */

import { html } from "../../vendor/preact/htm-preact.js";
import { usePage } from "./page.js";

/** @typedef {import("../state/types.js").State} State */

const VIEWS = /** @type {const} */ (["contour", "3d"]);
const SCALES = /** @type {const} */ (["log", "equalised", "linear"]);

export function SurfaceToolbar() {
  const { t, state, edit } = usePage();
  return html`
    <div class="switch" role="group" aria-label=${t("surface.view")}>
      ${VIEWS.map(
        (mode) =>
          html`<button
            key=${mode}
            type="button"
            aria-pressed=${String(mode === state.mode)}
            onClick=${() => edit({ mode })}
          >
            ${t(`surface.${mode}`)}
          </button>`,
      )}
    </div>
    <label class="inline-field">
      <span>${t("surface.scale")}</span>
      <select
        class="select select-small"
        value=${state.surfaceScale}
        onChange=${(/** @type {any} */ event) => edit({ surfaceScale: event.currentTarget.value })}
      >
        ${SCALES.map((scale) => html`<option key=${scale} value=${scale}>${t(`surface.${scale}`)}</option>`)}
      </select>
    </label>
  `;
}

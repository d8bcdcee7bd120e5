/**
 * What is drawn in the middle of the page, and how: the view, the plane and the colours of the surface.
 */

import { html } from "../../../vendor/preact/htm-preact.js";
import { Icon } from "../parts/icons.js";
import { usePage } from "../parts/page.js";
import { SaveHere } from "../saving/save-here.js";
import { PlanePanel } from "./plane-panel.js";
import { Popover } from "../parts/popover.js";
import { SCALES, scalesOf } from "../../views/registry.js";

/** @typedef {import("../../state/types.js").State} State */

const VIEWS = /** @type {const} */ (["contour", "3d", "data"]);

export function SurfaceToolbar() {
  const { t, state, problem, edit } = usePage();
  const isFunction = problem.kind === "function";
  const hasData = problem.kind === "dataset";
  const shown = !hasData && state.mode === "data" ? "contour" : state.mode;
  return html`
    <div class="switch" role="group" aria-label=${t("controls.surface.view")}>
      ${VIEWS.filter((mode) => mode !== "data" || hasData).map(
        (mode) =>
          html`<button
            key=${mode}
            type="button"
            data-mode=${mode}
            aria-pressed=${String(mode === shown)}
            onClick=${() => edit({ mode })}
          >
            ${t(`controls.surface.${mode}`)}
          </button>`,
      )}
    </div>
    ${shown !== "data" && html`<${ArrowSwitch} isFlat=${shown === "contour"} />`}
    ${
      shown !== "data" &&
      html`<${Popover}
        id="surface-panel"
        className="button surface-button"
        label=${t("controls.surface.options")}
        panelClass="surface-panel"
        button=${html`<span class="surface-button-name"
            >${t(isFunction ? "controls.surface.scale" : "controls.plane.label")}</span
          >
          <span class="surface-button-value"
            >${isFunction ? t(`controls.surface.${scalesOf(state).surface}`) : t(`controls.plane.short.${state.plane.kind}`)}</span
          >
          <${Icon} name="chevron" />`}
      >
        ${!isFunction && html`<${PlanePanel} />`}
        <${Colours} />
      <//>`
    }
    <${SaveHere} of="surface" name=${t("shell.region.surface")} />
  `;
}

/**
 * Arrows lie over the contours; over a landscape there are none, which is said.
 *
 * @param {{isFlat: boolean}} props
 */
function ArrowSwitch({ isFlat }) {
  const { t, state, edit } = usePage();
  return html`<button
    type="button"
    class="tool surface-arrow-switch"
    aria-pressed=${String(state.arrows && isFlat)}
    aria-label=${t("controls.surface.arrows")}
    disabled=${!isFlat}
    data-hint=${t(`controls.surface.${isFlat ? "arrowsHint" : "arrowsFlat"}`)}
    onClick=${() => edit({ arrows: !state.arrows })}
  >
    <${Icon} name="arrows" /><span class="tool-text">${t("controls.surface.arrows")}</span>
  </button>`;
}

function Colours() {
  const { t, state, edit } = usePage();
  const { surface } = scalesOf(state);
  return html`<fieldset class="surface-colours">
    <legend>${t("controls.surface.scale")}</legend>
    <div class="switch">
      ${SCALES.surface.map(
        (scale) =>
          html`<button
            key=${scale}
            type="button"
            aria-pressed=${String(scale === surface)}
            onClick=${() => edit({ scales: { ...state.scales, surface: scale } })}
          >
            ${t(`controls.surface.${scale}`)}
          </button>`,
      )}
    </div>
    <p class="plane-about">${t(`controls.surface.about.${surface}`)}</p>
  </fieldset>`;
}

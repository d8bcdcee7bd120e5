/**
 * Which of the linked plots are in sight.
 */

import { html } from "../../../vendor/preact/htm-preact.js";
import { usePage } from "../parts/page.js";

/** @typedef {import("../../state/types.js").State["panel"]} Panel */

/** The panels, and the elements that they are drawn in. */
export const PANELS = /** @type {const} */ ([
  { panel: "training", element: "lines" },
  { panel: "step", element: "step" },
  { panel: "state", element: "state" },
  { panel: "curvature", element: "curvature" },
]);

export function PlotTabs() {
  const { t, state, edit } = usePage();
  /** @param {KeyboardEvent} event */
  const onKeyDown = (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const index = PANELS.findIndex(({ panel }) => panel === state.panel);
    const { panel } = PANELS[(index + step + PANELS.length) % PANELS.length];
    edit({ panel });
    document.getElementById(tabId(panel))?.focus();
  };
  /**
   * A click of the mouse leaves the arrow keys to the clock.
   *
   * @param {Panel} panel
   * @param {{detail: number, currentTarget: HTMLElement}} event
   */
  const choose = (panel, { detail, currentTarget }) => {
    edit({ panel });
    if (detail > 0) currentTarget.blur();
  };
  return html`<div class="tabs" role="tablist" aria-label=${t("shell.plots")} onKeyDown=${onKeyDown}>
    ${PANELS.map(
      ({ panel, element }) =>
        html`<button
          key=${panel}
          type="button"
          role="tab"
          id=${tabId(panel)}
          aria-controls=${element}
          aria-selected=${String(panel === state.panel)}
          tabindex=${panel === state.panel ? "0" : "-1"}
          onClick=${(/** @type {any} */ event) => choose(panel, event)}
        >
          ${t(`views.${panel}.tab`)}
        </button>`,
    )}
  </div>`;
}

/** @param {Panel} panel */
function tabId(panel) {
  return `tab-${panel}`;
}

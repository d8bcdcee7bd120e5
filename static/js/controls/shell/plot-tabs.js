/**
 * Which of the linked plots are in sight.
 */

import { html } from "../../../vendor/preact/htm-preact.js";
import { actOf } from "../../keys.js";
import { TABS, openTab } from "../../views/registry.js";
import { usePage } from "../parts/page.js";
import { SaveHere } from "../saving/save-here.js";

export function PlotTabs() {
  const { t, state, edit } = usePage();
  const open = openTab(state);
  /** @param {KeyboardEvent} event */
  const onKeyDown = (event) => {
    const act = actOf("tabs", event);
    if (act === null) return;
    const step = act === "next" ? 1 : -1;
    event.preventDefault();
    event.stopPropagation();
    const { id } = TABS[(TABS.indexOf(open) + step + TABS.length) % TABS.length];
    edit({ panel: id });
    document.getElementById(tabId(id))?.focus();
  };
  /**
   * A click of the mouse leaves the arrow keys to the clock.
   *
   * @param {string} panel
   * @param {{detail: number, currentTarget: HTMLElement}} event
   */
  const choose = (panel, { detail, currentTarget }) => {
    edit({ panel });
    if (detail > 0) currentTarget.blur();
  };
  return html`<div class="tabs">
    <div class="tab-list" role="tablist" aria-label=${t("shell.plots")} onKeyDown=${onKeyDown}>
      ${TABS.map(
        ({ id }) =>
          html`<button
            key=${id}
            type="button"
            role="tab"
            id=${tabId(id)}
            aria-controls=${id}
            aria-selected=${String(id === open.id)}
            tabindex=${id === open.id ? "0" : "-1"}
            onClick=${(/** @type {any} */ event) => choose(id, event)}
          >
            ${t(`views.${id}.tab`)}
          </button>`,
      )}
    </div>
    <${SaveHere} of=${open.id} name=${t(`views.${open.id}.tab`)} />
  </div>`;
}

/** @param {string} id  of a view */
function tabId(id) {
  return `tab-${id}`;
}

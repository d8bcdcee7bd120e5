/**
 * What the page has to say: news that pass, troubles that stay until they are over.
 */

import { html, render } from "../../../vendor/preact/htm-preact.js";
import { Icon } from "../parts/icons.js";

/** @typedef {import("../parts/page.js").Notice} Notice */

/**
 * @param {object} props
 * @param {Notice[]} props.notices
 * @param {import("../../languages/translator.js").Translator["t"]} props.t
 * @param {(id: string) => void} props.onDismiss
 */
function Notices({ notices, t, onDismiss }) {
  return notices.map(
    ({ id, kind, key, params, action }) =>
      html`<div key=${id} class=${`notice notice-${kind}`}>
        <p>${t(key, params)}</p>
        ${
          action !== undefined &&
          html`<button type="button" class="button" onClick=${action.run}>${t(action.key)}</button>`
        }
        <button
          type="button"
          class="icon-button"
          aria-label=${t("shell.notice.dismiss")}
          data-hint=${t("shell.notice.dismiss")}
          onClick=${() => onDismiss(id)}
        >
          <${Icon} name="close" />
        </button>
      </div>`,
  );
}

/**
 * @param {HTMLElement} element
 * @param {Notice[]} notices
 * @param {import("../../languages/translator.js").Translator["t"]} t
 * @param {(id: string) => void} onDismiss
 */
export function renderNotices(element, notices, t, onDismiss) {
  render(html`<${Notices} notices=${notices} t=${t} onDismiss=${onDismiss} />`, element);
}

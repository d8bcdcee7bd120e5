/**
 * Every key that the page knows, from the table that those who listen ask.
 */

import { html } from "../../../vendor/preact/htm-preact.js";
import { FAR_WITH_SHIFT, KEYS } from "../../keys.js";
import { Dialog } from "./dialog.js";
import { usePage } from "./page.js";

/**
 * @typedef {import("../../keys.js").Binding} Binding
 * @typedef {import("./page.js").Page["t"]} Translate
 */

/** How keys are written that have no letter. @type {Record<string, string>} */
const SIGNS = { ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓" };

/** @param {{onClose: () => void}} props */
export function KeysDialog({ onClose }) {
  const { t } = usePage();
  const scopes = /** @type {(keyof typeof KEYS)[]} */ (Object.keys(KEYS));
  return html`<${Dialog} id="keys" title=${t("controls.keys.title")} kind="keys-dialog" onClose=${onClose}>
    <div class="keys" tabindex="0">
      ${scopes.map((scope) => html`<${Scope} key=${scope} scope=${scope} />`)}
    </div>
  <//>`;
}

/** @param {{scope: keyof typeof KEYS}} props */
function Scope({ scope }) {
  const { t } = usePage();
  /** @type {readonly Binding[]} */
  const bindings = KEYS[scope];
  const acts = [...new Set(bindings.map(({ act }) => act))];
  const isFar = FAR_WITH_SHIFT.some((name) => name === scope);
  return html`<section class="keys-scope" aria-labelledby=${`keys-${scope}`}>
    <h3 id=${`keys-${scope}`}>${t(`controls.keys.scopes.${scope}`)}</h3>
    <dl>
      ${acts.map(
        (act) =>
          html`<div key=${act}>
            <dt>${written(bindings, act, t)}</dt>
            <dd>${tell(scope, act, t)}</dd>
          </div>`,
      )}
    </dl>
    ${isFar && html`<p class="keys-note">${t("controls.keys.far")}</p>`}
  </section>`;
}

/**
 * @param {readonly Binding[]} bindings
 * @param {string} act
 * @param {Translate} t
 */
function written(bindings, act, t) {
  const ways = bindings.filter((binding) => binding.act === act);
  return ways.flatMap(({ keys, held, shift }) =>
    keys.map((key) => {
      const parts = [
        ...(held === undefined ? [] : [t(`controls.keys.held.${held}`)]),
        ...(shift === true ? ["Shift"] : []),
        SIGNS[key] ?? (key === " " ? t("controls.keys.space") : key.length === 1 ? key.toUpperCase() : key),
      ];
      return html`<kbd key=${parts.join()}>${parts.join(" + ")}</kbd>`;
    }),
  );
}

/**
 * What it does.
 *
 * @param {string} scope
 * @param {string} act
 * @param {Translate} t
 */
function tell(scope, act, t) {
  const name = `${scope}-${act}`;
  return t(`controls.keys.acts.${name}`);
}

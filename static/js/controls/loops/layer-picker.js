/**
 * Which quantity of the layers is drawn, and of which of them.
 */

import { html } from "../../../vendor/preact/htm-preact.js";
import { SelectField } from "../parts/field.js";
import { usePage } from "../parts/page.js";

/**
 * @param {object} props
 * @param {{name: string, hint: string}[]} props.quantities
 * @param {string} props.shown
 * @param {string} props.search
 * @param {(words: string) => void} props.onSearch
 */
export function LayerPicker({ quantities, shown, search, onSearch }) {
  const { t, edit } = usePage();
  const { hint } = quantities.find(({ name }) => name === shown) ?? { hint: "" };
  return html`<div class="loop-fields">
      <${SelectField}
        id="loop-show"
        label=${t("controls.loops.quantity")}
        value=${shown}
        options=${quantities.map(({ name }) => ({ value: name, label: name }))}
        onChange=${(/** @type {string} */ show) => edit(({ loops }) => ({ loops: { ...loops, show } }))}
      />
      <input
        class="input"
        type="search"
        aria-label=${t("controls.loops.search")}
        placeholder=${t("controls.loops.search")}
        value=${search}
        onInput=${(/** @type {any} */ event) => onSearch(event.currentTarget.value)}
      />
    </div>
    <p class="loop-note">${hint}</p>`;
}

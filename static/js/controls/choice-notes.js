/**
 * What the catalog knows of a class: what it does, its formula, its paper and the state it keeps.
 */

import { html } from "../../vendor/preact/htm-preact.js";
import { usePage } from "./page.js";

/**
 * @typedef {import("../state/types.js").Choice} Choice
 */

/**
 * @param {{choice: Choice}} props
 */
export function ChoiceNotes({ choice }) {
  const { t, local } = usePage();
  const keys = choice.state_keys ?? [];
  return html`<details class="more notes" key=${choice.name}>
    <summary>${t("runs.about", { name: choice.name })}</summary>
    <p>${local(choice.summary)}</p>
    <${Formula} markup=${choice.formula} />
    ${
      keys.length > 0 &&
      html`<p class="notes-state">
        ${t("runs.stateKeys")}
        ${keys.map(({ key, meaning }) => html`<code key=${key} title=${meaning}>${key}</code> `)}
      </p>`
    }
    ${choice.paper !== undefined && html`<p class="notes-paper">${choice.paper}</p>`}
    ${choice.class !== undefined && html`<p><code>${choice.class}</code></p>`}
  </details>`;
}

/**
 * A formula of the catalog.
 *
 * @param {{markup: string | undefined}} props  MathML
 */
export function Formula({ markup }) {
  if (markup === undefined) return null;
  return html`<div class="formula" dangerouslySetInnerHTML=${{ __html: markup }}></div>`;
}

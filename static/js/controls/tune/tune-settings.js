/**
 * The fields of a picture of the place Tune: where there is little room they lie behind a line that says what they say.
 */

import { html } from "../../../vendor/preact/htm-preact.js";

/** Whether there is room for all fields from the start. */
const ROOMY = matchMedia("(min-width: 761px)").matches;

/**
 * @param {object} props
 * @param {string} props.summary
 * @param {import("../parts/field.js").Child} [props.children]
 */
export function TuneSettings({ summary, children }) {
  return html`<details class="tune-settings" open=${ROOMY || undefined}>
    <summary>${summary}</summary>
    <div class="tune-fields">${children}</div>
  </details>`;
}

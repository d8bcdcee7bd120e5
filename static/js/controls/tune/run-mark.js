/**
 * A run by its marker and its name.
 */

import { html } from "../../../vendor/preact/htm-preact.js";

/** @typedef {import("../../views/drawing/markers.js").Look} Look */

/** @param {Look} props */
export function RunMark({ label, color, path }) {
  return html`<svg class="map-mark" width="12" height="12" viewBox="-6 -6 12 12" aria-hidden="true">
      <path d=${path} fill=${color} />
    </svg>
    ${label}`;
}

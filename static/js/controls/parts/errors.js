/**
 * What the server has against a run that no control shows.
 */

import { html } from "../../../vendor/preact/htm-preact.js";

/** @typedef {import("./page.js").FieldProblem} FieldProblem */

/** Pointers that belong to what all runs share. */
const SHARED = ["/problem", "/model", "/steps", "/batch_size", "/batch_seed", "/dtype"];

/** @param {FieldProblem} error */
export function isShared({ pointer }) {
  return SHARED.some((at) => pointer.startsWith(at));
}

/** @param {{errors: FieldProblem[], className?: string}} props */
export function Errors({ errors, className = "card-errors" }) {
  if (errors.length === 0) return null;
  const details = [...new Set(errors.map(({ detail }) => detail))];
  return html`<div class=${className} role="alert">
    ${details.map((detail) => html`<p key=${detail}>${detail}</p>`)}
  </div>`;
}

/**
 * What the server finds questionable in a run: a sentence each, with the way to the control that it is about.
 */

import { html } from "../../vendor/preact/htm-preact.js";
import { Icon } from "./icons.js";
import { usePage } from "./page.js";
import { controlIds, nameAt, pieceOf } from "./pointers.js";
import { reveal } from "./reveal.js";

/**
 * @typedef {{code: string, detail: string, pointer?: string}} Warning
 * @typedef {{path: number[], name: string | null}} PieceFocus  a piece of a schedule, and its argument
 */

/**
 * @param {object} props
 * @param {Warning[]} props.warnings
 * @param {string} props.card  prefix of the ids of the card's controls
 * @param {(focus: PieceFocus) => void} props.onPiece  show a piece of the schedule
 */
export function Warnings({ warnings, card, onPiece }) {
  const { t, local } = usePage();
  if (warnings.length === 0) return null;
  /** @param {string} pointer */
  const show = (pointer) => {
    const piece = pieceOf(pointer);
    if (piece !== null) onPiece(piece);
    else reveal(controlIds(pointer, card));
  };
  return html`<ul class="card-warnings">
    ${warnings.map(
      ({ code, detail, pointer = "" }, index) =>
        html`<li key=${`${code}-${index}`}>
          <${Icon} name="warning" />
          <p>
            ${local(detail)}${" "}
            ${
              pointer !== "" &&
              html`<button type="button" class="button-link" onClick=${() => show(pointer)}>
                ${t("runs.show", { name: nameAt(pointer) })}
              </button>`
            }
          </p>
        </li>`,
    )}
  </ul>`;
}

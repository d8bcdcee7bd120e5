/**
 * What the server finds questionable in a run: a sentence each, with the way to the control that it is about.
 */

import { html } from "../../../vendor/preact/htm-preact.js";
import { Icon } from "./icons.js";
import { usePage } from "./page.js";
import { controlIds, nameAt, pieceOf } from "./pointers.js";
import { reveal } from "./reveal.js";

/**
 * @typedef {import("../../languages/translator.js").Said & {pointer?: string}} Warning
 * @typedef {{path: number[], name: string | null}} PieceFocus  a piece of a schedule, and its argument
 */

/**
 * @param {object} props
 * @param {Warning[]} props.warnings
 * @param {string} props.card  prefix of the ids of the card's controls
 * @param {(focus: PieceFocus) => void} props.onPiece  show a piece of the schedule
 */
export function Warnings({ warnings, card, onPiece }) {
  const { t } = usePage();
  if (warnings.length === 0) return null;
  /** @param {string} pointer */
  const onShow = (pointer) => {
    const piece = pieceOf(pointer);
    if (piece !== null) onPiece(piece);
    else reveal(controlIds(pointer, card));
  };
  const [first, ...others] = warnings;
  return html`<div class="card-warnings">
    <${WarningList} warnings=${[first]} onShow=${onShow} />
    ${
      others.length > 0 &&
      html`<details>
        <summary>${t("controls.runs.moreWarnings", { count: others.length })}</summary>
        <${WarningList} warnings=${others} onShow=${onShow} />
      </details>`
    }
  </div>`;
}

/** @param {{warnings: Warning[], onShow: (pointer: string) => void}} props */
export function WarningList({ warnings, onShow }) {
  const { t, say } = usePage();
  return html`<ul>
    ${warnings.map(
      ({ pointer = "", ...said }, index) =>
        html`<li key=${`${said.code}-${index}`}>
          <${Icon} name="warning" />
          <p>
            ${say(said)}${" "}
            ${
              pointer !== "" &&
              html`<button type="button" class="button-link" onClick=${() => onShow(pointer)}>
                ${t("controls.runs.show", { name: nameAt(pointer) })}
              </button>`
            }
          </p>
        </li>`,
    )}
  </ul>`;
}

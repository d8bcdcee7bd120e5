/**
 * A text of a lesson: strong words, code, and numbers that are the run's.
 */

import { html } from "../../../vendor/preact/htm-preact.js";
import { shownNumber } from "../../lessons/numbers.js";

/**
 * @typedef {import("../../wire.d.ts").LessonNumber} LessonNumber
 * @typedef {import("../../history.js").History} History
 */

const PIECES = /(\*\*[^*]+\*\*|`[^`]+`)/;

/**
 * @param {object} props
 * @param {(string | LessonNumber)[]} props.parts
 * @param {History[]} props.histories  of the runs; numbers stand as they are written until those are there
 */
export function Told({ parts, histories }) {
  return parts.map((part, i) =>
    typeof part === "string"
      ? html`<${Text} key=${i} text=${part} />`
      : html`<span key=${i} class="lesson-number">${shownNumber(part, histories) ?? part.shown}</span>`,
  );
}

/** @param {{text: string}} props */
export function Text({ text }) {
  return text.split(PIECES).map((piece, i) => {
    if (piece.startsWith("**")) return html`<strong key=${i}>${piece.slice(2, -2)}</strong>`;
    if (piece.startsWith("`")) return html`<code key=${i}>${piece.slice(1, -1)}</code>`;
    return piece;
  });
}

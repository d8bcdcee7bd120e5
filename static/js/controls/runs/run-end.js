/**
 * What is said of a run that an error ended: what happened, what was raised, and the way to mend it.
 */

import { html } from "../../../vendor/preact/htm-preact.js";
import { editRun } from "../../state/edits.js";
import { withValueAt } from "../../state/mending.js";
import { mendOf, rawOf, tellEnd } from "../../views/drawing/ends.js";
import { Icon } from "../parts/icons.js";
import { usePage } from "../parts/page.js";
import { nameAt } from "../parts/pointers.js";

/**
 * @typedef {import("../../state/types.js").Run} Run
 * @typedef {import("../parts/page.js").RunView} RunView
 */

/** What is wrong with a loop on purpose: there PyTorch's own words are what one came to see. */
const WORD_FOR_WORD = /^\/(loop|freeze)/;

/**
 * @param {object} props
 * @param {Run} props.run
 * @param {RunView} props.view
 * @param {(pointer: string) => void} props.onShow  show the control of a field
 */
export function RunEnd({ run, view, onShow }) {
  const { t, say, edit, kept } = usePage();
  const ended = view.stale ? null : (view.history?.ended ?? null);
  const mend = mendOf(ended);
  if (ended === null || mend === null) return null;
  const { pointer, value } = mend;
  const name = nameAt(pointer);
  return html`<div class="card-mend">
    <p class="card-failure">${tellEnd(ended, { t, say })}</p>
    <details open=${WORD_FOR_WORD.test(pointer)}>
      <summary>${t("views.ends.raw")}</summary>
      <p class="code">${rawOf(ended, say)}</p>
    </details>
    ${
      run.kept !== undefined
        ? html`<button
            type="button"
            class="button"
            onClick=${() => kept.show({ kind: "fork", slot: run.slot, step: ended.step })}
          >
            <${Icon} name="fork" />${t("views.ends.fork", { step: ended.step })}
          </button>`
        : value === null
          ? html`<button type="button" class="button-link" onClick=${() => onShow(pointer)}>
              ${t("views.ends.show", { name })}
            </button>`
          : html`<button
              type="button"
              class="button"
              onClick=${() => edit((now) => editRun(now, run.slot, withValueAt(run, pointer, value)))}
            >
              ${t("views.ends.set", { name, value })}
            </button>`
    }
  </div>`;
}

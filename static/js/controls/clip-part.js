/**
 * How the gradients of a run are clipped.
 */

import { html } from "../../vendor/preact/htm-preact.js";
import { changeClass } from "../state/edits.js";
import { ChoiceNotes } from "./choice-notes.js";
import { SelectField } from "./field.js";
import { Hyperparameters } from "./hyperparameters.js";
import { find } from "./optimizer-part.js";
import { usePage } from "./page.js";
import { below, ownError } from "./pointers.js";

/**
 * @typedef {import("../state/types.js").Call} Call
 * @typedef {import("../state/types.js").Clip} Clip
 * @typedef {import("./run-card.js").PartProps} PartProps
 */

/** @param {PartProps} props */
export function ClipPart({ id, run, errors, change }) {
  const { t, catalog, state } = usePage();
  const call = run.clip_grad === null ? null : clipCall(run.clip_grad);
  const choice = call === null ? null : find(catalog.clipping, call.name);
  return html`<section class="part">
    <${SelectField}
      id=${`${id}-clip`}
      label=${t("runs.clip")}
      value=${call?.name ?? ""}
      options=${[
        { value: "", label: t("runs.noClip") },
        ...catalog.clipping.map(({ name }) => ({ value: name, label: name })),
      ]}
      error=${ownError(errors, "/clip_grad")}
      onChange=${(/** @type {string} */ name) =>
        change({
          clip_grad:
            name === "" ? null : clipOf(changeClass(call, find(catalog.clipping, name), state.steps)),
        })}
    />
    ${
      call !== null &&
      choice !== null &&
      html`<${Hyperparameters}
          id=${`${id}-clip`}
          call=${call}
          choice=${choice}
          errors=${below(errors, "/clip_grad").map((error) => ({ ...error, pointer: `/hyperparameters${error.pointer}` }))}
          onChange=${(/** @type {Call} */ next) => change({ clip_grad: clipOf(next) })}
        />
        <${ChoiceNotes} choice=${choice} />`
    }
  </section>`;
}

/**
 * Clipping has its arguments beside its name; the controls know them as hyperparameters.
 *
 * @param {Clip} clip
 * @returns {Call}
 */
function clipCall({ name, ...hyperparameters }) {
  return { name, hyperparameters };
}

/**
 * @param {Call} call
 * @returns {Clip}
 */
function clipOf({ name, hyperparameters }) {
  return { name, ...hyperparameters };
}

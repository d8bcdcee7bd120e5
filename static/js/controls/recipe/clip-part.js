/**
 * How the gradients of a run are clipped.
 */

import { html, useMemo } from "../../../vendor/preact/htm-preact.js";
import { changeClass } from "../../state/edits.js";
import { idOf } from "../../state/look.js";
import { hasBitten } from "../../views/charts/series.js";
import { formatNumber } from "../../views/drawing/numbers.js";
import { ChoiceNotes } from "../parts/choice-notes.js";
import { SelectField } from "../parts/field.js";
import { Hyperparameters } from "../parts/hyperparameters.js";
import { find } from "../parts/choices.js";
import { usePage } from "../parts/page.js";
import { below, ownError } from "../parts/pointers.js";

/**
 * @typedef {import("../../state/types.js").Call} Call
 * @typedef {import("../../state/types.js").Clip} Clip
 * @typedef {import("../parts/page.js").PartProps} PartProps
 */

/** @param {PartProps} props */
export function ClipPart({ id, run, errors, change }) {
  const { t, catalog, state } = usePage();
  const call = run.clip_grad === null ? null : clipCall(run.clip_grad);
  const choice = call === null ? null : find(catalog.clipping, call.name);
  return html`<section class="part">
    <${SelectField}
      id=${`${id}-clip`}
      label=${t("controls.runs.clip")}
      value=${call?.name ?? ""}
      options=${[
        { value: "", label: t("controls.runs.noClip") },
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
        <${Bites} slot=${run.slot} />
        <${ChoiceNotes} choice=${choice} />`
    }
  </section>`;
}

/**
 * In how many steps clipping has changed the gradient; in none, why.
 *
 * @param {{slot: number}} props
 */
function Bites({ slot }) {
  const { t, runs } = usePage();
  const history = runs.find(({ id }) => id === idOf(slot))?.history ?? null;
  const steps = history === null ? 0 : Math.max(0, history.last - history.first);
  const { count, largest } = useMemo(
    () => (history === null ? { count: 0, largest: 0 } : measureBites(history)),
    [history, steps],
  );
  const clip = history?.config.clip_grad ?? null;
  if (steps === 0 || clip === null) return null;
  const isOfNorm = clip.name === "clip_grad_norm_" && largest > 0;
  const key = count > 0 ? "bites" : isOfNorm ? "neverBitesNorm" : "neverBites";
  const params = { count, steps, norm: formatNumber(largest) };
  return html`<p class="part-note">${t(`controls.runs.${key}`, params)}</p>`;
}

/**
 * @param {import("../../history.js").History} history
 * @returns {{count: number, largest: number}}  steps in which the gradient was clipped, and the largest norm before that
 */
function measureBites(history) {
  let [count, largest] = [0, 0];
  for (let k = history.first + 1; k < history.length; k += 1) {
    if (hasBitten(history, k)) count += 1;
    largest = Math.max(largest, history.gradNorm(k) ?? 0);
  }
  return { count, largest };
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

/**
 * The training loop of a run: its habits, what it accumulates, in which precision it computes, and its mistakes.
 */

import { html } from "../../../vendor/preact/htm-preact.js";
import { idOf } from "../../state/look.js";
import { loopFeatures } from "../../state/labels.js";
import { LOOP_HABITS, loopField, TUTORIAL_LOOP } from "../../state/loop.js";
import { withoutMistakes } from "../../state/mistakes.js";
import { SelectField, ToggleField } from "../parts/field.js";
import { later } from "../parts/later.js";
import { PlainNumber } from "../parts/number-field.js";
import { errorAt, usePage } from "../parts/page.js";
import { effectsOf } from "./loop-effects.js";
import { Lateness } from "./loop-lateness.js";

/**
 * @typedef {import("../parts/page.js").PartProps} PartProps
 * @typedef {import("../../state/loop.js").Loop} Loop
 */

const LoopCode = later(async () => (await import("./loop-code.js")).LoopCode);

/** Of the server: passes of a step. */
const PASSES = { minimum: 1, maximum: 1024 };

/** @param {PartProps & {onBreak?: () => void}} props  onBreak: choose a mistake */
export function LoopPart({ id, run, errors, change, onBreak }) {
  const { t } = usePage();
  const loop = { ...TUTORIAL_LOOP, ...run.loop };
  const own = loopFeatures(run, t);
  /** @param {Partial<Loop>} next */
  const set = (next) => change({ loop: loopField({ ...loop, ...next }).loop });
  const isBroken = withoutMistakes(/** @type {any} */ ({ loop: run.loop, freeze: run.freeze })) !== null;
  return html`<section class="part">
    <details class="more">
      <summary id=${`${id}-loop`}>
        ${t("controls.loop.title")}
        <span class="more-aside"
          >${own.length === 0 ? t("controls.loop.tutorial") : t("shell.list", { parts: own })}</span
        >
      </summary>
      ${
        loop.order === null &&
        LOOP_HABITS.map(
          (habit) =>
            html`<${ToggleField}
              key=${habit}
              id=${`${id}-loop-${habit}`}
              label=${habit}
              code
              hint=${t(`controls.loop.${habit}`)}
              checked=${loop[habit]}
              error=${errorAt(errors, `/loop/${habit}`)}
              onChange=${(/** @type {boolean} */ value) => set({ [habit]: value })}
            />`,
        )
      }
      <${Passes} id=${id} run=${run} loop=${loop} errors=${errors} onChange=${set} />
      <${Lateness} id=${id} loop=${loop} errors=${errors} onChange=${set} />
      ${isBroken && html`<${Broken} id=${id} run=${run} errors=${errors} change=${change} />`}
      ${
        onBreak !== undefined &&
        html`<button type="button" class="button button-quiet" onClick=${onBreak}>
          ${t("controls.break.open")}
        </button>`
      }
    </details>
  </section>`;
}

/**
 * Accumulation and precision, and what they do to a step.
 *
 * @param {object} props
 * @param {string} props.id
 * @param {PartProps["run"]} props.run
 * @param {Loop} props.loop
 * @param {PartProps["errors"]} props.errors
 * @param {(change: Partial<Loop>) => void} props.onChange
 */
function Passes({ id, run, loop, errors, onChange }) {
  const { t, state, problem, runs } = usePage();
  const history = runs.find((view) => view.id === idOf(run.slot))?.history ?? null;
  const setting = {
    samples: history?.data?.x.shape[0] ?? null,
    batch: state.batchSize,
    dtype: state.dtype,
  };
  const isNetwork = problem.kind === "dataset";
  return html`
    <${PlainNumber}
      id=${`${id}-loop-accumulate`}
      label="accumulate"
      code
      hint=${t("controls.loop.accumulate")}
      value=${loop.accumulate}
      bounds=${PASSES}
      error=${errorAt(errors, "/loop/accumulate")}
      onChange=${(/** @type {number} */ accumulate) => onChange({ accumulate })}
    />
    ${
      loop.accumulate > 1 &&
      html`<${ToggleField}
        id=${`${id}-loop-scale_loss`}
        label="scale_loss"
        code
        hint=${t("controls.loop.scale_loss")}
        checked=${loop.scale_loss}
        error=${errorAt(errors, "/loop/scale_loss")}
        onChange=${(/** @type {boolean} */ value) => onChange({ scale_loss: value })}
      />`
    }
    ${
      isNetwork &&
      html`<${SelectField}
        id=${`${id}-loop-autocast`}
        label="autocast"
        code
        hint=${t("controls.loop.autocast")}
        value=${loop.autocast ?? ""}
        options=${[
          { value: "", label: t("controls.loop.off") },
          { value: "bfloat16", label: "bfloat16" },
        ]}
        error=${errorAt(errors, "/loop/autocast")}
        onChange=${(/** @type {string} */ value) => onChange({ autocast: value === "bfloat16" ? value : null })}
      />`
    }
    ${effectsOf(run, setting).map(
      ({ key, params }) =>
        html`<p key=${key} class="part-note">${t(`controls.loop.effects.${key}`, params)}</p>`,
    )}
  `;
}

/**
 * The lines of a broken loop, and the way back.
 *
 * @param {PartProps} props
 */
function Broken({ id, run, errors, change }) {
  const { t } = usePage();
  const error = errors.find(({ pointer }) => /^\/loop\/(order|restart|replaced)/.test(pointer));
  const mend = () => {
    const { loop, freeze } = withoutMistakes(/** @type {any} */ (run)) ?? run;
    change({ loop, freeze });
  };
  return html`<div class="broken" id=${`${id}-loop-order`} tabindex="-1">
    <p class="part-note">${t("controls.break.lines")}</p>
    <${LoopCode} run=${run} />
    ${error !== undefined && html`<p class="field-error">${error.detail}</p>`}
    <button type="button" class="button button-quiet" onClick=${mend}>${t("controls.break.mend")}</button>
  </div>`;
}

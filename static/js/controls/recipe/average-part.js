/**
 * What a run averages beside its parameters.
 */

import { html } from "../../../vendor/preact/htm-preact.js";
import { AVERAGES, AVERAGE_DEFAULTS, averageAll, averageField, halfLife } from "../../state/average.js";
import { idOf } from "../../state/look.js";
import { isScheduleFree } from "../../views/drawing/others.js";
import { formatNumber } from "../../views/drawing/numbers.js";
import { SelectField } from "../parts/field.js";
import { NumberField, PlainNumber } from "../parts/number-field.js";
import { errorAt, usePage } from "../parts/page.js";
import { ownError } from "../parts/pointers.js";

/**
 * @typedef {import("../../state/average.js").Average} Average
 * @typedef {import("../../state/average.js").AverageFields} AverageFields
 * @typedef {import("../../state/types.js").Hyperparameter} Hyperparameter
 * @typedef {import("../parts/page.js").PartProps} PartProps
 */

/** @type {Hyperparameter} */
const DECAY = {
  name: "decay",
  kind: "float",
  default: AVERAGE_DEFAULTS.decay,
  description: "",
  minimum: 0,
  maximum: 1,
};

/**
 * The ways of averaging, as options of a choice.
 *
 * @param {import("../parts/page.js").Page["t"]} t
 */
export function averageOptions(t) {
  return [
    { value: "", label: t("controls.average.none") },
    ...AVERAGES.map((name) => ({ value: name, label: t(`controls.average.${name}`) })),
  ];
}

/**
 * Another way of averaging: what both know stays, and an SWA begins in the last quarter, where runs have settled.
 *
 * @param {string} name  empty: none
 * @param {Average | undefined} before
 * @param {number} steps  of the run
 * @returns {Average | undefined}
 */
export function averageNamed(name, before, steps) {
  if (name === "") return undefined;
  const tail =
    name === "SWA" && before?.from_step === undefined ? { from_step: Math.floor(0.75 * steps) } : {};
  return averageField({ ...before, ...tail, name }).average;
}

/** @param {PartProps & {alone?: boolean}} props  alone: there are no other runs to average likewise */
export function AveragePart({ id, run, errors, change, alone = false }) {
  const { t, state, edit } = usePage();
  const { average } = run;
  const others = alone ? [] : state.runs.filter(({ slot, kept }) => slot !== run.slot && kept === undefined);
  const differs = others.some((other) => JSON.stringify(other.average) !== JSON.stringify(average));
  return html`<section class="part">
    <${SelectField}
      id=${`${id}-average`}
      label=${t("controls.average.title")}
      hint=${t("controls.average.hint")}
      value=${average?.name ?? ""}
      options=${averageOptions(t)}
      error=${ownError(errors, "/average")}
      onChange=${(/** @type {string} */ name) => change({ average: averageNamed(name, average, state.steps) })}
    />
    <${Own} slot=${run.slot} />
    ${average !== undefined && html`<${Fields} id=${id} average=${average} errors=${errors} change=${change} />`}
    ${
      differs &&
      html`<button
        type="button"
        class="button button-quiet"
        onClick=${() => edit((now) => averageAll(now, average))}
      >
        ${t(`controls.average.${average === undefined ? "noneInAll" : "allLike"}`)}
      </button>`
    }
  </section>`;
}

/**
 * What is recorded of an optimizer that averages by itself.
 *
 * @param {{slot: number}} props
 */
function Own({ slot }) {
  const { t, runs } = usePage();
  const history = runs.find(({ id }) => id === idOf(slot))?.history ?? null;
  return isScheduleFree(history) && html`<p class="part-note">${t("controls.average.own")}</p>`;
}

/** @param {Pick<PartProps, "id" | "errors" | "change"> & {average: Average}} props */
function Fields({ id, average, errors, change }) {
  const { t, state } = usePage();
  const fields = { ...AVERAGE_DEFAULTS, ...average };
  /** @param {Partial<AverageFields>} changed */
  const set = (changed) => change(averageField({ ...fields, ...changed }));
  return html`${
      average.name === "EMA" &&
      html`<${NumberField}
          id=${`${id}-average-decay`}
          declared=${DECAY}
          code
          hint=${t("controls.average.decay")}
          value=${fields.decay}
          error=${errorAt(errors, "/average/decay")}
          onChange=${(/** @type {number} */ decay) => set({ decay })}
        />
        <p class="part-note">${describeHalfLife(fields, t)}</p>`
    }
    <${PlainNumber}
      id=${`${id}-average-from_step`}
      label="from_step"
      code
      hint=${t("controls.average.fromStep")}
      value=${fields.from_step}
      bounds=${{ minimum: 0, maximum: state.steps }}
      error=${errorAt(errors, "/average/from_step")}
      onChange=${(/** @type {number} */ from) => set({ from_step: from })}
    />
    <${PlainNumber}
      id=${`${id}-average-every`}
      label="every"
      code
      hint=${t("controls.average.every")}
      value=${fields.every}
      bounds=${{ minimum: 1, maximum: state.steps }}
      error=${errorAt(errors, "/average/every")}
      onChange=${(/** @type {number} */ every) => set({ every })}
    />`;
}

/**
 * How long an EMA remembers, in steps.
 *
 * @param {AverageFields} fields
 * @param {import("../parts/page.js").Page["t"]} t
 */
function describeHalfLife({ decay, every }, t) {
  const steps = every * halfLife(decay);
  if (!Number.isFinite(steps)) return t("controls.average.keepsAll");
  return t("controls.average.halfLife", { count: formatNumber(steps, 3) });
}

/**
 * Hyperparameters that follow a factor of the step: what each is, and its factor.
 */

import { html, useState } from "../../../vendor/preact/htm-preact.js";
import { factorsField, firstMoved, movableOf } from "../../state/factors.js";
import { find } from "../parts/choices.js";
import { readText } from "../parts/check.js";
import { Field, SelectField, TextInput } from "../parts/field.js";
import { Icon } from "../parts/icons.js";
import { later } from "../parts/later.js";
import { errorAt, usePage } from "../parts/page.js";
import { groupNames } from "./groups-part.js";

/**
 * @typedef {import("../../state/factors.js").Factor} Factor
 * @typedef {import("../../state/types.js").Call} Call
 * @typedef {import("../../state/types.js").Catalog} Catalog
 * @typedef {import("../parts/page.js").FieldProblem} FieldProblem
 * @typedef {import("../parts/page.js").PartProps} PartProps
 */

const Preview = later(async () => (await import("./factors-preview.js")).FactorsPreview);

/** What a factor begins as: down to nothing along a line, over the run. */
const LINE = (/** @type {number} */ steps) => `1 - step / ${steps}`;

/** @param {PartProps} props */
export function FactorsPart({ id, run, errors, change }) {
  const { t, catalog, state } = usePage();
  const factors = run.hyperparameter_schedules ?? [];
  const movable = movableIn(catalog, run.optimizer);
  const next = firstMoved(movable, factors);
  const most = catalog.limits.max_hyperparameter_schedules ?? Infinity;
  /** @param {Factor[]} changed */
  const set = (changed) =>
    change({ hyperparameter_schedules: factorsField(changed).hyperparameter_schedules });
  if (movable.length === 0) return null;
  return html`<section class="part">
    <details class="more" open=${factors.length > 0 || undefined}>
      <summary id=${`${id}-factors`}>
        ${t("controls.factors.title")}
        <span class="more-aside code">${factors.map(({ hyperparameter }) => hyperparameter).join(", ")}</span>
      </summary>
      ${factors.map(
        (factor, index) =>
          html`<${Row}
            key=${index}
            id=${`${id}-factors-${index}`}
            factor=${factor}
            movable=${movable}
            groups=${groupNames(run.optimizer)}
            pointer=${`/hyperparameter_schedules/${index}`}
            errors=${errors}
            onChange=${(/** @type {Factor} */ changed) =>
              set(factors.map((one, i) => (i === index ? changed : one)))}
            onRemove=${() => set(factors.filter((_, i) => i !== index))}
          />`,
      )}
      ${factors.length > 0 && html`<${Preview} run=${run} />`}
      ${
        next !== undefined &&
        factors.length < most &&
        html`<button
          type="button"
          class="button button-quiet"
          onClick=${() => set([...factors, { hyperparameter: next, factor: LINE(state.steps) }])}
        >
          <${Icon} name="plus" />${t("controls.factors.add")}
        </button>`
      }
    </details>
  </section>`;
}

/**
 * @param {Catalog} catalog
 * @param {Call} optimizer
 */
export function movableIn(catalog, optimizer) {
  const rest = /** @type {Call | undefined} */ (optimizer.rest);
  const names = [optimizer, ...(rest === undefined ? [] : [rest])].map(({ name }) => name);
  return [...new Set(names.flatMap((name) => movableOf(find(catalog.optimizers, name))))];
}

/**
 * @param {object} props
 * @param {string} props.id
 * @param {Factor} props.factor
 * @param {string[]} props.movable
 * @param {string[]} props.groups
 * @param {string} props.pointer
 * @param {FieldProblem[]} props.errors
 * @param {(factor: Factor) => void} props.onChange
 * @param {() => void} props.onRemove
 */
function Row({ id, factor, movable, groups, pointer, errors, onChange, onRemove }) {
  const { t } = usePage();
  const { hyperparameter, factor: text, groups: own } = factor;
  const [problem, setProblem] = useState(/** @type {string | null} */ (null));
  const [isWaiting, setIsWaiting] = useState(false);
  const error = problem ?? errorAt(errors, `${pointer}/factor`);
  const names = movable.includes(hyperparameter) ? movable : [hyperparameter, ...movable];
  const options = [
    { value: "", label: t("controls.factors.allGroups") },
    ...groups.map((name, index) => ({ value: String(index), label: name })),
  ];
  const others = own !== undefined && own.length > 1;
  return html`<fieldset class="factor">
    <legend class="factor-name code">${hyperparameter}</legend>
    <div class="factor-head">
      <${SelectField}
        id=${`${id}-hyperparameter`}
        label=${t("controls.factors.hyperparameter")}
        value=${hyperparameter}
        options=${names.map((name) => ({ value: name, label: name }))}
        error=${errorAt(errors, `${pointer}/hyperparameter`)}
        onChange=${(/** @type {string} */ name) => onChange({ ...factor, hyperparameter: name })}
      />
      <button
        type="button"
        class="icon-button"
        data-hint=${t("controls.factors.remove", { name: hyperparameter })}
        aria-label=${t("controls.factors.remove", { name: hyperparameter })}
        onClick=${onRemove}
      >
        <${Icon} name="close" />
      </button>
    </div>
    <${Field}
      label=${t("controls.factors.factor")}
      id=${`${id}-factor`}
      hint=${t("controls.factors.hint")}
      error=${error}
      note=${isWaiting ? t("controls.field.waits") : null}
    >
      <${TextInput}
        id=${`${id}-factor`}
        kind="code"
        text=${text}
        read=${readText}
        wrong=${error !== null}
        onChange=${(/** @type {string} */ changed) => onChange({ ...factor, factor: changed })}
        onProblem=${setProblem}
        onWaiting=${setIsWaiting}
      />
    <//>
    ${
      groups.length > 1 &&
      html`<${SelectField}
        id=${`${id}-groups`}
        label=${t("controls.factors.groups")}
        value=${own === undefined ? "" : own.join()}
        options=${others ? [...options, { value: own.join(), label: own.map((one) => groups[one] ?? one).join(", ") }] : options}
        error=${errorAt(errors, `${pointer}/groups`)}
        onChange=${(/** @type {string} */ chosen) => {
          const { groups: _, ...all } = factor;
          onChange(chosen === "" ? all : { ...all, groups: chosen.split(",").map(Number) });
        }}
      />`
    }
  </fieldset>`;
}

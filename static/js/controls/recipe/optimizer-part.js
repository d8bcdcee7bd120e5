/**
 * The optimizer of a run, with the second one for what the first cannot take.
 */

import { html } from "../../../vendor/preact/htm-preact.js";
import { changeClass, changeOptimizer } from "../../state/edits.js";
import { knownFactors } from "../../state/factors.js";
import { shortName } from "../../state/labels.js";
import { ChoiceNotes } from "../parts/choice-notes.js";
import { find } from "../parts/choices.js";
import { SelectField } from "../parts/field.js";
import { movableIn } from "./factors-part.js";
import { groupNames } from "./groups-part.js";
import { Hyperparameters } from "../parts/hyperparameters.js";
import { usePage } from "../parts/page.js";
import { below, ownError } from "../parts/pointers.js";

/**
 * @typedef {import("../../state/types.js").Call} Call
 * @typedef {import("../../state/types.js").Choice} Choice
 * @typedef {import("../parts/page.js").FieldProblem} FieldProblem
 * @typedef {import("../parts/page.js").PartProps} PartProps
 */

/** @param {PartProps} props */
export function OptimizerPart({ id, run, errors, change }) {
  const { t, catalog, state } = usePage();
  const call = run.optimizer;
  const rest = /** @type {Call | undefined} */ (call.rest);
  const choice = find(catalog.optimizers, call.name);
  const restErrors = errors.filter(({ pointer }) => pointer.startsWith("/optimizer/rest"));
  return html`<section class="part">
    <${ClassSelect}
      id=${`${id}-optimizer`}
      label=${t("controls.runs.optimizer")}
      value=${call.name}
      choices=${catalog.optimizers}
      error=${ownError(errors, "/optimizer")}
      onChange=${(/** @type {Choice} */ next) =>
        change(optimizedBy(catalog, run, changeOptimizer(call, next, catalog, state.steps)))}
    />
    <${Hyperparameters}
      id=${`${id}-optimizer`}
      call=${call}
      choice=${choice}
      errors=${below(errors, "/optimizer")}
      brief
      onChange=${(/** @type {Call} */ optimizer) => change({ optimizer })}
    />
    <${ChoiceNotes} choice=${choice} others=${catalog.optimizers} />
    ${
      rest !== undefined &&
      html`<${Rest}
        id=${`${id}-rest`}
        call=${rest}
        of=${call.name}
        errors=${restErrors}
        onChange=${(/** @type {Call} */ next) => change(optimizedBy(catalog, run, { ...call, rest: next }))}
      />`
    }
  </section>`;
}

/**
 * Another optimizer for a run, with the factors of what it has.
 *
 * @param {import("../../state/types.js").Catalog} catalog
 * @param {import("../../state/types.js").Run} run
 * @param {Call} optimizer
 * @returns {Partial<import("../../state/types.js").Run>}
 */
function optimizedBy(catalog, { hyperparameter_schedules: factors }, optimizer) {
  if (factors === undefined) return { optimizer };
  const movable = movableIn(catalog, optimizer);
  const groups = groupNames(optimizer).length || Infinity;
  return { optimizer, hyperparameter_schedules: undefined, ...knownFactors(factors, movable, groups) };
}

/**
 * @param {object} props
 * @param {string} props.id
 * @param {Call} props.call
 * @param {string} props.of  the name of the first optimizer
 * @param {FieldProblem[]} props.errors
 * @param {(call: Call) => void} props.onChange
 */
function Rest({ id, call, of, errors, onChange }) {
  const { t, catalog, state } = usePage();
  const choices = catalog.optimizers.filter(
    ({ matrices_only: matrices, closure }) => matrices !== true && closure !== true,
  );
  const choice = find(catalog.optimizers, call.name);
  return html`<fieldset class="part-inner">
    <legend>${t("controls.runs.rest", { name: of })}</legend>
    <${ClassSelect}
      id=${id}
      label=${t("controls.runs.optimizer")}
      value=${call.name}
      choices=${choices}
      error=${ownError(errors, "/optimizer/rest")}
      onChange=${(/** @type {Choice} */ next) => onChange(changeClass(call, next, state.steps))}
    />
    <${Hyperparameters}
      id=${id}
      call=${call}
      choice=${choice}
      errors=${below(errors, "/optimizer/rest")}
      brief
      onChange=${onChange}
    />
    <${ChoiceNotes} choice=${choice} />
  </fieldset>`;
}

/**
 * Which class it is: those that cannot be used here are listed, and cannot be chosen.
 *
 * @param {object} props
 * @param {string} props.id
 * @param {string} props.label
 * @param {string} props.value
 * @param {Choice[]} props.choices
 * @param {string | null} props.error
 * @param {(choice: Choice) => void} props.onChange
 */
function ClassSelect({ id, label, value, choices, error, onChange }) {
  const { t, know } = usePage();
  const packages = new Set(choices.map((choice) => choice.package));
  /** @param {string} name */
  const onName = async (name) => {
    const isKnown = find(choices, name).package === choices[0].package;
    onChange(find(isKnown ? choices : (await know("optimizers", name)).optimizers, name));
  };
  return html`<${SelectField}
    id=${id}
    label=${label}
    value=${value}
    options=${choices.map((choice) => ({
      value: choice.name,
      label: labelOf(choice, t),
      disabled: choice.available === false,
      title: choice.reason ?? choice.summary,
      group: packages.size > 1 ? choice.package : undefined,
    }))}
    error=${error}
    onChange=${onName}
  />`;
}

/**
 * @param {Choice} choice
 * @param {import("../parts/page.js").Page["t"]} t
 */
function labelOf({ name, available }, t) {
  return available === false ? t("controls.runs.unavailable", { name: shortName(name) }) : shortName(name);
}

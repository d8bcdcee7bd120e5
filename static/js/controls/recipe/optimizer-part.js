/**
 * The optimizer of a run, with the second one for what the first cannot take.
 */

import { html } from "../../../vendor/preact/htm-preact.js";
import { problemOf } from "../../state/catalog.js";
import { knownFactors } from "../../state/factors.js";
import { changeOptimizer, changeRest } from "../../state/optimizers.js";
import { OptimizerPicker } from "./optimizer-picker.js";
import { RateSource } from "./rate-source.js";
import { ChoiceNotes } from "../parts/choice-notes.js";
import { find } from "../parts/choices.js";
import { movableIn } from "./factors-part.js";
import { groupNames } from "./groups-part.js";
import { Hyperparameters } from "../parts/hyperparameters.js";
import { usePage } from "../parts/page.js";
import { below, ownError } from "../parts/pointers.js";

/**
 * @typedef {import("../../state/types.js").Call} Call
 * @typedef {import("../../state/types.js").Catalog} Catalog
 * @typedef {import("../../state/types.js").Choice} Choice
 * @typedef {import("../parts/page.js").FieldProblem} FieldProblem
 * @typedef {import("../parts/page.js").PartProps} PartProps
 */

/** @param {PartProps} props */
export function OptimizerPart({ id, run, errors, change }) {
  const { catalog, state, know } = usePage();
  const call = run.optimizer;
  const rest = /** @type {Call | undefined} */ (call.rest);
  const choice = find(catalog.optimizers, call.name);
  const restErrors = errors.filter(({ pointer }) => pointer.startsWith("/optimizer/rest"));
  const onOptimizer = (/** @type {Call} */ optimizer) => change({ optimizer });
  const onNear = () => void know("optimizers", call.name); // what its arguments do, before a hint is read
  return html`<section class="part" onPointerEnter=${onNear} onFocusIn=${onNear}>
    <${OptimizerPicker}
      id=${`${id}-optimizer`}
      value=${call.name}
      choices=${catalog.optimizers}
      error=${ownError(errors, "/optimizer")}
      onChange=${(/** @type {Choice} */ next, /** @type {Catalog} */ known) =>
        change(optimizedBy(known, run, changeOptimizer(run, next, placeIn(known, state))))}
    />
    <${Hyperparameters}
      id=${`${id}-optimizer`}
      call=${call}
      choice=${choice}
      errors=${below(errors, "/optimizer")}
      brief
      asides=${{ lr: html`<${RateSource} choice=${choice} call=${call} onChange=${onOptimizer} />` }}
      onChange=${onOptimizer}
    />
    <${ChoiceNotes} choice=${choice} />
    ${
      rest !== undefined &&
      html`<${Rest}
        id=${`${id}-rest`}
        call=${rest}
        of=${call.name}
        errors=${restErrors}
        onClass=${(/** @type {Choice} */ next, /** @type {Catalog} */ known) =>
          change(optimizedBy(known, run, changeRest(run, next, placeIn(known, state))))}
        onChange=${(/** @type {Call} */ next) => change(optimizedBy(catalog, run, { optimizer: { ...call, rest: next } }))}
      />`
    }
  </section>`;
}

/**
 * Another optimizer for a run, with the factors of what it has.
 *
 * @param {Catalog} catalog
 * @param {import("../../state/types.js").Run} run
 * @param {{optimizer: Call, earlier?: Call[]}} next
 * @returns {Partial<import("../../state/types.js").Run>}
 */
function optimizedBy(catalog, { hyperparameter_schedules: factors }, next) {
  if (factors === undefined) return next;
  const movable = movableIn(catalog, next.optimizer);
  const groups = groupNames(next.optimizer).length || Infinity;
  return { ...next, hyperparameter_schedules: undefined, ...knownFactors(factors, movable, groups) };
}

/**
 * @param {Catalog} catalog
 * @param {import("../../state/types.js").State} state
 * @returns {import("../../state/optimizers.js").Place}
 */
function placeIn(catalog, { problem, steps }) {
  return { catalog, problem: problemOf(catalog, problem), steps };
}

/**
 * @param {object} props
 * @param {string} props.id
 * @param {Call} props.call
 * @param {string} props.of  the name of the first optimizer
 * @param {FieldProblem[]} props.errors
 * @param {(choice: Choice, catalog: Catalog) => void} props.onClass
 * @param {(call: Call) => void} props.onChange
 */
function Rest({ id, call, of, errors, onClass, onChange }) {
  const { t, catalog } = usePage();
  const choices = catalog.optimizers.filter(
    ({ matrices_only: matrices, closure }) => matrices !== true && closure !== true,
  );
  const choice = find(catalog.optimizers, call.name);
  return html`<fieldset class="part-inner">
    <legend>${t("controls.runs.rest", { name: of })}</legend>
    <${OptimizerPicker}
      id=${id}
      value=${call.name}
      choices=${choices}
      error=${ownError(errors, "/optimizer/rest")}
      onChange=${onClass}
    />
    <${Hyperparameters}
      id=${id}
      call=${call}
      choice=${choice}
      errors=${below(errors, "/optimizer/rest")}
      brief
      asides=${{ lr: html`<${RateSource} choice=${choice} call=${call} onChange=${onChange} />` }}
      onChange=${onChange}
    />
    <${ChoiceNotes} choice=${choice} />
  </fieldset>`;
}

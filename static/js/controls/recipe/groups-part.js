/**
 * The param groups of a run: a row for each, with the values that differ from the optimizer's.
 */

import { html, useState } from "../../../vendor/preact/htm-preact.js";
import { valueOf } from "../../state/edits.js";
import {
  clearOwn,
  existingGroups,
  groupsPerLayer,
  include,
  leftOut,
  oneAfterAnother,
  ownNames,
  setOwn,
  weightsAndBiases,
} from "../../state/groups.js";
import { layersOn } from "../../state/layers.js";
import { Icon } from "../parts/icons.js";
import { find } from "../parts/choices.js";
import { errorAt, usePage } from "../parts/page.js";
import { Cell, FromStep } from "./group-cells.js";

/**
 * @typedef {import("../../state/groups.js").Group} Group
 * @typedef {import("../../state/types.js").Call} Call
 * @typedef {import("../../state/types.js").Choice} Choice
 * @typedef {import("../../state/types.js").Hyperparameter} Hyperparameter
 * @typedef {import("../../state/types.js").Json} Json
 * @typedef {import("../parts/page.js").FieldProblem} FieldProblem
 * @typedef {import("../parts/page.js").PartProps} PartProps
 */

/** What groups usually differ in. */
const AT_HAND = ["lr", "weight_decay"];

/**
 * @param {Call} optimizer
 * @returns {Group[] | null}
 */
function groupsOf({ param_groups: groups }) {
  return /** @type {Group[] | undefined} */ (groups) ?? null;
}

/**
 * The names of the groups of an optimizer; there is only one to speak of where another optimizer has its own.
 *
 * @param {Call} optimizer
 * @returns {string[]}
 */
export function groupNames(optimizer) {
  if (optimizer.rest !== undefined) return [];
  return (groupsOf(optimizer) ?? []).map(({ params }) => params.join(" "));
}

/** @param {PartProps} props */
export function GroupsPart({ id, run, errors, change }) {
  const { t, catalog, state, problem, learning } = usePage();
  const choice = find(catalog.optimizers, run.optimizer.name);
  if (choice.param_groups === false) return null;
  const layers = layersOn(problem, state.hidden);
  const kept = groupsOf(run.optimizer);
  const groups = kept === null ? null : existingGroups(kept, layers);
  const error = errors.find(({ pointer }) => pointer === "/optimizer/param_groups")?.detail ?? null;
  /** @param {Group[] | null} next */
  const setGroups = (next) => {
    const { param_groups: _, ...optimizer } = run.optimizer;
    change({
      optimizer: /** @type {Call} */ (next === null ? optimizer : { ...optimizer, param_groups: next }),
    });
  };
  const missing = groups === null ? [] : leftOut(groups, layers, choice.matrices_only === true);
  const isTaught = learning.pointsAt === "runs" && groups !== null;
  return html`<section class="part">
    <details class="more" open=${error !== null || isTaught || undefined}>
      <summary id=${`${id}-groups`}>
        ${t("controls.groups.title")} <span class="more-aside">${summarise(t, groups, missing)}</span>
      </summary>
      <${Division} groups=${groups} layers=${layers} choice=${choice} onChange=${setGroups} />
      ${error !== null && html`<p class="field-error">${error}</p>`}
      ${
        groups !== null &&
        html`<${Rows}
          id=${`${id}-groups`}
          call=${run.optimizer}
          choice=${choice}
          groups=${groups}
          missing=${missing}
          errors=${errors}
          onChange=${setGroups}
        />`
      }
    </details>
  </section>`;
}

/**
 * @param {import("../parts/page.js").Page["t"]} t
 * @param {Group[] | null} groups
 * @param {string[]} missing
 */
function summarise(t, groups, missing) {
  if (groups === null) return t("controls.groups.one");
  const count = t("controls.groups.count", { count: groups.length });
  return missing.length === 0 ? count : `${count} · ${t("controls.groups.untrained", { names: missing })}`;
}

/**
 * How the parameters are divided.
 *
 * @param {object} props
 * @param {Group[] | null} props.groups
 * @param {string[]} props.layers
 * @param {Choice} props.choice
 * @param {(groups: Group[] | null) => void} props.onChange
 */
function Division({ groups, layers, choice, onChange }) {
  const { t, state } = usePage();
  const divisions = [
    { key: "all", groups: null },
    { key: "layers", groups: groupsPerLayer(layers) },
    { key: "later", groups: oneAfterAnother(layers, state.steps) },
    ...(choice.matrices_only === true ? [] : [{ key: "kinds", groups: weightsAndBiases(layers) }]),
  ];
  return html`<div class="switch switch-wide" role="group" aria-label=${t("controls.groups.division")}>
    ${divisions.map(
      ({ key, groups: division }) =>
        html`<button
          key=${key}
          type="button"
          aria-pressed=${String(key === divisionOf(divisions, groups))}
          onClick=${() => onChange(withOwn(division, groups ?? []))}
        >
          ${t(`controls.groups.divisions.${key}`)}
        </button>`,
    )}
  </div>`;
}

/**
 * Which of the divisions there is: of those that divide alike, the one that adds groups later, or does not.
 *
 * @param {{key: string, groups: Group[] | null}[]} divisions
 * @param {Group[] | null} groups
 */
function divisionOf(divisions, groups) {
  const adds = (/** @type {Group[] | null} */ all) =>
    (all ?? []).some(({ from_step: from }) => Boolean(from));
  const alike = divisions.filter((one) => paramsOf(one.groups) === paramsOf(groups));
  return (alike.find((one) => adds(one.groups) === adds(groups)) ?? alike[0])?.key;
}

/**
 * A division with what has been said of its groups before.
 *
 * @param {Group[] | null} division
 * @param {Group[]} before
 */
function withOwn(division, before) {
  return (
    division?.map((group) => {
      const { from_step: _, ...old } = before.find((one) => paramsOf([one]) === paramsOf([group])) ?? group;
      return /** @type {Group} */ ({ ...old, ...group });
    }) ?? null
  );
}

/** @param {Group[] | null} groups */
function paramsOf(groups) {
  return JSON.stringify(groups?.map(({ params }) => params) ?? null);
}

/**
 * @param {object} props
 * @param {string} props.id
 * @param {Call} props.call
 * @param {Choice} props.choice
 * @param {Group[]} props.groups
 * @param {string[]} props.missing
 * @param {FieldProblem[]} props.errors
 * @param {(groups: Group[]) => void} props.onChange
 */
function Rows({ id, call, choice, groups, missing, errors, onChange }) {
  const [added, setAdded] = useState(/** @type {string[]} */ ([]));
  const names = new Set([...AT_HAND, ...ownNames(groups), ...added]);
  const columns = choice.hyperparameters.filter(({ name }) => names.has(name));
  const others = choice.hyperparameters.filter(({ name }) => !names.has(name));
  /** @param {string} name */
  const removeColumn = (name) => {
    setAdded(added.filter((one) => one !== name));
    onChange(clearOwn(groups, name));
  };
  return html`<div class=${columns.length > AT_HAND.length ? "groups" : "groups is-table"}>
    ${groups.map(
      (group, index) =>
        html`<${Row}
          key=${group.params.join()}
          id=${`${id}-${index}`}
          call=${call}
          group=${group}
          columns=${columns}
          errors=${errors.filter(({ pointer }) => pointer.startsWith(`/optimizer/param_groups/${index}/`))}
          pointer=${`/optimizer/param_groups/${index}`}
          isLast=${groups.length === 1}
          onValue=${(/** @type {string} */ name, /** @type {Json | undefined} */ value) =>
            onChange(setOwn(groups, index, name, value))}
          onLeaveOut=${() => onChange(groups.filter((_, i) => i !== index))}
          onRemoveColumn=${removeColumn}
        />`,
    )}
    ${missing.map(
      (name) =>
        html`<${Missing} key=${name} name=${name} onInclude=${() => onChange(include(groups, name))} />`,
    )}
    ${others.length > 0 && html`<${AddColumn} id=${`${id}-add`} columns=${others} onAdd=${(/** @type {string} */ name) => setAdded([...added, name])} />`}
  </div>`;
}

/**
 * @param {object} props
 * @param {string} props.id
 * @param {Call} props.call
 * @param {Group} props.group
 * @param {Hyperparameter[]} props.columns
 * @param {FieldProblem[]} props.errors
 * @param {string} props.pointer
 * @param {boolean} props.isLast  an optimizer needs at least one group
 * @param {(name: string, value: Json | undefined) => void} props.onValue
 * @param {() => void} props.onLeaveOut
 * @param {(name: string) => void} props.onRemoveColumn
 */
function Row({ id, call, group, columns, errors, pointer, isLast, onValue, onLeaveOut, onRemoveColumn }) {
  const { t } = usePage();
  const name = group.params.join(" ");
  return html`<fieldset class="group">
    <legend>
      <label class="group-name">
        <input
          type="checkbox"
          class="check"
          checked
          disabled=${isLast}
          aria-label=${t("controls.groups.include", { name })}
          onChange=${onLeaveOut}
        />
        <span class="code">${name}</span>
      </label>
    </legend>
    <div class="group-cells">
      <${FromStep}
        id=${`${id}-from_step`}
        group=${group}
        error=${errorAt(errors, `${pointer}/from_step`)}
        onChange=${(/** @type {number} */ step) => onValue("from_step", step === 0 ? undefined : step)}
      />
      ${columns.map(
        (declared) =>
          html`<${Cell}
            key=${declared.name}
            id=${`${id}-${declared.name}`}
            group=${name}
            declared=${declared}
            own=${group[declared.name]}
            inherited=${valueOf(call, declared)}
            error=${errorAt(errors, `${pointer}/${declared.name}`)}
            onChange=${(/** @type {Json | undefined} */ value) => onValue(declared.name, value)}
            onRemove=${AT_HAND.includes(declared.name) ? null : () => onRemoveColumn(declared.name)}
          />`,
      )}
    </div>
  </fieldset>`;
}

/** @param {{name: string, onInclude: () => void}} props */
function Missing({ name, onInclude }) {
  const { t } = usePage();
  return html`<div class="group group-missing">
    <label class="group-name">
      <input
        type="checkbox"
        class="check"
        aria-label=${t("controls.groups.include", { name })}
        onChange=${onInclude}
      />
      <span class="code">${name}</span>
    </label>
    <p class="group-warning">
      <${Icon} name="warning" /><span>${t("controls.groups.missing", { name })}</span>
    </p>
  </div>`;
}

/**
 * @param {object} props
 * @param {string} props.id
 * @param {Hyperparameter[]} props.columns
 * @param {(name: string) => void} props.onAdd
 */
function AddColumn({ id, columns, onAdd }) {
  const { t } = usePage();
  return html`<select
    id=${id}
    class="select select-quiet"
    aria-label=${t("controls.groups.addColumn")}
    value=""
    onChange=${(/** @type {any} */ { currentTarget }) => onAdd(currentTarget.value)}
  >
    <option value="" disabled hidden>${t("controls.groups.addColumn")}</option>
    ${columns.map(({ name }) => html`<option key=${name} value=${name}>${name}</option>`)}
  </select>`;
}

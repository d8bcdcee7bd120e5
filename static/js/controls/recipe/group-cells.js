/**
 * The cells of a param group's row: when it is added, and the values of its own.
 */

import { html, useState } from "../../../vendor/preact/htm-preact.js";
import { LENGTHS } from "../../state/factors.js";
import { readCell, readNumber, writeCell } from "../parts/check.js";
import { TextInput } from "../parts/field.js";
import { Icon } from "../parts/icons.js";
import { usePage } from "../parts/page.js";

/**
 * @typedef {import("../../state/groups.js").Group} Group
 * @typedef {import("../../state/types.js").Hyperparameter} Hyperparameter
 * @typedef {import("../../state/types.js").Json} Json
 */

/**
 * When a group is added; left empty, it is there from the start.
 *
 * @param {object} props
 * @param {string} props.id
 * @param {Group} props.group
 * @param {string | null} props.error
 * @param {(step: number) => void} props.onChange
 */
export function FromStep({ id, group, error, onChange }) {
  const { t, catalog } = usePage();
  const [problem, setProblem] = useState(/** @type {string | null} */ (null));
  const shown = problem ?? error;
  const from = Number(group.from_step ?? 0);
  const bounds = { minimum: 0, maximum: catalog.limits.max_steps };
  return html`<div
    class=${shown === null ? "group-cell" : "group-cell field-wrong"}
    data-hint=${t("controls.groups.fromStepHint")}
  >
    <span class="group-cell-name code">from_step</span>
    <${TextInput}
      id=${id}
      label=${t("controls.groups.fromStep", { group: group.params.join(" ") })}
      text=${from === 0 ? "" : String(from)}
      placeholder="0"
      read=${(/** @type {string} */ text) => (text.trim() === "" ? { value: 0 } : readNumber(text, bounds, true))}
      wrong=${shown !== null}
      onChange=${onChange}
      onProblem=${setProblem}
    />
    ${shown !== null && html`<p class="field-error" id=${`${id}-error`}>${shown}</p>`}
  </div>`;
}

/**
 * A value of a group's own; left empty, that of the optimizer.
 *
 * @param {object} props
 * @param {string} props.id
 * @param {string} props.group
 * @param {Hyperparameter} props.declared
 * @param {Json | undefined} props.own
 * @param {Json} props.inherited
 * @param {string | null} props.error
 * @param {(value: Json | undefined) => void} props.onChange
 * @param {(() => void) | null} props.onRemove
 */
export function Cell({ id, group, declared, own, inherited, error, onChange, onRemove }) {
  const { t } = usePage();
  const [problem, setProblem] = useState(/** @type {string | null} */ (null));
  const shown = problem ?? error;
  const label = t("controls.groups.value", { name: declared.name, group });
  const isText = declared.kind !== "bool" && declared.kind !== "choice";
  const classes = [
    "group-cell",
    LENGTHS[declared.kind] !== undefined && "group-cell-wide",
    shown !== null && "field-wrong",
  ];
  return html`<div class=${classes.filter(Boolean).join(" ")}>
    <span class="group-cell-name code" aria-hidden="true">
      ${declared.name}
      ${
        onRemove !== null &&
        html`<button
          type="button"
          class="group-cell-remove"
          aria-label=${t("controls.groups.removeColumn", { name: declared.name })}
          data-hint=${t("controls.groups.removeColumn", { name: declared.name })}
          onClick=${onRemove}
        >
          <${Icon} name="close" />
        </button>`
      }
    </span>
    ${
      isText
        ? html`<${TextInput}
            id=${id}
            label=${label}
            text=${writeCell(own ?? null)}
            placeholder=${writeCell(inherited)}
            read=${(/** @type {string} */ text) => readCell(text, declared)}
            wrong=${shown !== null}
            onChange=${(/** @type {Json} */ value) => onChange(value ?? undefined)}
            onProblem=${setProblem}
          />`
        : html`<select
            id=${id}
            class="select"
            aria-label=${label}
            value=${own === undefined ? "" : JSON.stringify(own)}
            onChange=${(/** @type {any} */ { currentTarget }) =>
              onChange(currentTarget.value === "" ? undefined : JSON.parse(currentTarget.value))}
          >
            <option value="">${`= ${String(inherited)}`}</option>
            ${optionsOf(declared).map(
              (option) =>
                html`<option key=${String(option)} value=${JSON.stringify(option)}>
                  ${option === null ? "None" : String(option)}
                </option>`,
            )}
          </select>`
    }
    ${shown !== null && html`<p class="field-error" id=${`${id}-error`}>${shown}</p>`}
  </div>`;
}

/** @param {Hyperparameter} declared */
function optionsOf({ kind, choices = [], optional }) {
  return kind === "bool" ? [true, false] : [...(optional === true ? [null] : []), ...choices];
}

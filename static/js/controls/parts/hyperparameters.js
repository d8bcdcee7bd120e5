/**
 * Controls for the arguments of a torch class, as the catalog declares them.
 */

import { html } from "../../../vendor/preact/htm-preact.js";
import { setHyperparameter, valueOf } from "../../state/edits.js";
import { writeNumber } from "./check.js";
import { SelectField, TextField, ToggleField } from "./field.js";
import { NumberField, PairField, PlainNumber } from "./number-field.js";
import { errorAt, usePage } from "./page.js";
import { below } from "./pointers.js";

/**
 * @typedef {import("../../../vendor/preact/htm-preact.js").Child} Child
 * @typedef {import("../../state/types.js").Call} Call
 * @typedef {import("../../state/types.js").Choice} Choice
 * @typedef {import("../../state/types.js").Hyperparameter} Hyperparameter
 * @typedef {import("../../state/types.js").Json} Json
 * @typedef {import("./page.js").FieldProblem} FieldProblem
 */

/** Arguments that are at hand; where there are many, the others are one disclosure away, but for the first two. */
const AT_HAND = new Set(["lr", "momentum", "weight_decay", "nesterov", "betas", "step_size_up", "patience"]);
const FIRST = 2;

/**
 * @param {object} props
 * @param {string} props.id  prefix of the ids of the controls
 * @param {Call} props.call
 * @param {Choice} props.choice  what the catalog says of the class
 * @param {FieldProblem[]} props.errors  pointers into the call
 * @param {(call: Call) => void} props.onChange
 * @param {boolean} [props.brief]  whether the less common ones go behind a disclosure
 * @param {string[]} [props.groups]  the param groups of the optimizer, for arguments that may differ between them
 * @param {Record<string, Child>} [props.asides]  what is to be said of the values, by the names of the arguments
 */
export function Hyperparameters({
  id,
  call,
  choice,
  errors,
  onChange,
  brief = false,
  groups = [],
  asides = {},
}) {
  const { t } = usePage();
  const isAtHand = (/** @type {Hyperparameter} */ { name }, /** @type {number} */ index) =>
    !brief || index < FIRST || AT_HAND.has(name);
  /** @param {Hyperparameter} declared */
  const control = (declared) =>
    html`<${HyperparameterField}
      key=${declared.name}
      id=${`${id}-${declared.name}`}
      declared=${declared}
      value=${valueOf(call, declared)}
      errors=${below(errors, "/hyperparameters")}
      groups=${declared.per_group === true ? groups : []}
      aside=${asides[declared.name]}
      onChange=${(/** @type {Json} */ value) => onChange(setHyperparameter(call, choice, declared.name, value))}
    />`;
  const atHand = choice.hyperparameters.filter(isAtHand);
  const further = choice.hyperparameters.filter((declared, index) => !isAtHand(declared, index));
  const isUsed = further.some(
    ({ name }) => name in call.hyperparameters || errorAt(errors, `/hyperparameters/${name}`),
  );
  return html`${atHand.map(control)}
  ${
    further.length > 0 &&
    html`<details class="more" key=${choice.name} open=${isUsed || undefined}>
      <summary>${t("controls.runs.advanced", { count: further.length })}</summary>
      ${further.map(control)}
    </details>`
  }`;
}

/**
 * @typedef {object} FieldProps
 * @property {string} id
 * @property {Hyperparameter} declared
 * @property {Json} value
 * @property {string | null} error
 * @property {(value: Json) => void} onChange
 * @property {string} [label]  the name of the argument, unless given
 * @property {Child} [aside]
 */

/**
 * An argument, or one for each param group.
 *
 * @param {Omit<FieldProps, "error"> & {groups: string[], errors: FieldProblem[]}} given
 */
function HyperparameterField({ groups, errors, ...given }) {
  const { t } = usePage();
  const { id, declared, value, onChange } = given;
  const pointer = `/${declared.name}`;
  const props = { ...given, error: errorAt(errors, pointer) };
  if (groups.length < 2 && !isPerGroup(declared, value)) return html`<${ValueField} ...${props} />`;
  if (!isPerGroup(declared, value)) {
    return html`<${ValueField} ...${props} />
      <button
        type="button"
        class="button-link field-aside"
        onClick=${() => onChange(groups.map(() => value ?? declared.suggested ?? null))}
      >
        ${t("controls.groups.each", { name: declared.name })}
      </button>`;
  }
  const values = /** @type {Json[]} */ (value);
  const names = values.map((_, index) => groups[index] ?? String(index));
  const ofAll = errors.find((error) => error.pointer === pointer)?.detail ?? null;
  return html`<fieldset class="field-groups">
    <legend class="field-label code">${declared.name}</legend>
    ${values.map(
      (own, index) =>
        html`<${ValueField}
          key=${index}
          ...${props}
          id=${`${id}-${index}`}
          label=${names[index]}
          value=${own}
          error=${errorAt(errors, `${pointer}/${index}`) ?? ofAll}
          onChange=${(/** @type {Json} */ next) => onChange(values.map((old, i) => (i === index ? next : old)))}
        />`,
    )}
    <button type="button" class="button-link field-aside" onClick=${() => onChange(values[0])}>
      ${t("controls.groups.same", { name: declared.name })}
    </button>
  </fieldset>`;
}

/**
 * @param {Hyperparameter} declared
 * @param {Json} value
 */
function isPerGroup({ per_group: mayBe }, value) {
  return mayBe === true && Array.isArray(value);
}

/**
 * One value of an argument.
 *
 * @param {FieldProps} props
 */
export function ValueField({ id, declared, value, error, onChange, label = declared.name, aside }) {
  const page = usePage();
  const hint = describe(page, declared);
  const common = { id, declared, label, value, error, onChange, hint, code: true };
  const isNumber = declared.kind === "float" || declared.kind === "int";
  const words = declared.choices ?? [];
  if (isNumber && (declared.optional === true || words.length > 0)) {
    return html`<${PlainNumber}
      ...${common}
      bounds=${declared}
      none=${declared.optional === true ? page.t("controls.field.none") : undefined}
      words=${words}
      whole=${declared.kind === "int"}
    />`;
  }
  switch (declared.kind) {
    case "float":
    case "int":
      return html`<${NumberField} ...${common} aside=${aside} />`;
    case "pair":
    case "triple":
      return html`<${PairField} ...${common} />`;
    case "bool":
      return html`<${ToggleField} ...${common} checked=${value === true} />`;
    case "choice":
      return html`<${ChoiceField} ...${common} />`;
    case "expression":
    case "int_list":
      return html`<${TextField} ...${common} />`;
  }
}

/**
 * @param {FieldProps & {hint: string}} props
 */
function ChoiceField({ id, declared, value, error, onChange, hint, label }) {
  const choices = [...(declared.optional === true ? [null] : []), ...(declared.choices ?? [])];
  return html`<${SelectField}
    id=${id}
    label=${label}
    code
    hint=${hint}
    error=${error}
    value=${JSON.stringify(value)}
    options=${choices.map((choice) => ({ value: JSON.stringify(choice), label: choice === null ? "None" : String(choice) }))}
    onChange=${(/** @type {string} */ text) => onChange(JSON.parse(text))}
  />`;
}

/**
 * What is said of an argument, which is not known from the start, and its default, which is.
 *
 * @param {Pick<import("./page.js").Page, "t">} page
 * @param {Pick<Hyperparameter, "description" | "default">} declared
 */
export function describe({ t }, { description, default: standard }) {
  const byDefault = standard === null ? "" : t("controls.field.default", { value: written(standard) });
  return [description, byDefault].filter(Boolean).join(" ");
}

/**
 * @param {Json} value
 * @returns {string}  as Python writes it
 */
export function written(value) {
  if (Array.isArray(value)) return `(${value.map(written).join(", ")})`;
  if (typeof value === "number") return writeNumber(value);
  if (typeof value === "boolean") return value ? "True" : "False";
  return value === null ? "None" : JSON.stringify(value);
}

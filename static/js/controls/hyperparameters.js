/**
 * Controls for the arguments of a torch class, as the catalog declares them.
 */

import { html } from "../../vendor/preact/htm-preact.js";
import { setHyperparameter, valueOf } from "../state/edits.js";
import { NumberField, PairField, PlainNumber, SelectField, TextField, ToggleField } from "./field.js";
import { errorAt, usePage } from "./page.js";

/**
 * @typedef {import("../state/types.js").Call} Call
 * @typedef {import("../state/types.js").Choice} Choice
 * @typedef {import("../state/types.js").Hyperparameter} Hyperparameter
 * @typedef {import("../state/types.js").Json} Json
 * @typedef {import("./page.js").FieldProblem} FieldProblem
 */

/** Arguments that are at hand; the others of an optimizer are one disclosure away, but for its first two. */
const AT_HAND = new Set(["lr", "momentum", "weight_decay", "nesterov", "betas"]);
const FIRST = 2;

/**
 * @param {object} props
 * @param {string} props.id  prefix of the ids of the controls
 * @param {Call} props.call
 * @param {Choice} props.choice  what the catalog says of the class
 * @param {FieldProblem[]} props.errors  pointers into the call
 * @param {(call: Call) => void} props.onChange
 * @param {boolean} [props.brief]  whether the less common ones go behind a disclosure
 */
export function Hyperparameters({ id, call, choice, errors, onChange, brief = false }) {
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
      error=${errorAt(errors, `/hyperparameters/${declared.name}`)}
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
      <summary>${t("runs.advanced", { count: further.length })}</summary>
      ${further.map(control)}
    </details>`
  }`;
}

/**
 * @param {object} props
 * @param {string} props.id
 * @param {Hyperparameter} props.declared
 * @param {Json} props.value
 * @param {string | null} props.error
 * @param {(value: Json) => void} props.onChange
 */
function HyperparameterField({ id, declared, value, error, onChange }) {
  const page = usePage();
  const hint = describe(page, declared);
  const common = { id, declared, value, error, onChange, hint, code: true };
  const isPlain = declared.optional === true && (declared.kind === "float" || declared.kind === "int");
  if (isPlain) {
    return html`<${PlainNumber}
      ...${common}
      label=${declared.name}
      bounds=${declared}
      none=${page.t("field.none")}
      whole=${declared.kind === "int"}
    />`;
  }
  switch (declared.kind) {
    case "float":
    case "int":
      return html`<${NumberField} ...${common} />`;
    case "pair":
      return html`<${PairField} ...${common} />`;
    case "bool":
      return html`<${ToggleField} ...${common} label=${declared.name} checked=${value === true} />`;
    case "choice":
      return html`<${ChoiceField} ...${common} />`;
    case "expression":
    case "int_list":
      return html`<${TextField} ...${common} />`;
  }
}

/**
 * @param {object} props
 * @param {string} props.id
 * @param {Hyperparameter} props.declared
 * @param {Json} props.value
 * @param {string | null} props.error
 * @param {(value: Json) => void} props.onChange
 * @param {string} props.hint
 */
function ChoiceField({ id, declared, value, error, onChange, hint }) {
  const choices = [...(declared.optional === true ? [null] : []), ...(declared.choices ?? [])];
  return html`<${SelectField}
    id=${id}
    label=${declared.name}
    code
    hint=${hint}
    error=${error}
    value=${JSON.stringify(value)}
    options=${choices.map((choice) => ({ value: JSON.stringify(choice), label: choice === null ? "None" : String(choice) }))}
    onChange=${(/** @type {string} */ text) => onChange(JSON.parse(text))}
  />`;
}

/**
 * @param {import("./page.js").Page} page
 * @param {Hyperparameter} declared
 */
function describe({ t, local }, { description, default: standard }) {
  const text = local(description);
  if (standard === null) return text;
  const shown = Array.isArray(standard) ? `(${standard.join(", ")})` : String(standard);
  return t("field.default", { description: text, value: shown });
}

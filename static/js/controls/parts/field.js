/**
 * The frame of a control, and the controls for single values.
 *
 * A control shows the value it is given and reports one that is sound; what is half typed, or wrong, stays with it.
 */

import { html, useEffect, useRef, useState } from "../../../vendor/preact/htm-preact.js";
import { readIntList, readNumber, readText, writeNumber } from "./check.js";
import { usePage } from "./page.js";
import { scaleOf } from "./scale.js";

/**
 * @typedef {import("../../../vendor/preact/htm-preact.js").Child} Child
 * @typedef {import("../../state/types.js").Json} Json
 * @typedef {import("../../state/types.js").Hyperparameter} Hyperparameter
 * @typedef {import("./check.js").Reading} Reading
 * @typedef {import("./check.js").Bounds} Bounds
 */

/**
 * A label with its control, and what is wrong beneath.
 *
 * @param {object} props
 * @param {string} props.label
 * @param {string} [props.id]  of the control that the label names
 * @param {string} [props.hint]
 * @param {boolean} [props.code]  whether the label is a name of torch's
 * @param {string | null} [props.error]
 * @param {Child} [props.children]
 */
export function Field({ label, id, hint, code = false, error = null, children }) {
  const words = code ? breakable(label) : label;
  const text = html`<span class=${code ? "field-label code" : "field-label"} title=${hint}>${words}</span>`;
  return html`<div class=${error === null ? "field" : "field field-wrong"}>
    ${id === undefined ? text : html`<label for=${id}>${text}</label>`}
    <div class="field-control">${children}</div>
    ${error !== null && html`<p class="field-error" id=${id === undefined ? undefined : `${id}-error`}>${error}</p>`}
  </div>`;
}

/**
 * A name of torch's that may be broken after its underscores.
 *
 * @param {string} name
 * @returns {Child}
 */
function breakable(name) {
  return name.split(/(?<=_)/).map((part, index) => (index === 0 ? part : [html`<wbr />`, part]));
}

/**
 * A line of text that stands for a value.
 *
 * @param {object} props
 * @param {string} props.id
 * @param {string} props.text  the value, written
 * @param {(text: string) => Reading} props.read
 * @param {(value: any) => void} props.onChange
 * @param {(problem: string | null) => void} props.onProblem
 * @param {string} [props.label]  for screen readers, where no label element names it
 * @param {string} [props.placeholder]
 * @param {boolean} [props.wrong]
 * @param {(direction: 1 | -1) => void} [props.onNudge]  arrow up or down
 * @param {string} [props.kind]  numeric: a read-out of numbers
 */
export function TextInput({
  id,
  text,
  read,
  onChange,
  onProblem,
  label,
  placeholder,
  wrong,
  onNudge,
  kind = "numeric",
}) {
  const { t } = usePage();
  const [draft, setDraft] = useState(/** @type {string | null} */ (null));
  useEffect(() => {
    setDraft(null);
    onProblem(null);
  }, [text]);

  /** @param {any} event */
  const onInput = (event) => {
    const typed = event.currentTarget.value;
    setDraft(typed);
    const reading = read(typed);
    onProblem("problem" in reading ? t(reading.problem.key, reading.problem.params) : null);
    if ("value" in reading) onChange(reading.value);
  };
  const onBlur = () => {
    if (draft !== null && "value" in read(draft)) setDraft(null);
  };
  /** @param {KeyboardEvent} event */
  const onKeyDown = (event) => {
    if (onNudge === undefined || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
    event.preventDefault();
    setDraft(null);
    onNudge(event.key === "ArrowUp" ? 1 : -1);
  };
  return html`<input
    id=${id}
    class=${`input ${kind}`}
    type="text"
    inputmode=${kind === "numeric" ? "decimal" : "text"}
    autocomplete="off"
    spellcheck="false"
    value=${draft ?? text}
    placeholder=${placeholder}
    aria-label=${label}
    aria-invalid=${wrong === true ? "true" : undefined}
    aria-describedby=${wrong === true ? `${id}-error` : undefined}
    onInput=${onInput}
    onBlur=${onBlur}
    onKeyDown=${onKeyDown}
  />`;
}

/**
 * @param {object} props
 * @param {number} props.position
 * @param {number} props.positions
 * @param {string} props.label
 * @param {string} props.text  the value, for screen readers
 * @param {(position: number) => void} props.onChange
 */
export function Slider({ position, positions, label, text, onChange }) {
  const ref = useRef(/** @type {HTMLInputElement | null} */ (null));
  useEffect(() => {
    ref.current?.style.setProperty("--filled", String(position / positions));
  }, [position, positions]);
  return html`<input
    ref=${ref}
    class="slider"
    type="range"
    min="0"
    max=${positions}
    value=${position}
    aria-label=${label}
    aria-valuetext=${text}
    onInput=${(/** @type {any} */ event) => onChange(Number(event.currentTarget.value))}
  />`;
}

/**
 * A number with a slider beside it.
 *
 * @param {object} props
 * @param {string} props.id
 * @param {Hyperparameter} props.declared
 * @param {Json} props.value
 * @param {(value: number) => void} props.onChange
 * @param {string} [props.label]
 * @param {string} [props.hint]
 * @param {boolean} [props.code]
 * @param {string | null} [props.error]
 */
export function NumberField({
  id,
  declared,
  value,
  onChange,
  label = declared.name,
  hint,
  code,
  error = null,
}) {
  const { t } = usePage();
  const [problem, setProblem] = useState(/** @type {string | null} */ (null));
  const scale = scaleOf(declared);
  const number = typeof value === "number" ? value : NaN;
  const position = Number.isNaN(number) ? 0 : scale.toPosition(number);
  const shown = problem ?? error;
  /** @param {1 | -1} direction */
  const nudge = (direction) => {
    const next = Math.min(Math.max(position + direction, 0), scale.positions);
    onChange(scale.toValue(next));
  };
  return html`<${Field} label=${label} id=${id} hint=${hint} code=${code} error=${shown}>
    <${Slider}
      position=${position}
      positions=${scale.positions}
      label=${t("controls.field.slider", { name: label })}
      text=${writeNumber(value)}
      onChange=${(/** @type {number} */ next) => onChange(scale.toValue(next))}
    />
    <${TextInput}
      id=${id}
      text=${writeNumber(value)}
      read=${(/** @type {string} */ text) => readNumber(text, declared, declared.kind === "int")}
      wrong=${shown !== null}
      onChange=${onChange}
      onProblem=${setProblem}
      onNudge=${nudge}
    />
  <//>`;
}

/**
 * Two numbers, such as betas.
 *
 * @param {object} props
 * @param {string} props.id
 * @param {Hyperparameter} props.declared
 * @param {Json} props.value
 * @param {(value: Json) => void} props.onChange
 * @param {string} [props.label]
 * @param {string} [props.hint]
 * @param {boolean} [props.code]
 * @param {[string, string]} [props.labels]  of the two, for screen readers
 * @param {string | null} [props.error]
 */
export function PairField({
  id,
  declared,
  value,
  onChange,
  label = declared.name,
  hint,
  code,
  labels,
  error = null,
}) {
  const { t } = usePage();
  const [problems, setProblems] = useState(/** @type {(string | null)[]} */ ([null, null]));
  const pair = Array.isArray(value) ? value : [NaN, NaN];
  const shown = problems.find((problem) => problem !== null) ?? error;
  const names = labels ?? [
    t("controls.field.first", { name: label }),
    t("controls.field.second", { name: label }),
  ];
  const standard = Array.isArray(declared.default) ? declared.default : [];
  /**
   * @param {string} text
   * @param {number} index
   * @returns {Reading}
   */
  const read = (text, index) =>
    standard[index] === null && text.trim() === "" ? { value: null } : readNumber(text, declared, false);
  /**
   * @param {number} index
   * @param {string | null} problem
   */
  const setProblem = (index, problem) =>
    setProblems((old) => old.map((one, i) => (i === index ? problem : one)));
  return html`<${Field} label=${label} hint=${hint} code=${code} error=${shown}>
    ${[0, 1].map(
      (index) =>
        html`<${TextInput}
          key=${index}
          id=${`${id}-${index}`}
          label=${names[index]}
          text=${writeNumber(pair[index])}
          placeholder=${standard[index] === null ? t("controls.field.none") : undefined}
          read=${(/** @type {string} */ text) => read(text, index)}
          onChange=${(/** @type {number} */ next) => onChange(pair.map((old, i) => (i === index ? next : old)))}
          onProblem=${(/** @type {string | null} */ problem) => setProblem(index, problem)}
        />`,
    )}
  <//>`;
}

/**
 * A text, or a list of whole numbers.
 *
 * @param {object} props
 * @param {string} props.id
 * @param {Hyperparameter} props.declared
 * @param {Json} props.value
 * @param {(value: Json) => void} props.onChange
 * @param {string} [props.label]
 * @param {string} [props.hint]
 * @param {string | null} [props.error]
 */
export function TextField({ id, declared, value, onChange, label = declared.name, hint, error = null }) {
  const { t } = usePage();
  const [problem, setProblem] = useState(/** @type {string | null} */ (null));
  const isList = declared.kind === "int_list";
  const shown = problem ?? error;
  const text = Array.isArray(value) ? value.join(", ") : String(value ?? "");
  return html`<${Field} label=${label} id=${id} hint=${hint} code error=${shown}>
    <${TextInput}
      id=${id}
      kind="code"
      text=${text}
      placeholder=${isList ? t("controls.field.list") : undefined}
      read=${(/** @type {string} */ typed) => (isList ? readIntList(typed, declared) : readText(typed))}
      wrong=${shown !== null}
      onChange=${onChange}
      onProblem=${setProblem}
    />
  <//>`;
}

/**
 * A number alone, with null as a value where `none` says what that means, or one of a few words.
 *
 * @param {object} props
 * @param {string} props.id
 * @param {string} props.label
 * @param {Json} props.value
 * @param {Bounds} props.bounds
 * @param {(value: Json) => void} props.onChange
 * @param {string} [props.none]
 * @param {Json[]} [props.words]
 * @param {boolean} [props.whole]
 * @param {boolean} [props.code]
 * @param {string} [props.hint]
 * @param {string | null} [props.error]
 * @param {Child} [props.children]  beside it
 */
export function PlainNumber({
  id,
  label,
  value,
  bounds,
  onChange,
  none,
  words = [],
  whole = true,
  code,
  hint,
  error = null,
  children,
}) {
  const [problem, setProblem] = useState(/** @type {string | null} */ (null));
  const shown = problem ?? error;
  /**
   * @param {string} text
   * @returns {Reading}
   */
  const read = (text) => {
    if (none !== undefined && text.trim() === "") return { value: null };
    return words.includes(text.trim()) ? { value: text.trim() } : readNumber(text, bounds, whole);
  };
  const number = typeof value === "number" ? value : (bounds.minimum ?? 0);
  return html`<${Field} label=${label} id=${id} hint=${hint} code=${code} error=${shown}>
    <${TextInput}
      id=${id}
      text=${typeof value === "string" ? value : writeNumber(value)}
      placeholder=${none}
      read=${read}
      wrong=${shown !== null}
      onChange=${onChange}
      onProblem=${setProblem}
      onNudge=${(/** @type {1 | -1} */ direction) => {
        const reading = readNumber(String(number + direction), bounds, whole);
        if ("value" in reading) onChange(/** @type {number} */ (reading.value));
      }}
    />
    ${children}
  <//>`;
}

/**
 * @param {object} props
 * @param {string} props.id
 * @param {string} props.label
 * @param {boolean} props.checked
 * @param {(checked: boolean) => void} props.onChange
 * @param {string} [props.hint]
 * @param {boolean} [props.code]
 * @param {string | null} [props.error]
 */
export function ToggleField({ id, label, checked, onChange, hint, code, error = null }) {
  return html`<${Field} label=${label} id=${id} hint=${hint} code=${code} error=${error}>
    <input
      id=${id}
      class="toggle"
      type="checkbox"
      role="switch"
      checked=${checked}
      onChange=${(/** @type {any} */ event) => onChange(event.currentTarget.checked)}
    />
  <//>`;
}

/**
 * @typedef {{value: string, label: string, disabled?: boolean, title?: string, group?: string}} Option  of one group,
 *   if it names one: groups stand together
 */

/**
 * @param {object} props
 * @param {string} props.id
 * @param {string} props.label
 * @param {string} props.value
 * @param {Option[]} props.options
 * @param {(value: string) => void} props.onChange
 * @param {boolean} [props.code]  whether the label is a name of torch's
 * @param {string} [props.hint]
 * @param {string | null} [props.error]
 */
export function SelectField({ id, label, value, options, onChange, code, hint, error = null }) {
  return html`<${Field} label=${label} id=${id} code=${code} hint=${hint} error=${error}>
    <select
      id=${id}
      class="select"
      value=${value}
      aria-invalid=${error === null ? undefined : "true"}
      onChange=${(/** @type {any} */ event) => onChange(event.currentTarget.value)}
    >
      <${Options} options=${options} />
    </select>
  <//>`;
}

/** @param {{options: Option[]}} props */
function Options({ options }) {
  const groups = [...new Set(options.map(({ group }) => group))];
  return groups.map((group) => {
    const own = options.filter((option) => option.group === group);
    const list = own.map(
      ({ value, label, disabled, title }) =>
        html`<option key=${value} value=${value} disabled=${disabled} title=${title}>${label}</option>`,
    );
    return group === undefined ? list : html`<optgroup key=${group} label=${group}>${list}</optgroup>`;
  });
}

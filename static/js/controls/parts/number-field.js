/**
 * Fields for numbers: beside a slider, in pairs, or by themselves.
 */

import { html, useEffect, useRef, useState } from "../../../vendor/preact/htm-preact.js";
import { LENGTHS } from "../../state/factors.js";
import { readNumber, unusual, writeNumber } from "./check.js";
import { Field, TextInput } from "./field.js";
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
 * @param {(value: any) => void} props.onChange  with a number, or null where nothing is a value
 * @param {number} [props.none]  what null means, where it is a value
 * @param {string} [props.noneText]  how that is told, if not by the number
 * @param {import("./scale.js").Scale<number | null>} [props.scale]  of the slider
 * @param {string} [props.label]
 * @param {string} [props.hint]
 * @param {boolean} [props.code]
 * @param {Child} [props.aside]
 * @param {string | null} [props.error]
 * @param {Child} [props.children]  beside it
 */
export function NumberField({
  id,
  declared,
  value,
  onChange,
  none,
  noneText = none === undefined ? undefined : writeNumber(none),
  scale = scaleOf(declared),
  label = declared.name,
  hint,
  code,
  aside,
  error = null,
  children,
}) {
  const { t } = usePage();
  const [problem, setProblem] = useState(/** @type {string | null} */ (null));
  const number = typeof value === "number" ? value : (none ?? NaN);
  const position = Number.isNaN(number) ? 0 : scale.toPosition(number);
  const shown = problem ?? error;
  const note = unusual(declared, value);
  /** @param {1 | -1} direction */
  const nudge = (direction) => {
    const next = Math.min(Math.max(position + direction, 0), scale.positions);
    onChange(scale.toValue(next));
  };
  return html`<${Field}
    label=${label}
    id=${id}
    hint=${hint}
    code=${code}
    error=${shown}
    aside=${aside}
    note=${note && t(note.key, note.params)}
  >
    ${
      scale.positions > 0 &&
      html`<${Slider}
        position=${position}
        positions=${scale.positions}
        label=${t("controls.field.slider", { name: label })}
        text=${value === null ? noneText : writeNumber(number)}
        onChange=${(/** @type {number} */ next) => onChange(scale.toValue(next))}
      />`
    }
    <${TextInput}
      id=${id}
      text=${writeNumber(value)}
      placeholder=${noneText}
      read=${(/** @type {string} */ text) =>
        none !== undefined && text.trim() === ""
          ? { value: null }
          : readNumber(text, declared, declared.kind === "int")}
      wrong=${shown !== null}
      onChange=${onChange}
      onProblem=${setProblem}
      onNudge=${nudge}
    />
    ${children}
  <//>`;
}

/**
 * Two numbers or three, such as betas.
 *
 * @param {object} props
 * @param {string} props.id
 * @param {Hyperparameter} props.declared
 * @param {Json} props.value
 * @param {(value: Json) => void} props.onChange
 * @param {string} [props.label]
 * @param {string} [props.hint]
 * @param {boolean} [props.code]
 * @param {string[]} [props.labels]  of each, for screen readers
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
  const places = [0, 1, 2].slice(0, LENGTHS[declared.kind]);
  const [problems, setProblems] = useState(/** @type {(string | null)[]} */ (places.map(() => null)));
  const numbers = Array.isArray(value) ? value : places.map(() => NaN);
  const note = unusual(declared, numbers);
  const shown = problems.find((problem) => problem !== null) ?? error;
  const names = labels ?? [
    t("controls.field.first", { name: label }),
    t("controls.field.second", { name: label }),
    t("controls.field.third", { name: label }),
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
  return html`<${Field}
    label=${label}
    errorId=${`${id}-error`}
    hint=${hint}
    hintId=${`${id}-hint`}
    code=${code}
    error=${shown}
    note=${note && t(note.key, note.params)}
  >
    ${places.map(
      (index) =>
        html`<${TextInput}
          key=${index}
          id=${`${id}-${index}`}
          label=${names[index]}
          text=${writeNumber(numbers[index])}
          placeholder=${standard[index] === null ? t("controls.field.none") : undefined}
          read=${(/** @type {string} */ text) => read(text, index)}
          wrong=${error !== null || problems[index] !== null}
          onChange=${(/** @type {number} */ next) => onChange(numbers.map((old, i) => (i === index ? next : old)))}
          onProblem=${(/** @type {string | null} */ problem) => setProblem(index, problem)}
        />`,
    )}
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

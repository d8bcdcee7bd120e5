/**
 * Which field an axis of a map varies, and along which values.
 */

import { html, useState } from "../../../vendor/preact/htm-preact.js";
import { MOST_VALUES, longPath } from "../../state/sweep/axis.js";
import { fieldName } from "../../state/sweep/field-name.js";
import { read, write } from "../../state/notation.js";
import { Field, SelectField, TextInput } from "../parts/field.js";
import { PlainNumber } from "../parts/number-field.js";
import { usePage } from "../parts/page.js";

/**
 * @typedef {import("../../state/sweep/axis.js").Axis} Axis
 * @typedef {import("../parts/check.js").Reading} Reading
 * @typedef {Exclude<keyof import("../../state/sweep/axis.js").Range, "path" | "scale">} NumberOf
 */

/** What is chosen to write a path by hand. */
const OTHER = "other";

/**
 * @param {object} props
 * @param {string} props.id
 * @param {string} props.label
 * @param {Axis | null} props.axis  null: the seeds of the network
 * @param {Axis[]} props.fields  to choose from
 * @param {string} [props.none]  what null stands for, where it can be chosen
 * @param {(axis: Axis | null) => void} props.onChange
 */
export function AxisPicker({ id, label, axis, fields, none, onChange }) {
  const { t } = usePage();
  const [isWriting, setIsWriting] = useState(false);
  const chosen = axis?.path ?? "";
  const isOffered = axis === null || fields.some(({ path }) => path === chosen);
  const options = [
    ...(none === undefined ? [] : [{ value: "", label: none }]),
    ...fields.map(({ path }) => ({ value: path, label: fieldName(path, t) })),
    ...(isOffered ? [] : [{ value: chosen, label: fieldName(chosen, t) }]),
    { value: OTHER, label: t("controls.tune.other") },
  ];
  const choose = (/** @type {string} */ path) => {
    setIsWriting(path === OTHER);
    if (path !== OTHER) onChange(fields.find((one) => one.path === path) ?? (path === "" ? null : axis));
  };
  return html`<fieldset class="axis-picker">
    <legend class="visually-hidden">${label}</legend>
    <${SelectField}
      id=${id}
      label=${label}
      value=${isWriting ? OTHER : chosen}
      options=${options}
      onChange=${choose}
    />
    ${
      isWriting &&
      html`<${Typed}
        id=${`${id}-path`}
        label=${t("controls.tune.path")}
        text=${axis?.path ?? ""}
        read=${readPath}
        onChange=${(/** @type {string} */ path) => onChange({ .../** @type {Axis} */ (axis ?? fields[0]), path })}
      />`
    }
    ${axis !== null && html`<${Values} id=${id} axis=${axis} onChange=${onChange} />`}
  </fieldset>`;
}

/** @param {{id: string, axis: Axis, onChange: (axis: Axis) => void}} props */
function Values({ id, axis, onChange }) {
  const { t } = usePage();
  if ("values" in axis)
    return html`<${Typed}
      id=${`${id}-values`}
      label=${t("controls.tune.values")}
      text=${axis.values.map(write).join(", ")}
      read=${readValues}
      onChange=${(/** @type {any} */ values) => onChange({ path: axis.path, values })}
    />`;
  const { from, to, scale } = axis;
  const isLog = scale === "log";
  const ends = isLog ? { minimum: 0, exclusive_minimum: true } : {};
  const bounds = { from: ends, to: ends, count: { minimum: 2, maximum: MOST_VALUES } };
  const names = /** @type {NumberOf[]} */ (Object.keys(bounds));
  return html`${names.map(
      (name) =>
        html`<${PlainNumber}
          key=${name}
          id=${`${id}-${name}`}
          label=${t(`controls.tune.${name}`)}
          value=${axis[name]}
          bounds=${bounds[name]}
          whole=${name === "count"}
          onChange=${(/** @type {number} */ value) => onChange({ ...axis, [name]: value })}
        />`,
    )}
    <button
      type="button"
      class="button axis-scale"
      aria-pressed=${String(isLog)}
      disabled=${!isLog && Math.min(from, to) <= 0}
      onClick=${() => onChange({ ...axis, scale: isLog ? "linear" : "log" })}
    >
      ${t("controls.tune.log")}
    </button>`;
}

/**
 * @param {string} text
 * @returns {Reading}
 */
function readPath(text) {
  try {
    return { value: longPath(text.trim().replace(/^\/(?!\w)/, "")) };
  } catch {
    return { problem: { key: "controls.tune.noPath" } };
  }
}

/**
 * @param {string} text  "0, 0.5, 0.9" or "[2, 2], [8, 8]"
 * @returns {Reading}
 */
function readValues(text) {
  try {
    const values = read(`[${text.replace(/\s+/g, "")}]`);
    if (Array.isArray(values) && values.length > 0) return { value: values };
  } catch {
    // said below
  }
  return { problem: { key: "controls.tune.noValues" } };
}

/**
 * @param {object} props
 * @param {string} props.id
 * @param {string} props.label
 * @param {string} props.text
 * @param {(text: string) => Reading} props.read
 * @param {(value: any) => void} props.onChange
 */
function Typed({ id, label, text, read, onChange }) {
  const [problem, setProblem] = useState(/** @type {string | null} */ (null));
  return html`<${Field} label=${label} id=${id} error=${problem}>
    <${TextInput}
      id=${id}
      kind="code"
      text=${text}
      read=${read}
      wrong=${problem !== null}
      onChange=${onChange}
      onProblem=${setProblem}
    />
  <//>`;
}

/**
 * The frame of a control, and the controls for single values.
 *
 * A control shows the value it is given and reports one that is sound; what is half typed, or wrong, stays with it, and
 * whoever types is given the time to end.
 */

import {
  createContext,
  html,
  useContext,
  useEffect,
  useRef,
  useState,
} from "../../../vendor/preact/htm-preact.js";
import { actOf } from "../../keys.js";
import { readIntList, readText } from "./check.js";
import { usePage } from "./page.js";

/**
 * @typedef {import("../../../vendor/preact/htm-preact.js").Child} Child
 * @typedef {import("../../state/types.js").Json} Json
 * @typedef {import("../../state/types.js").Hyperparameter} Hyperparameter
 * @typedef {import("./check.js").Reading} Reading
 * @typedef {import("./check.js").Bounds} Bounds
 * @typedef {{hint?: string, aside?: Child, hintId?: string, errorId?: string}} Ties
 */

/** What a field says of the text inputs within it. */
const FieldContext = createContext(/** @type {Ties} */ ({}));

/**
 * A label with its control, and what is wrong beneath. A label with a hint is a button that shows it.
 *
 * @param {object} props
 * @param {string} props.label
 * @param {string} [props.id]  of the control that the label names
 * @param {string} [props.errorId]  of what says what is wrong
 * @param {string} [props.hint]
 * @param {string} [props.hintId]  of the hint, for controls that the label does not name
 * @param {Child} [props.aside]  what is to be said of the value
 * @param {boolean} [props.code]  whether the label is a name of torch's
 * @param {string | null} [props.error]
 * @param {string | null} [props.note]  what is to be said of a value that is allowed
 * @param {Child} [props.children]
 */
export function Field({
  label,
  id,
  errorId = id && `${id}-error`,
  hint,
  code = false,
  error = null,
  note = null,
  aside = null,
  hintId = id && `${id}-hint`,
  children,
}) {
  const words = code ? breakable(label) : label;
  const className = code ? "field-label code" : "field-label";
  const text = html`<span class=${className}>${words}</span>`;
  const isHinted = hint !== undefined && hint !== "";
  const ties = id === undefined ? { hintId: isHinted ? hintId : undefined, errorId } : { hint, aside };
  return html`<div class=${error === null ? "field" : "field field-wrong"}>
    ${
      isHinted
        ? html`<${Hinted} id=${id} hintId=${hintId} className=${className} hint=${hint}>${words}<//>`
        : id === undefined
          ? text
          : html`<label for=${id}>${text}</label>`
    }
    <div class="field-control"><${FieldContext.Provider} value=${ties}>${children}<//></div>
    ${aside !== null && html`<p class="field-note" id=${id && `${id}-aside`}>${aside}</p>`}
    ${error !== null && html`<p class="field-error" id=${errorId}>${error}</p>`}
    ${error === null && note !== null && html`<p class="field-note">${note}</p>`}
  </div>`;
}

/**
 * A label that tells more: its button shows the hint, and its control is described by it.
 *
 * @param {object} props
 * @param {string} [props.id]
 * @param {string} [props.hintId]
 * @param {string} props.className
 * @param {string} props.hint
 * @param {Child} [props.children]
 */
function Hinted({ id, hintId, className, hint, children }) {
  const { t } = usePage();
  return html`<button type="button" class=${`hint-button ${className}`} data-hint=${hint}>
      <span id=${id && `${id}-label`}>${children}</span>
      <span class="visually-hidden">${t("controls.field.help")}</span>
    </button>
    ${hintId !== undefined && html`<span id=${hintId} hidden>${hint}</span>`}`;
}

/**
 * The attributes of a control that tie it to what its field says.
 *
 * @param {string} id
 * @param {Ties & {wrong?: boolean}} said
 */
export function tied(id, { hint, wrong = false, aside = null, hintId, errorId = `${id}-error` }) {
  const hasHint = hint !== undefined && hint !== "";
  const parts = [wrong && errorId, aside !== null && `${id}-aside`, hasHint && `${id}-hint`, hintId].filter(
    Boolean,
  );
  return {
    "aria-labelledby": hasHint ? `${id}-label` : undefined,
    "aria-describedby": parts.length > 0 ? parts.join(" ") : undefined,
    "aria-invalid": wrong ? "true" : undefined,
  };
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

/** Whoever types has paused. */
const PAUSE_MS = 500;

/**
 * A line of text that stands for a value, which is reported after a pause, with Enter, or when the field is left. The
 * field around it names it and says what it is.
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
 * @param {(isWaiting: boolean) => void} [props.onWaiting]  whether what is typed is still to be reported
 * @param {string} [props.kind]  numeric: a read-out of numbers
 * @param {boolean} [props.atOnce]  whether it is reported while it is typed
 * @param {number} [props.longest]  characters
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
  onWaiting,
  kind = "numeric",
  atOnce = false,
  longest,
}) {
  const { t, undo } = usePage();
  const ties = useContext(FieldContext);
  const [draft, setDraft] = useState(/** @type {string | null} */ (null));
  /** @type {{current: {timer: ReturnType<typeof setTimeout>, report: () => void} | null}} */
  const waiting = useRef(null);
  const report = useRef(onChange);
  report.current = onChange;
  /** @param {(() => void) | null} next  what is to be reported, after a pause */
  const wait = (next) => {
    clearTimeout(waiting.current?.timer);
    waiting.current = next === null ? null : { report: next, timer: setTimeout(end, PAUSE_MS) };
    onWaiting?.(next !== null);
  };
  const end = () => {
    const due = waiting.current;
    wait(null);
    due?.report();
  };
  const drop = () => {
    wait(null);
    setDraft(null);
    onProblem(null);
  };
  useEffect(() => {
    if (draft !== null && !isSame(read(draft), read(text))) drop();
  }, [text]);
  useEffect(() => {
    if (draft !== null && "problem" in read(draft)) drop();
  }, [undo.turns]);
  useEffect(() => () => clearTimeout(waiting.current?.timer), []);

  /** @param {any} event */
  const onInput = (event) => {
    const typed = event.currentTarget.value;
    setDraft(typed);
    const reading = read(typed);
    onProblem("problem" in reading ? refusal(reading.problem, text, t) : null);
    wait("value" in reading ? () => report.current(reading.value) : null);
    if (atOnce) end();
  };
  const onBlur = () => {
    end();
    if (draft !== null && "value" in read(draft)) setDraft(null);
  };
  /** @param {KeyboardEvent} event */
  const onKeyDown = (event) => {
    const act = actOf("field", event);
    if (act === "take") return end();
    if (act === null || onNudge === undefined) return;
    event.preventDefault();
    wait(null);
    setDraft(null);
    onNudge(act === "more" ? 1 : -1);
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
    maxlength=${longest}
    aria-label=${label}
    ...${tied(id, { ...ties, wrong })}
    onInput=${onInput}
    onBlur=${onBlur}
    onKeyDown=${onKeyDown}
  />`;
}

/**
 * @param {Reading} one
 * @param {Reading} other
 */
function isSame(one, other) {
  return "value" in one && "value" in other && JSON.stringify(one.value) === JSON.stringify(other.value);
}

/**
 * What is wrong, and what counts meanwhile.
 *
 * @param {{key: string, params?: import("../../languages/translator.js").Params}} problem
 * @param {string} text  the value that is kept
 * @param {import("./page.js").Page["t"]} t
 */
function refusal({ key, params }, text, t) {
  const said = t(key, params);
  return text === "" ? said : `${said} ${t("controls.field.still", { value: text })}`;
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
  const [isWaiting, setIsWaiting] = useState(false);
  const isList = declared.kind === "int_list";
  const mayBeNone = declared.optional === true;
  const shown = problem ?? error;
  const text = Array.isArray(value) ? value.join(", ") : String(value ?? "");
  const note = isWaiting ? t("controls.field.waits") : null;
  return html`<${Field} label=${label} id=${id} hint=${hint} code error=${shown} note=${note}>
    <${TextInput}
      id=${id}
      kind="code"
      text=${text}
      placeholder=${isList ? t("controls.field.list") : mayBeNone ? t("controls.field.none") : undefined}
      read=${(/** @type {string} */ typed) =>
        mayBeNone && typed.trim() === ""
          ? { value: null }
          : isList
            ? readIntList(typed, declared)
            : readText(typed)}
      wrong=${shown !== null}
      onChange=${onChange}
      onProblem=${setProblem}
      onWaiting=${setIsWaiting}
    />
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
      ...${tied(id, { hint, wrong: error !== null })}
      checked=${checked}
      onChange=${(/** @type {any} */ event) => onChange(event.currentTarget.checked)}
    />
  <//>`;
}

/**
 * @typedef {{value: string, label: string, disabled?: boolean}} Option
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
      ...${tied(id, { hint, wrong: error !== null })}
      onChange=${(/** @type {any} */ event) => onChange(event.currentTarget.value)}
    >
      ${options.map(
        ({ value, label, disabled }) =>
          html`<option key=${value} value=${value} disabled=${disabled}>${label}</option>`,
      )}
    </select>
  <//>`;
}

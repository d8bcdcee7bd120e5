/**
 * Python code, to read and to copy.
 */

import { html, useEffect, useRef, useState } from "../../../vendor/preact/htm-preact.js";
import { copyText } from "../../saving/hand-out.js";
import { diffLines } from "./diff.js";
import { Icon } from "./icons.js";
import { usePage } from "./page.js";
import { tokenize } from "./python.js";

/** How long it is said that the code has been copied. */
const NEWS_LAST_MS = 2500;

/** @typedef {"idle" | "copied" | "failed"} CopyState */

/**
 * @param {object} props
 * @param {string} props.code
 * @param {string} props.label
 * @param {string | null} [props.before]  another script: the lines in which this one differs from it are marked
 */
export function CodeBlock({ code, label, before = null }) {
  const { t } = usePage();
  const ref = useRef(/** @type {HTMLElement | null} */ (null));
  const [copy, setCopy] = useState(/** @type {CopyState} */ ("idle"));
  const onCopy = async () => {
    setCopy((await copyText(code)) ? "copied" : "failed");
    setTimeout(() => setCopy("idle"), NEWS_LAST_MS);
    if (ref.current !== null) getSelection()?.selectAllChildren(ref.current);
  };
  return html`<div class="code-block">
    <div class="code-bar">
      <span class="code-label">${label}</span>
      <span class="code-news" role="status">${copy !== "idle" && t(`controls.code.${copy}`)}</span>
      <button type="button" class="button" onClick=${onCopy}>
        <${Icon} name=${copy === "copied" ? "check" : "copy"} />${t("controls.code.copy")}
      </button>
    </div>
    ${before !== null && html`<p class="code-marks">${t("controls.code.marks")}</p>`}
    <pre class="code-text" tabindex="0" aria-label=${label}><code ref=${ref}>${
      before === null ? tokenize(code).map(piece) : html`<${CodeLines} code=${code} before=${before} />`
    }</code></pre>
  </div>`;
}

/** @param {import("./python.js").Token} token */
function piece({ kind, text }) {
  return kind === "plain" ? text : html`<span class=${`code-${kind}`}>${text}</span>`;
}

const TAGS = { same: "span", added: "ins", removed: "del" };

/**
 * Code with the lines that other code has not, and those that it lacks; the first of them in sight.
 *
 * @param {{code: string, before: string}} props
 */
export function CodeLines({ code, before }) {
  const ref = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    const mark = ref.current?.querySelector("ins, del");
    const frame = mark?.closest("pre");
    if (!mark || !frame) return;
    const above = mark.getBoundingClientRect().top - frame.getBoundingClientRect().top;
    frame.scrollTop += above - frame.clientHeight / 2;
  }, [code, before]);
  return html`<span ref=${ref} class="code-lines"
    >${diffLines(before, code).map(
      ({ kind, tokens }) =>
        html`<${TAGS[kind]} class=${`code-line code-${kind}`}>${tokens.map(piece)}${"\n"}<//>`,
    )}</span
  >`;
}

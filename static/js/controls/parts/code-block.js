/**
 * Python code, to read and to copy.
 */

import { html, useRef, useState } from "../../../vendor/preact/htm-preact.js";
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
 */
export function CodeBlock({ code, label }) {
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
    <pre class="code-text" tabindex="0" aria-label=${label}><code ref=${ref}>${tokenize(code).map(
      ({ kind, text }) => (kind === "plain" ? text : html`<span class=${`code-${kind}`}>${text}</span>`),
    )}</code></pre>
  </div>`;
}

/**
 * @param {string} text
 * @returns {Promise<boolean>}  whether it is on the clipboard
 */
async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false; // no permission, or no secure context
  }
}

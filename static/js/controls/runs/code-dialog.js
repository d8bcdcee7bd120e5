/**
 * The script that trains a run without Optiscope.
 */

import { html, useEffect, useState } from "../../../vendor/preact/htm-preact.js";
import { tellTrouble } from "../../api/trouble.js";
import { CodeBlock } from "../parts/code-block.js";
import { Dialog } from "../parts/dialog.js";
import { usePage } from "../parts/page.js";

/**
 * @param {object} props
 * @param {import("../parts/page.js").RunView} props.view
 * @param {() => void} props.onClose
 */
export function CodeDialog({ view, onClose }) {
  const { t, say, api } = usePage();
  const [code, setCode] = useState(/** @type {string | null} */ (null));
  const [problem, setProblem] = useState(/** @type {string | null} */ (null));
  useEffect(() => {
    const abort = new AbortController();
    api.code(view.config, abort.signal).then(setCode, (error) => {
      if (!abort.signal.aborted) setProblem(tellTrouble(error, { t, say }));
    });
    return () => abort.abort();
  }, []);
  return html`<${Dialog}
    id="code"
    kind="dialog-code"
    title=${t("controls.code.title", { name: view.label })}
    onClose=${onClose}
  >
    <p class="dialog-lead">${t("controls.code.lead")}</p>
    ${problem !== null && html`<p class="field-error" role="alert">${problem}</p>`}
    ${code !== null && html`<${CodeBlock} code=${code} label=${t("controls.code.script")} />`}
    ${code === null && problem === null && html`<p class="dialog-waiting">${t("controls.code.waiting")}</p>`}
  <//>`;
}

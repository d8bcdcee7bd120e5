/**
 * The script that trains a run without Optiscope, and in which lines it differs from that of another one.
 */

import { html, useState } from "../../../vendor/preact/htm-preact.js";
import { withoutMistakes } from "../../state/mistakes.js";
import { CodeBlock } from "../parts/code-block.js";
import { Dialog } from "../parts/dialog.js";
import { SelectField } from "../parts/field.js";
import { usePage } from "../parts/page.js";
import { useScript } from "../parts/script.js";

/**
 * @typedef {import("../parts/page.js").RunView} RunView
 */

/** The same run without its mistakes. */
const CORRECT = "correct";

/**
 * @param {object} props
 * @param {RunView} props.view
 * @param {() => void} props.onClose
 */
export function CodeDialog({ view, onClose }) {
  const { t, runs } = usePage();
  const correct = withoutMistakes(view.config);
  const [against, setAgainst] = useState(correct === null ? "" : CORRECT);
  const others = runs.filter(({ id }) => id !== view.id);
  const other = against === CORRECT ? correct : (others.find(({ id }) => id === against)?.config ?? null);
  const { code, problem } = useScript(view.config);
  const { code: before } = useScript(other);
  return html`<${Dialog}
    id="code"
    kind="dialog-code"
    title=${t("controls.code.title", { name: view.label })}
    onClose=${onClose}
  >
    <p class="dialog-lead">${t("controls.code.lead")}</p>
    <div class="dialog-against">
      <${SelectField}
        id="code-against"
        label=${t("controls.code.against")}
        value=${against}
        options=${[
          { value: "", label: t("controls.code.alone") },
          ...(correct === null ? [] : [{ value: CORRECT, label: t("controls.code.correct") }]),
          ...others.map(({ id, label }) => ({ value: id, label })),
        ]}
        onChange=${setAgainst}
      />
    </div>
    ${problem !== null && html`<p class="field-error" role="alert">${problem}</p>`}
    ${
      code !== null &&
      html`<${CodeBlock}
        code=${code}
        label=${t("controls.code.script")}
        before=${other === null ? null : before}
      />`
    }
    ${code === null && problem === null && html`<p class="dialog-waiting">${t("controls.code.waiting")}</p>`}
  <//>`;
}

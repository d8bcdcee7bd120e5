/**
 * The script that trains a run without Optiscope, and in which lines it differs from that of another one.
 */

import { html, useEffect, useState } from "../../../vendor/preact/htm-preact.js";
import { tellTrouble } from "../../api/trouble.js";
import { withoutMistakes } from "../../state/mistakes.js";
import { CodeBlock } from "../parts/code-block.js";
import { Dialog } from "../parts/dialog.js";
import { SelectField } from "../parts/field.js";
import { usePage } from "../parts/page.js";

/**
 * @typedef {import("../../state/types.js").RunConfig} RunConfig
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
  const { code, problem } = useCode(view.config);
  const { code: before } = useCode(other);
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

/**
 * The script of a run, once the server has written it.
 *
 * @param {RunConfig | null} config  null: none is wanted
 * @returns {{code: string | null, problem: string | null}}
 */
export function useCode(config) {
  const { t, say, api } = usePage();
  const wanted = JSON.stringify(config);
  const [found, setFound] = useState({ of: "", code: /** @type {string | null} */ (null), problem: /** @type {string | null} */ (null) }); // prettier-ignore
  useEffect(() => {
    if (config === null) return undefined;
    const abort = new AbortController();
    api.code(config, abort.signal).then(
      (code) => setFound({ of: wanted, code, problem: null }),
      (error) => {
        if (!abort.signal.aborted)
          setFound({ of: wanted, code: null, problem: tellTrouble(error, { t, say }) });
      },
    );
    return () => abort.abort();
  }, [wanted]);
  return found.of === wanted ? found : { code: null, problem: null };
}

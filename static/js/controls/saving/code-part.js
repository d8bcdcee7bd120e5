/** The comparison as what a terminal, a script with the client, or plain PyTorch takes. */

import { html, useState } from "../../../vendor/preact/htm-preact.js";
import { curlOf, pythonOf } from "../../saving/commands.js";
import { CodeBlock } from "../parts/code-block.js";
import { SelectField } from "../parts/field.js";
import { usePage } from "../parts/page.js";
import { useScript } from "../parts/script.js";
import { NO_CONFIG } from "../../state/watched.js";

const WAYS = /** @type {const} */ (["curl", "python", "pytorch"]);

export function CodePart() {
  const { t, runs } = usePage();
  const [way, setWay] = useState(/** @type {(typeof WAYS)[number]} */ ("curl"));
  const asked = runs.map(({ request }) => request);
  const labels = runs.map(({ label }) => label);
  const code = way === "curl" ? curlOf(location.origin, asked) : pythonOf(location.origin, asked, labels);
  return html`
    <div class="switch" role="group" aria-label=${t("controls.save.code.as")}>
      ${WAYS.map(
        (name) =>
          html`<button
            key=${name}
            type="button"
            aria-pressed=${String(name === way)}
            onClick=${() => setWay(name)}
          >
            ${t(`controls.save.code.ways.${name}`)}
          </button>`,
      )}
    </div>
    <p class="save-lead">${t(`controls.save.code.about.${way}`)}</p>
    ${
      way === "pytorch"
        ? html`<${Script} />`
        : html`<${CodeBlock} code=${code} label=${t(`controls.save.code.ways.${way}`)} />`
    }
  `;
}

/** The plain script of one run. */
function Script() {
  const { t, ...page } = usePage();
  const runs = page.runs.filter(({ watched }) => !watched);
  const [of, setOf] = useState(runs[0]?.id ?? "");
  const { code, problem } = useScript(runs.find(({ id }) => id === of)?.config ?? null);
  return html`
    <div class="save-fields">
      <${SelectField}
        id="save-script"
        label=${t("controls.save.code.run")}
        value=${of}
        options=${runs.map(({ id, label }) => ({ value: id, label }))}
        onChange=${setOf}
      />
    </div>
    ${problem !== null && html`<p class="field-error" role="alert">${problem}</p>`}
    ${code !== null && html`<${CodeBlock} code=${code} label=${t("controls.code.script")} />`}
    ${runs.length === 0 && html`<p class="dialog-waiting">${t("controls.loops.noConfig")} <code>${NO_CONFIG.code}</code></p>`}
    ${runs.length > 0 && code === null && problem === null && html`<p class="dialog-waiting">${t("controls.code.waiting")}</p>`}
  `;
}

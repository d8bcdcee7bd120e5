/**
 * The classic mistakes of a training loop: one is chosen, its lines are seen, and it is made for real in a run beside.
 */

import { html, useEffect, useState } from "../../../vendor/preact/htm-preact.js";
import { tellTrouble } from "../../api/trouble.js";
import { entriesIn } from "../../languages/catalog.js";
import { configsOf } from "../../state/configs.js";
import { freeSlot } from "../../state/edits.js";
import { layersOn } from "../../state/layers.js";
import { madeOf, sharedBy } from "../../state/mistakes.js";
import { CodeBlock } from "../parts/code-block.js";
import { closeDialog, Dialog } from "../parts/dialog.js";
import { SelectField } from "../parts/field.js";
import { PlainNumber } from "../parts/number-field.js";
import { usePage } from "../parts/page.js";
import { useScript } from "../parts/script.js";
import { LoopCode } from "../recipe/loop-code.js";

/**
 * @typedef {import("../../state/mistakes.js").Mistake} Mistake
 * @typedef {import("../../state/mistakes.js").Where} Where
 * @typedef {import("../../state/types.js").Run} Run
 * @typedef {import("../../state/types.js").State} State
 */

/**
 * @param {object} props
 * @param {Run} props.run
 * @param {string} props.name
 * @param {() => void} props.onClose
 */
export function BreakDialog({ run, name, onClose }) {
  const { t } = usePage();
  const { mistakes, problem } = useMistakes();
  const [chosen, setChosen] = useState(/** @type {string | null} */ (null));
  const mistake = mistakes.find((one) => one.name === chosen) ?? mistakes[0];
  return html`<${Dialog}
    id="break"
    kind="dialog-break"
    title=${t("controls.break.title", { name })}
    onClose=${onClose}
  >
    <p class="dialog-lead">${t("controls.break.lead")}</p>
    ${problem !== null && html`<p class="field-error" role="alert">${problem}</p>`}
    <div class="break">
      <fieldset class="break-list">
        <legend class="break-legend">${t("controls.break.choose")}</legend>
        ${mistakes.map(
          (one) =>
            html`<label key=${one.name} class="break-choice">
              <input
                type="radio"
                name="mistake"
                checked=${one === mistake}
                onChange=${() => setChosen(one.name)}
              />
              <span>
                <span class="break-title">${one.title}</span>
                <span class="break-summary">${one.summary}</span>
              </span>
            </label>`,
        )}
      </fieldset>
      ${mistake !== undefined && html`<${Made} key=${mistake.name} mistake=${mistake} run=${run} />`}
    </div>
  <//>`;
}

/** The mistakes of the catalog that this problem can show, in the language of the page. */
function useMistakes() {
  const { t, say, api, words, problem, state } = usePage();
  const [mistakes, setMistakes] = useState(/** @type {Mistake[]} */ ([]));
  const [trouble, setTrouble] = useState(/** @type {string | null} */ (null));
  useEffect(() => {
    const abort = new AbortController();
    api.loopMistakes(abort.signal).then(setMistakes, (error) => {
      if (!abort.signal.aborted) setTrouble(tellTrouble(error, { t, say }));
    });
    return () => abort.abort();
  }, []);
  const isNetwork = problem.kind === "dataset" && layersOn(problem, state.hidden).length > 1;
  const fitting = mistakes.filter((mistake) => isNetwork || !mistake.of_networks);
  return { mistakes: entriesIn("loop_mistakes", fitting, words.catalogText), problem: trouble };
}

/**
 * What the mistake changes in the script, and the button that makes it.
 *
 * @param {{mistake: Mistake, run: Run}} props
 */
function Made({ mistake, run }) {
  const { t, state, problem, catalog, edit, kept } = usePage();
  const layers = problem.kind === "function" ? ["xy"] : layersOn(problem, state.hidden);
  const [where, setWhere] = useState({
    layer: layers[Math.min(1, layers.length - 1)],
    step: Math.max(1, kept.step() % state.steps || Math.floor(state.steps / 2)),
  });
  const choices = Object.values(mistake.choices);
  const { correct, broken, isChanged } = madeOf(mistake, run, where);
  const shared = sharedBy(mistake, state, problem);
  const [before, after] = configsOf({ ...state, ...shared, runs: [correct, broken] }, problem);
  const { code, problem: trouble } = useScript(after);
  const { code: other } = useScript(before);
  const count = isChanged ? 2 : 1;
  const most = catalog.limits.max_compared_runs;
  const isFull = state.runs.length + count > most;
  /** @param {any} event */
  const make = ({ currentTarget }) => {
    edit((now) => ({ ...withRuns(now, isChanged ? [correct, broken] : [broken]), ...shared }));
    closeDialog(currentTarget);
  };
  return html`<section class="break-made" aria-label=${mistake.title}>
    ${
      choices.includes("layer") &&
      html`<${SelectField}
        id="break-layer"
        label=${t("controls.break.layer")}
        value=${where.layer}
        options=${layers.map((layer) => ({ value: layer, label: layer }))}
        onChange=${(/** @type {string} */ layer) => setWhere({ ...where, layer })}
      />`
    }
    ${
      choices.includes("step") &&
      html`<${PlainNumber}
        id="break-step"
        label=${t("controls.break.step")}
        value=${where.step}
        bounds=${{ minimum: 1, maximum: state.steps - 1 }}
        onChange=${(/** @type {number} */ step) => setWhere({ ...where, step })}
      />`
    }
    ${isChanged && html`<p class="part-note">${t("controls.break.given")}</p>`}
    <button
      type="button"
      class="button button-primary"
      disabled=${isFull}
      data-hint=${isFull ? t("controls.runs.full", { count: most }) : undefined}
      onClick=${make}
    >
      ${t("controls.break.make", { count })}
    </button>
    ${trouble !== null && html`<p class="field-error" role="alert">${trouble}</p>`}
    <${LoopCode} run=${broken} against=${correct} />
    ${
      code !== null &&
      other !== null &&
      html`<${CodeBlock} code=${code} label=${t("controls.code.script")} before=${other} />`
    }
  </section>`;
}

/**
 * Further runs, the last of them selected.
 *
 * @param {State} state
 * @param {Run[]} added
 * @returns {Partial<State>}
 */
function withRuns(state, added) {
  const runs = [...state.runs];
  for (const run of added) runs.push({ ...run, slot: freeSlot(runs) });
  return { runs, selected: runs[runs.length - 1].slot };
}

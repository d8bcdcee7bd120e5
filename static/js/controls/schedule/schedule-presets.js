/**
 * Schedules that people use, composed for this run, ready to be changed.
 */

import { html, useEffect, useState } from "../../../vendor/preact/htm-preact.js";
import { tellTrouble } from "../../api/trouble.js";
import { valueOf } from "../../state/edits.js";
import { tidy } from "../../state/schedule.js";
import { rateOf } from "../../state/suggested-rates.js";
import { entriesIn } from "../../languages/catalog.js";
import { find } from "../parts/choices.js";
import { usePage } from "../parts/page.js";

/**
 * @typedef {import("../../api/resources.js").SchedulePreset} SchedulePreset
 * @typedef {import("../../state/schedule.js").Schedule} Schedule
 * @typedef {import("../../state/types.js").RunConfig} RunConfig
 */

/**
 * @param {object} props
 * @param {RunConfig} props.config  of the run that they are for
 * @param {(schedule: Schedule) => void} props.onChoose
 */
export function SchedulePresets({ config, onChoose }) {
  const { t, say, words, api, catalog } = usePage();
  const [presets, setPresets] = useState(/** @type {SchedulePreset[]} */ ([]));
  const [problem, setProblem] = useState(/** @type {string | null} */ (null));
  useEffect(() => {
    const abort = new AbortController();
    api.schedulePresets(fitting(config, catalog), abort.signal).then(setPresets, (error) => {
      if (!abort.signal.aborted) setProblem(tellTrouble(error, { t, say }));
    });
    return () => abort.abort();
  }, []);
  const worded = entriesIn("lr_scheduler_presets", presets, words.catalogText);
  const packages = [...new Set(worded.map((preset) => preset.package))];
  const isAtHand = (config.lr_scheduler ?? null) === null;
  return html`<section class="presets">
    <h3>${t("controls.schedule.presets")}</h3>
    ${packages.map(
      (name, index) =>
        html`<details key=${name} class="more" open=${(isAtHand && index === 0) || undefined}>
          <summary><span class="code">${name}</span></summary>
          <ul class="preset-list">
            ${worded
              .filter((preset) => preset.package === name)
              .map((preset) => html`<${Preset} key=${preset.name} preset=${preset} onChoose=${onChoose} />`)}
          </ul>
        </details>`,
    )}
    ${problem !== null && html`<p class="field-error" role="alert">${problem}</p>`}
  </section>`;
}

/**
 * @param {object} props
 * @param {SchedulePreset} props.preset
 * @param {(schedule: Schedule) => void} props.onChoose
 */
function Preset({ preset: { title, summary, paper, lr_scheduler: schedule }, onChoose }) {
  return html`<li>
    <button
      type="button"
      class="preset"
      data-hint=${`${summary}\n${paper}`}
      onClick=${() => onChoose(tidy(schedule))}
    >
      ${title}
    </button>
  </li>`;
}

/**
 * What a preset has to know of a run.
 *
 * @param {RunConfig} config
 * @param {import("../../state/types.js").Catalog} catalog
 */
function fitting({ optimizer, steps = 1 }, catalog) {
  const choice = find(catalog.optimizers, optimizer.name);
  const declared = rateOf(choice);
  const lr = declared === undefined ? NaN : Number(valueOf(optimizer, declared));
  return { steps, lr: lr > 0 ? lr : 1, cycleMomentum: typeof choice.momentum_key === "string" };
}

/**
 * Schedules that people use, composed for this run, ready to be changed.
 */

import { html, useEffect, useState } from "../../../vendor/preact/htm-preact.js";
import { tellTrouble } from "../../api/trouble.js";
import { valueOf } from "../../state/edits.js";
import { tidy } from "../../state/schedule.js";
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
  return html`<section class="presets">
    <h3>${t("controls.schedule.presets")}</h3>
    <ul class="preset-list">
      ${entriesIn("lr_scheduler_presets", presets, words.catalogText).map(
        ({ name, title, summary, lr_scheduler: schedule }) =>
          html`<li key=${name}>
            <button type="button" class="preset" title=${summary} onClick=${() => onChoose(tidy(schedule))}>
              ${title}
            </button>
          </li>`,
      )}
    </ul>
    ${problem !== null && html`<p class="field-error" role="alert">${problem}</p>`}
  </section>`;
}

/**
 * What a preset has to know of a run.
 *
 * @param {RunConfig} config
 * @param {import("../../state/types.js").Catalog} catalog
 */
function fitting({ optimizer, steps = 1 }, catalog) {
  const { hyperparameters, momentum_key: momentum } = find(catalog.optimizers, optimizer.name);
  const declared = hyperparameters.find(({ name }) => name === "lr");
  const lr = declared === undefined ? NaN : Number(valueOf(optimizer, declared));
  return { steps, lr: lr > 0 ? lr : 1, cycleMomentum: typeof momentum === "string" };
}

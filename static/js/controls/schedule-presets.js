/**
 * Schedules that people use, composed for this run, ready to be changed.
 */

import { html, useEffect, useState } from "../../vendor/preact/htm-preact.js";
import { usePage } from "./page.js";

/**
 * @typedef {import("../api/resources.js").SchedulePreset} SchedulePreset
 * @typedef {import("../state/schedule.js").Schedule} Schedule
 * @typedef {import("../state/types.js").RunConfig} RunConfig
 */

/**
 * @param {object} props
 * @param {RunConfig} props.config  of the run that they are for
 * @param {(schedule: Schedule) => void} props.onChoose
 */
export function SchedulePresets({ config, onChoose }) {
  const { t, local, api } = usePage();
  const [presets, setPresets] = useState(/** @type {SchedulePreset[]} */ ([]));
  const [problem, setProblem] = useState(/** @type {string | null} */ (null));
  useEffect(() => {
    const abort = new AbortController();
    const { lr_scheduler: _, ...plain } = config;
    api.schedulePresets(plain, abort.signal).then(setPresets, (error) => {
      if (!abort.signal.aborted) setProblem(error.message);
    });
    return () => abort.abort();
  }, []);
  return html`<section class="presets">
    <h3>${t("schedule.presets")}</h3>
    <ul class="preset-list">
      ${presets.map(
        ({ name, title, summary, lr_scheduler: schedule }) =>
          html`<li key=${name}>
            <button type="button" class="preset" title=${local(summary)} onClick=${() => onChoose(schedule)}>
              ${local(title)}
            </button>
          </li>`,
      )}
    </ul>
    ${problem !== null && html`<p class="field-error" role="alert">${problem}</p>`}
  </section>`;
}

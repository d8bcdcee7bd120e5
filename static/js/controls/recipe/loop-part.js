/**
 * The habits of the training loop, for those who want to see what comes of others.
 */

import { html } from "../../../vendor/preact/htm-preact.js";
import { LOOP_HABITS, loopField, TUTORIAL_LOOP } from "../../state/loop.js";
import { ToggleField } from "../parts/field.js";
import { errorAt, usePage } from "../parts/page.js";

/** @typedef {import("../parts/page.js").PartProps} PartProps */

/** @param {PartProps} props */
export function LoopPart({ id, run, errors, change }) {
  const { t } = usePage();
  const loop = { ...TUTORIAL_LOOP, ...run.loop };
  const own = Object.keys(run.loop ?? {});
  return html`<section class="part">
    <details class="more">
      <summary id=${`${id}-loop`}>
        ${t("controls.loop.title")}
        <span class="more-aside">${own.length === 0 ? t("controls.loop.tutorial") : own.join(", ")}</span>
      </summary>
      ${LOOP_HABITS.map(
        (habit) =>
          html`<${ToggleField}
            key=${habit}
            id=${`${id}-loop-${habit}`}
            label=${habit}
            code
            hint=${t(`controls.loop.${habit}`)}
            checked=${loop[habit]}
            error=${errorAt(errors, `/loop/${habit}`)}
            onChange=${(/** @type {boolean} */ value) =>
              change({ loop: loopField({ ...loop, [habit]: value }).loop })}
          />`,
      )}
    </details>
  </section>`;
}

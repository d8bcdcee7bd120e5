/**
 * The layers of a run, each with a lock.
 */

import { html } from "../../../vendor/preact/htm-preact.js";
import { freezeAllLike, frozenLayers, toggleFreeze } from "../../state/edits.js";
import { layerNames } from "../../state/layers.js";
import { Field } from "../parts/field.js";
import { Icon } from "../parts/icons.js";
import { errorAt, usePage } from "../parts/page.js";

/** @typedef {import("../parts/page.js").PartProps} PartProps */

/** @param {PartProps & {alone?: boolean}} props  alone: there are no other runs to lock likewise */
export function LayersPart({ id, run, errors, change, alone = false }) {
  const { t, state, edit } = usePage();
  const frozen = frozenLayers(run);
  const others = alone ? [] : state.runs.filter(({ slot, kept }) => slot !== run.slot && kept === undefined);
  const differs = others.some((other) => JSON.stringify(other.freeze) !== JSON.stringify(run.freeze));
  return html`<section class="part">
    <${Field}
      label=${t("controls.runs.layers")}
      hint=${t("controls.runs.lockHint")}
      error=${errorAt(errors, "/freeze")}
    >
      <div
        id=${`${id}-freeze`}
        class="locks"
        role="group"
        aria-label=${t("controls.runs.layers")}
        tabindex="-1"
      >
        ${layerNames(state.hidden).map((layer) => {
          const locked = frozen.has(layer);
          return html`<button
            key=${layer}
            type="button"
            class="lock"
            aria-pressed=${String(locked)}
            aria-label=${t("controls.runs.lock", { layer })}
            title=${t(locked ? "controls.runs.unlock" : "controls.runs.lock", { layer })}
            onClick=${() => change({ freeze: toggleFreeze(run, layer) })}
          >
            <${Icon} name=${locked ? "lock" : "unlock"} /><span class="code">${layer}</span>
          </button>`;
        })}
      </div>
    <//>
    ${
      differs &&
      html`<button
        type="button"
        class="button button-quiet"
        onClick=${() => edit((now) => freezeAllLike(now, run.slot))}
      >
        ${t("controls.runs.lockAll")}
      </button>`
    }
  </section>`;
}

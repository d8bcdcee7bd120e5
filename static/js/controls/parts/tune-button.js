/**
 * From a run to its map in the place Tune.
 */

import { html } from "../../../vendor/preact/htm-preact.js";
import { Icon } from "./icons.js";
import { usePage } from "./page.js";

/** @param {{run: import("../../state/types.js").Run}} props */
export function TuneButton({ run }) {
  const { t, edit } = usePage();
  /** @param {import("../../state/types.js").State} now @returns {Partial<import("../../state/types.js").State>} */
  const alone = ({ tune }) => ({
    ...{ place: "tune", lesson: null, page: 0 },
    ...{ selected: run.slot, tune: { ...tune, kind: "map", of: "selected" } },
  });
  return html`<button
    type="button"
    class="button"
    data-hint=${t("controls.runs.tuneHint")}
    onClick=${() => edit(alone)}
  >
    <${Icon} name="map" />${t("controls.runs.tune")}
  </button>`;
}

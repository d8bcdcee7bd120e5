/**
 * Which layers' rates the edge of trainability is of, how fine it is, and how far one has gone into it.
 */

import { html } from "../../../vendor/preact/htm-preact.js";
import { ratedLayers, ratedParts } from "../../state/sweep/edge.js";
import { SelectField } from "../parts/field.js";
import { usePage } from "../parts/page.js";
import { TuneSettings } from "./tune-settings.js";

/** Cells along each side that are offered. */
const CELLS = [32, 64, 128, 256, 512];

/** @param {{onZoom: (factor: number) => void}} props */
export function EdgeBar({ onZoom }) {
  const { t, state, edit } = usePage();
  const parts = ratedParts(state);
  const { across, up } = ratedLayers(state);
  const look = (/** @type {Partial<typeof state.edge>} */ change) =>
    edit((now) => ({ edge: { ...now.edge, ...change } }));
  const layer = (/** @type {"x" | "y"} */ side, /** @type {string} */ value, /** @type {string} */ other) =>
    html`<${SelectField}
      id=${`edge-${side}`}
      label=${t(`views.edge.${side === "x" ? "across" : "up"}`)}
      value=${value}
      options=${parts.map((part) => ({ value: part, label: part, disabled: part === other }))}
      onChange=${(/** @type {string} */ part) => look({ [side]: parts.indexOf(part) })}
    />`;
  const button = (/** @type {string} */ name, /** @type {number} */ factor) =>
    html`<button type="button" class="button" onClick=${() => onZoom(factor)}>
      ${t(`views.edge.${name}`)}
    </button>`;
  const size = (/** @type {number} */ count) => `${count} × ${count}`;
  return html`<div class="tune-bar edge-bar">
    <${TuneSettings} summary=${`${across} × ${up} · ${size(state.edge.cells)}`}>
      ${layer("x", across, up)} ${layer("y", up, across)}
      <${SelectField}
        id="edge-cells"
        label=${t("views.edge.cells")}
        value=${String(state.edge.cells)}
        options=${[...new Set([...CELLS, state.edge.cells])].map((count) => ({ value: String(count), label: size(count) }))}
        onChange=${(/** @type {string} */ count) => look({ cells: Number(count) })}
      />
    <//>
    <div class="edge-zoom">${button("zoomIn", 0.5)} ${button("zoomOut", 2)} ${button("whole", Infinity)}</div>
  </div>`;
}

/**
 * What comes of hyperparameters that follow a factor: the server works it out, and it is drawn small.
 */

import { html } from "../../../vendor/preact/htm-preact.js";
import { configsOf } from "../../state/configs.js";
import { schedulePlot } from "../../views/charts/schedule-figure.js";
import { formatNumber } from "../../views/drawing/numbers.js";
import { usePage } from "../parts/page.js";
import { useSchedulePreview } from "../parts/schedule-preview.js";

/** Of a picture, in pixels. */
const SIZE = { width: 240, height: 44 };

/**
 * What the factors make of the hyperparameters over the run, a line for each group.
 *
 * @param {{run: import("../parts/page.js").PartProps["run"]}} props
 */
export function FactorsPreview({ run }) {
  const { state, problem } = usePage();
  const [config] = configsOf({ ...state, runs: [run] }, problem);
  const { answer } = useSchedulePreview(config);
  const moved = Object.entries(answer?.moved ?? {});
  return html`${moved.map(([name, groups]) => html`<${Picture} key=${name} name=${name} groups=${groups} />`)}`;
}

/** @param {{name: string, groups: ArrayLike<number>[]}} props  groups: NaN where one is not there */
function Picture({ name, groups }) {
  const { t } = usePage();
  const steps = groups[0]?.length ?? 0;
  const known = Array.from(groups.find((values) => Array.from(values).some(Number.isFinite)) ?? []).filter(
    Number.isFinite,
  );
  if (steps < 2 || known.length === 0) return null;
  const plot = schedulePlot(groups, { ...SIZE, steps, scale: "linear" });
  const ends = { first: formatNumber(known[0], 3), last: formatNumber(known[known.length - 1], 3) };
  return html`<figure class="factor-preview">
    <figcaption><span class="code">${name}</span> ${t("controls.factors.ends", ends)}</figcaption>
    <svg
      viewBox=${`0 -2 ${SIZE.width} ${SIZE.height + 4}`}
      preserveAspectRatio="none"
      role="img"
      aria-label=${t("controls.factors.preview", { name, ...ends })}
    >
      ${plot.paths.map((path, index) => html`<path key=${index} class="plot-line" d=${path} vector-effect="non-scaling-stroke" />`)}
    </svg>
  </figure>`;
}

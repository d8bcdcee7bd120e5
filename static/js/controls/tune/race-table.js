/**
 * A fair race as a table, with the losses of every judging seed drawn in its rows.
 */

import { html } from "../../../vendor/preact/htm-preact.js";
import { fieldName } from "../../state/sweep/field-name.js";
import { differencesOf, seedsToTell, verdictOf } from "../../state/sweep/race.js";
import { formatNumber, formatPercent, formatTick } from "../../views/drawing/numbers.js";
import { niceDomain, scaler, ticks } from "../../views/drawing/scales.js";
import { usePage } from "../parts/page.js";
import { RunMark } from "./run-mark.js";

/**
 * @typedef {import("../../state/sweep/race.js").Judged} Judged
 * @typedef {import("./run-mark.js").Look} Look
 *
 * @typedef {object} Race
 * @property {Judged[]} judged  the least median first
 * @property {(slot: number) => Look} look
 * @property {{runs: number, steps: number, tuned: number[], judged: number[]}} budget
 * @property {boolean} isStale
 * @property {() => void} onOpen  each at its best, in Compare
 */

const WIDTH = 212;

/** @param {Race} props */
export function RaceTable({ judged, look, budget, isStale, onOpen }) {
  const { t } = usePage();
  const place = placeOf(judged);
  const has = (/** @type {"test" | "steps" | "reached"} */ name) => judged.some((one) => one[name] !== null);
  const columns = [
    "band",
    ...(has("test") ? ["test"] : []),
    ...(has("steps") ? ["steps"] : []),
    ...(has("reached") ? ["reached"] : []),
    "diverged",
    "tuned",
    "tolerance",
  ];
  return html`<section class=${isStale ? "race is-stale" : "race"}>
    <p class="tune-note">
      ${t("controls.tune.race.budget", {
        ...{ runs: budget.runs, steps: budget.steps },
        ...{ tuned: rangeOf(budget.tuned), judged: rangeOf(budget.judged) },
      })}
    </p>
    <div class="race-scroll" tabindex="0" role="region" aria-label=${t("controls.tune.kinds.race")}>
      <table class="race-table">
        <thead>
          <tr>
            <th scope="col">${t("controls.tune.race.optimizer")}</th>
            <th scope="col" class="number">${t("controls.tune.race.median")}</th>
            <th scope="col">${t("controls.tune.race.at")}</th>
            <th scope="col"><${Scale} place=${place} /></th>
            ${columns.map((name) => html`<th key=${name} scope="col" class="number">${t(`controls.tune.race.${name}`)}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${judged.map(
            (one) =>
              html`<tr key=${one.slot}>
                <th scope="row"><${RunMark} ...${look(one.slot)} /></th>
                <td class="number">${formatNumber(one.median)}</td>
                <td class="code">${valuesOf(one, t)}</td>
                <td><${Strip} one=${one} look=${look(one.slot)} place=${place} /></td>
                ${columns.map((name) => html`<td key=${name} class="number">${cellOf(one, name, t)}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    <${Differences} judged=${judged} look=${look} />
    <button
      type="button"
      class="button button-primary"
      disabled=${judged.every(({ run }) => run === null)}
      onClick=${onOpen}
    >
      ${t("controls.tune.race.open")}
    </button>
  </section>`;
}

/**
 * @param {Judged} one
 * @param {import("../parts/page.js").Page["t"]} t
 */
function valuesOf({ entry: { best } }, t) {
  if (best === null) return "–";
  const at = Object.entries(best.values).map(
    ([path, value]) =>
      `${fieldName(path, t)} ${typeof value === "number" ? formatTick(Number(value.toPrecision(3))) : JSON.stringify(value)}`,
  );
  return t("views.tune.at", { at });
}

/**
 * @param {Judged} one
 * @param {string} name
 * @param {import("../parts/page.js").Page["t"]} t
 */
function cellOf({ band, test, steps, reached, diverged, entry }, name, t) {
  if (name === "band") return band === null ? "–" : `${formatNumber(band[0])} – ${formatNumber(band[1])}`;
  if (name === "test") return formatNumber(test);
  if (name === "steps") return steps === null || !Number.isFinite(steps) ? "–" : String(Math.round(steps));
  if (name === "reached") return reached === null ? "–" : formatPercent(reached);
  if (name === "diverged") return formatPercent(diverged);
  if (name === "tuned") return formatNumber(entry.best === null ? null : Number(entry.best.quantiles[3]));
  const { tolerance } = entry;
  return tolerance === null
    ? "–"
    : t("controls.tune.race.decades", {
        count: formatTick(Number(Number(tolerance.decades).toPrecision(2))),
      });
}

/**
 * Where a loss stands along the pictures of all rows.
 *
 * @param {Judged[]} judged
 */
function placeOf(judged) {
  const losses = judged.flatMap((one) => one.losses).filter(Number.isFinite);
  const positive = losses.filter((loss) => loss > 0);
  const scale = positive.length === losses.length ? "log" : "linear";
  const extent = { min: Math.min(...losses), max: Math.max(...losses), minPositive: Math.min(...positive) };
  const domain = niceDomain(extent, scale);
  const x = scaler(domain, scale, [8, WIDTH - 22]);
  return {
    x: (/** @type {number} */ loss) => (Number.isFinite(loss) ? x(loss) : WIDTH - 8),
    ticks: ticks(domain, scale, 4).map((value) => ({ value, at: x(value) })),
  };
}

/** @param {{place: ReturnType<typeof placeOf>}} props */
function Scale({ place }) {
  const { t } = usePage();
  return html`<span class="race-losses">${t("controls.tune.race.losses")}</span>
    <svg class="race-scale" width=${WIDTH} height="16" viewBox=${`0 0 ${WIDTH} 16`} aria-hidden="true">
      ${place.ticks.map(({ value, at }) => html`<text key=${value} class="map-text" x=${at} y="11">${formatTick(value)}</text>`)}
    </svg>`;
}

/** @param {{one: Judged, look: Look, place: ReturnType<typeof placeOf>}} props */
function Strip({ one, look, place }) {
  const { losses, band, median } = one;
  const [low, high] = band ?? [median, median];
  return html`<svg
    class="race-strip"
    width=${WIDTH}
    height="22"
    viewBox=${`0 0 ${WIDTH} 22`}
    aria-hidden="true"
  >
    <path class="curve-line" d=${`M0,11H${WIDTH - 16}`} />
    <rect
      x=${place.x(low)}
      y="7"
      width=${Math.max(1, place.x(high) - place.x(low))}
      height="8"
      fill=${look.color}
      opacity="0.25"
    />
    ${losses.map((loss, i) => html`<circle key=${i} cx=${place.x(loss)} cy="11" r="2.5" fill=${look.color} opacity="0.55" />`)}
    <path class="race-median" d=${`M${place.x(median)},3v16`} stroke=${look.color} />
  </svg>`;
}

/** @param {Pick<Race, "judged" | "look">} props */
function Differences({ judged, look }) {
  const { t } = usePage();
  const differences = differencesOf(judged);
  const seeds = judged[0]?.losses.length ?? 0;
  const enough = seedsToTell(differences.length);
  return html`<ul class="race-differences">
    ${differences.map(({ better, worse, won, lost, p }) => {
      const names = { better: look(judged[better].slot).label, worse: look(judged[worse].slot).label };
      const told = verdictOf({ won, lost, p }, seeds < enough);
      const pairs = differences.length;
      const corrected = pairs > 1 ? t("controls.tune.race.corrected", { pairs }) : "";
      const params = { ...names, won, lost, seeds, enough, p: Number(p.toPrecision(2)), corrected };
      return html`<li key=${`${better}-${worse}`}>${t(`controls.tune.race.${told}`, params)}</li>`;
    })}
  </ul>`;
}

/** @param {number[]} seeds  in a row */
function rangeOf(seeds) {
  return seeds.length === 1 ? String(seeds[0]) : `${seeds[0]}–${seeds[seeds.length - 1]}`;
}

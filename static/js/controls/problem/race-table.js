/** Optimizers on a failure mode, each at its best rate: what was measured. */

import { html } from "../../../vendor/preact/htm-preact.js";
import { usePage } from "../parts/page.js";

/** @typedef {import("../../wire.d.ts").Race} Race */

/** Below this share a float32 run is as good as at the minimum. */
const SOLVED = 1e-9;

/** @param {{race: Race}} props */
export function RaceTable({ race: { steps, trials, rows } }) {
  const { t } = usePage();
  const best = rows[0];
  return html`<table class="race">
    <caption>
      ${t("controls.problem.race.caption", { steps, trials })}
    </caption>
    <thead>
      <tr>
        ${["optimizer", "rate", "left", "band"].map((column) => html`<th key=${column} scope="col">${t(`controls.problem.race.${column}`)}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows.map((row) => {
        const left = shareOf(row.left) ?? t("controls.problem.race.diverged");
        return html`<tr key=${row.optimizer}>
          <th scope="row"><code>${row.optimizer}</code></th>
          <td>${row.lr}</td>
          <td>${isLevel(row, best) ? html`<strong>${left}</strong>` : left}</td>
          <td>${shareOf(row.low) ?? "∞"} – ${shareOf(row.high) ?? "∞"}</td>
        </tr>`;
      })}
    </tbody>
  </table>`;
}

/**
 * @param {number | null} share
 * @returns {string | null}  null of what diverged
 */
export function shareOf(share) {
  if (share === null) return null;
  return share < SOLVED ? "0" : String(Number(share.toPrecision(2)));
}

/**
 * Whether the bands of two optimizers overlap, so that nothing is said between them.
 *
 * @param {Pick<Race["rows"][number], "low">} row
 * @param {Pick<Race["rows"][number], "high">} best
 */
export function isLevel({ low }, { high }) {
  return (low ?? Infinity) <= Math.max(high ?? Infinity, SOLVED);
}

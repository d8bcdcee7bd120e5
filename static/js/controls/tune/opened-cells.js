/**
 * Beside the runs in Compare that were cells of a map: the number of the cell, the exact one, and their difference.
 */

import { html } from "../../../vendor/preact/htm-preact.js";
import { exactNumber, formatNumber } from "../../views/drawing/numbers.js";
import { usePage } from "../parts/page.js";
import { RunMark } from "./run-mark.js";

/**
 * @typedef {object} Opened
 * @property {Partial<Record<string, number>>} map
 * @property {Partial<Record<string, number>> | null} exact
 * @property {{runs: number, steps: number, seeds: number, median: number} | null} budget
 *
 * @typedef {import("./run-mark.js").Look & Opened} OpenedCell
 */

/** From which part of a number on the map's and the exact one differ by more than rounding. */
const APART = 1e-3;

/** @param {{cells: OpenedCell[], note: string | null}} props  note: what is to be said of how they were opened */
export function OpenedCells({ cells, note }) {
  const { t, state, learning } = usePage();
  if (cells.length === 0) return null;
  const columns = ["end_loss", "test_loss"].filter((name) =>
    cells.some(({ map }) => map[name] !== undefined),
  );
  const isSingle = state.dtype === "float32";
  return html`<section class="opened-cells" aria-label=${t("controls.tune.opened")}>
    <table>
      <caption>
        ${t("controls.tune.opened")}${" "}
        <button type="button" class="button-link" onClick=${() => learning.goTo("tune")}>
          ${t("controls.tune.backToMap")}
        </button>
      </caption>
      <thead>
        <tr>
          <td></td>
          ${columns.map(
            (name) =>
              html`<th key=${name} scope="col">${t(`controls.tune.columns.${name}`)}</th>
                <th scope="col">${t("controls.tune.columns.exact")}</th>
                <th scope="col">${t("controls.tune.columns.difference")}</th>`,
          )}
        </tr>
      </thead>
      <tbody>
        ${cells.map(
          (cell) =>
            html`<tr key=${cell.label}>
              <th scope="row">
                <${RunMark} ...${cell} />
                ${
                  cell.budget !== null &&
                  html`<small
                    >${t("controls.tune.budget", {
                      ...cell.budget,
                      median: formatNumber(cell.budget.median),
                    })}</small
                  >`
                }
              </th>
              ${columns.map((name) => html`<${Numbers} key=${name} cell=${cell} name=${name} isSingle=${isSingle} />`)}
            </tr>`,
        )}
      </tbody>
    </table>
    ${note !== null && html`<p class="tune-note" role="status">${note}</p>`}
    ${cells.some(isApart) && html`<p class="tune-note">${t("controls.tune.apart")}</p>`}
  </section>`;
}

/** @param {OpenedCell} cell */
function isApart({ map, exact }) {
  const [a, b] = [map.end_loss, exact?.end_loss];
  return a !== undefined && b !== undefined && Math.abs(a - b) > APART * Math.max(Math.abs(a), Math.abs(b));
}

/** @param {{cell: OpenedCell, name: string, isSingle: boolean}} props */
function Numbers({ cell, name, isSingle }) {
  const [map, exact] = [cell.map[name], cell.exact?.[name]];
  const show = (/** @type {number | undefined} */ value) =>
    value === undefined ? "…" : exactNumber(value, isSingle);
  const difference =
    map === undefined || exact === undefined
      ? "…"
      : Object.is(map, exact)
        ? "0"
        : formatNumber(map - exact, 3);
  return html`<td>${show(map)}</td>
    <td>${show(exact)}</td>
    <td>${difference}</td>`;
}

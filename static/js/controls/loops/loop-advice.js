/**
 * What an expert would say of the watched run that is open, and what was known of it before its first step.
 */

import { html } from "../../../vendor/preact/htm-preact.js";
import { formatTick } from "../../views/drawing/numbers.js";
import { usePage } from "../parts/page.js";

/**
 * @typedef {import("../../wire.d.ts").Layer} Layer
 * @typedef {import("../../wire.d.ts").Observation} Observation
 * @typedef {import("../../wire.d.ts").Report} Report
 *
 * @typedef {{steps: number, at: number[], lr: number[][]}} Audit  the rate of each group at some steps of the whole run
 */

/** Layers of something seen that are named by themselves. */
const MOST_LAYERS = 6;

/** Parameters that are named by themselves. */
const MOST_NAMES = 8;

/** Steps of a run whose rates are shown, from the first to the last. */
const MOST_STEPS = 5;

/**
 * @param {object} props
 * @param {Layer[]} props.layers
 * @param {Report | null} props.report
 * @param {unknown} props.audit
 */
export function LoopAdvice({ layers, report, audit }) {
  const { t } = usePage();
  if (report === null && !isAudit(audit)) return null;
  return html`<section class="loop-advice" aria-label=${t("controls.loops.advice.title")}>
    <h3>${t("controls.loops.advice.title")}</h3>
    ${report !== null && report.found.length === 0 && html`<p class="loop-note">${t("controls.loops.advice.well", { step: report.step })}</p>`}
    <ul>
      ${(report?.found ?? []).map((seen, i) => html`<${Seen} key=${i} seen=${seen} layers=${layers} />`)}
    </ul>
    ${report !== null && html`<${Owned} audit=${report.audit} />`}
    ${isAudit(audit) && html`<${Rates} audit=${audit} />`}
  </section>`;
}

/** @param {{seen: Observation, layers: Layer[]}} props */
function Seen({ seen, layers }) {
  const { t, say, edit } = usePage();
  const { code, step } = seen;
  const named = seen.layers.filter((index) => index in layers);
  const go = (/** @type {number | null} */ layer) =>
    edit(({ loops }) => ({
      loops: { ...loops, ...(step !== null && { at: step }), ...(layer !== null && { layer }) },
    }));
  return html`<li class="loop-finding">
    <p>${say(seen)} <code>${code}</code></p>
    <p class="loop-finding-places">
      ${
        step !== null &&
        html`<button type="button" class="button" onClick=${() => go(named[0] ?? null)}>
          ${t("views.loops.step", { step })}
        </button>`
      }
      ${named
        .slice(0, MOST_LAYERS)
        .map(
          (index) =>
            html`<button key=${index} type="button" class="button" onClick=${() => go(index)}>
              ${layers[index].name}
            </button>`,
        )}
      ${named.length > MOST_LAYERS && html`<span>… ${named.length - MOST_LAYERS}</span>`}
    </p>
  </li>`;
}

/**
 * What a stranger's file says of the rates to come is shown only if it is such a table.
 *
 * @param {any} audit
 * @returns {audit is Audit}
 */
function isAudit(audit) {
  const numbers = (/** @type {unknown} */ list) =>
    Array.isArray(list) && list.every((one) => typeof one === "number");
  return (
    typeof audit?.steps === "number" &&
    numbers(audit.at) &&
    audit.at.length > 0 &&
    Array.isArray(audit.lr) &&
    audit.lr.every(
      (/** @type {unknown} */ rates) =>
        numbers(rates) && /** @type {number[]} */ (rates).length === audit.at.length,
    )
  );
}

/** Which parameters are frozen, in no optimizer, or in two groups. @param {{audit: Report["audit"]}} props */
function Owned({ audit }) {
  const { t } = usePage();
  const kinds = /** @type {const} */ (["frozen", "unowned", "twice"]);
  const known = kinds.filter((kind) => audit[kind].length > 0);
  return known.map(
    (kind) =>
      html`<p key=${kind} class="loop-note">
        ${t(`controls.loops.audit.${kind}`, { names: audit[kind].slice(0, MOST_NAMES), count: audit[kind].length })}
      </p>`,
  );
}

/** @param {{audit: Audit}} props */
function Rates({ audit: { steps, at, lr } }) {
  const { t } = usePage();
  const last = at.length - 1;
  const shown = [
    ...new Set(Array.from({ length: MOST_STEPS }, (_, k) => Math.round((k * last) / (MOST_STEPS - 1)))),
  ];
  return html`<details class="more">
    <summary>${t("controls.loops.audit.title", { count: steps })}</summary>
    <table class="loop-rates">
      <thead>
        <tr>
          <th scope="col">${t("controls.loops.audit.group")}</th>
          ${shown.map((k) => html`<th key=${k} scope="col">${t("views.loops.step", { step: at[k] })}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${lr.map(
          (rates, group) =>
            html`<tr key=${group}>
              <th scope="row">${group}</th>
              ${shown.map((k) => html`<td key=${k}>${formatTick(Number(rates[k].toPrecision(4)))}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </details>`;
}

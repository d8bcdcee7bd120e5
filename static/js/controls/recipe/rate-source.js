/**
 * Where a learning rate comes from, in words, and the suggested one at hand where it is another.
 */

import { html, useEffect } from "../../../vendor/preact/htm-preact.js";
import { rateSource, suggestedRate, withRate } from "../../state/suggested-rates.js";
import { formatTick } from "../../views/drawing/numbers.js";
import { writeNumber } from "../parts/check.js";
import { usePage } from "../parts/page.js";

/**
 * @typedef {import("../../state/types.js").Call} Call
 * @typedef {import("../../state/types.js").Choice} Choice
 */

/**
 * @param {object} props
 * @param {Choice} props.choice
 * @param {Call} props.call
 * @param {(call: Call) => void} props.onChange
 */
export function RateSource({ choice, call, onChange }) {
  const { t, state, problem, know } = usePage();
  const source = rateSource(problem, choice, call);
  useEffect(() => {
    if (source === null) void know("problems", problem.name);
  }, [problem.name, source === null]);
  if (source === null) return null;
  const suggested = suggestedRate(problem, choice, call);
  const isOther = suggested !== undefined && !(source.kind === "suggested" && source.fits);
  return html`<span class="rate-source"
      >${words(source, { t, problem, choice, isOther, isWritten: state.expression !== null })}${isOther && " "}</span
    >
    ${
      isOther &&
      html`<button
        type="button"
        class="button-link"
        onClick=${() => onChange(withRate(call, choice, suggested.lr))}
      >
        ${t("controls.optimizers.rate.use", { lr: writeNumber(suggested.lr) })}
      </button>`
    }`;
}

/**
 * @param {import("../../state/suggested-rates.js").RateSource} source
 * @param {{t: import("../parts/page.js").Page["t"], problem: import("../../state/types.js").Problem, choice: Choice, isOther: boolean, isWritten: boolean}} page
 *   `isWritten`: whether the function is a person's own, which nobody has looked at
 */
function words(source, { t, problem: { rates }, choice, isOther, isWritten }) {
  if (source.kind === "chosen") return t("controls.optimizers.rate.chosen");
  if (source.kind === "default") {
    return t(`controls.optimizers.rate.${isOther ? "plainDefault" : "default"}`, {
      package: choice.package ?? "torch",
    });
  }
  const { rate, fits } = source;
  if (!fits) {
    const given = Object.entries(rate.with).map(([name, value]) => `${name}=${writeNumber(value)}`);
    return t("controls.optimizers.rate.other", { given });
  }
  if (rate.source === "comparison" || rates === undefined)
    return t(`controls.optimizers.rate.${isWritten ? "written" : "comparison"}`);
  const [low, high] = [Math.min(...rates.tried), Math.max(...rates.tried)].map(writeNumber);
  return t(`controls.optimizers.rate.${rate.source}`, {
    ...{ networks: rate.networks ?? 1, low, high, count: rates.tried.length, steps: rates.steps },
    loss: formatTick(rate.end_loss ?? NaN),
  });
}

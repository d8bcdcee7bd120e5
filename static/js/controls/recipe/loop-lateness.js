/**
 * What a loop does whose gradients arrive late, or whose optimum moves.
 */

import { html } from "../../../vendor/preact/htm-preact.js";
import { SelectField } from "../parts/field.js";
import { PlainNumber } from "../parts/number-field.js";
import { errorAt, usePage } from "../parts/page.js";

/**
 * @typedef {import("../parts/page.js").PartProps} PartProps
 * @typedef {import("../../state/loop.js").Loop} Loop
 * @typedef {import("../../state/loop.js").Drift} Drift
 */

const DELAY = { minimum: 0, maximum: 64 };
const PATH = { minimum: -1000, maximum: 1000 };
const RADIUS = { minimum: 0.001, maximum: 1000 };
const PERIOD = { minimum: 2, maximum: 100000 };

/** What a path begins with. */
const DRIFTS = {
  /** @type {Drift} */
  linear: { name: "linear", velocity: [0.005, 0] },
  /** @type {Drift} */
  circular: { name: "circular", radius: 0.5, period: 100 },
};

/**
 * @param {object} props
 * @param {string} props.id
 * @param {Loop} props.loop
 * @param {PartProps["errors"]} props.errors
 * @param {(change: Partial<Loop>) => void} props.onChange
 */
export function Lateness({ id, loop, errors, onChange }) {
  const { t, problem } = usePage();
  const isUsual = loop.order === null && loop.zero_grad;
  return html`
    ${
      (isUsual || loop.gradient_delay > 0) &&
      html`<${PlainNumber}
        id=${`${id}-loop-gradient_delay`}
        label="gradient_delay"
        code
        hint=${t("controls.loop.gradient_delay")}
        value=${loop.gradient_delay}
        bounds=${DELAY}
        error=${errorAt(errors, "/loop/gradient_delay")}
        onChange=${(/** @type {number} */ steps) => onChange({ gradient_delay: steps })}
      />`
    }
    ${problem.kind === "function" && html`<${DriftPart} id=${id} drift=${loop.drift} errors=${errors} onChange=${onChange} />`}
  `;
}

/**
 * The path of the optimum.
 *
 * @param {object} props
 * @param {string} props.id
 * @param {Loop["drift"]} props.drift
 * @param {PartProps["errors"]} props.errors
 * @param {(change: Partial<Loop>) => void} props.onChange
 */
function DriftPart({ id, drift, errors, onChange }) {
  const { t } = usePage();
  const set = (/** @type {NonNullable<Loop["drift"]>} */ next) => onChange({ drift: next });
  const error = errors.find(({ pointer }) => pointer.startsWith("/loop/drift"))?.detail ?? null;
  return html`
    <${SelectField}
      id=${`${id}-loop-drift`}
      label="drift"
      code
      hint=${t("controls.loop.drift")}
      value=${drift?.name ?? ""}
      options=${["", "linear", "circular"].map((name) => ({ value: name, label: t(`controls.loop.drifts.${name || "none"}`) }))}
      error=${error}
      onChange=${(/** @type {"" | keyof typeof DRIFTS} */ name) => onChange({ drift: name === "" ? null : DRIFTS[name] })}
    />
    ${
      drift?.name === "linear" &&
      drift.velocity.map(
        (speed, axis) =>
          html`<${PlainNumber}
            key=${axis}
            id=${`${id}-loop-drift-${"xy"[axis]}`}
            label=${`velocity[${axis}]`}
            code
            hint=${t("controls.loop.velocity")}
            value=${speed}
            bounds=${PATH}
            whole=${false}
            onChange=${(/** @type {number} */ value) => set({ ...drift, velocity: axis === 0 ? [value, drift.velocity[1]] : [drift.velocity[0], value] })}
          />`,
      )
    }
    ${
      drift?.name === "circular" &&
      html`<${PlainNumber}
          id=${`${id}-loop-drift-radius`}
          label="radius"
          code
          hint=${t("controls.loop.radius")}
          value=${drift.radius}
          bounds=${RADIUS}
          whole=${false}
          onChange=${(/** @type {number} */ radius) => set({ ...drift, radius })}
        />
        <${PlainNumber}
          id=${`${id}-loop-drift-period`}
          label="period"
          code
          hint=${t("controls.loop.period")}
          value=${drift.period}
          bounds=${PERIOD}
          onChange=${(/** @type {number} */ period) => set({ ...drift, period })}
        />`
    }
    ${drift !== null && html`<p class="part-note">${t("controls.loop.effects.drift")}</p>`}
  `;
}

/**
 * The function that a person writes, and how much of the plane is seen of it.
 */

import { html } from "../../../vendor/preact/htm-preact.js";
import { PairField } from "../parts/number-field.js";
import { sharedError, usePage } from "../parts/page.js";

/** Where the server says that it could not read on. */
const PLACE = /character (\d+)/;

export function ExpressionField() {
  const page = usePage();
  const { t, state, problem, catalog, edit } = page;
  const expression = state.expression ?? problem.option_defaults.expression ?? "";
  const bounds = state.bounds ?? problem.option_defaults.bounds ?? null;
  const error = sharedError(page, "/problem/expression");
  /** @param {any} event */
  const onInput = ({ currentTarget: { value } }) => edit({ expression: value.trim() === "" ? null : value });
  return html`<div class="expression">
    <label class="expression-label" for="problem-expression">f(x, y) =</label>
    <input
      id="problem-expression"
      class="input code"
      type="text"
      spellcheck=${false}
      autocomplete="off"
      maxlength=${catalog.limits.max_expression_length}
      placeholder=${problem.option_defaults.expression}
      value=${expression}
      aria-invalid=${String(error !== null)}
      aria-describedby="problem-expression-error"
      onInput=${onInput}
    />
    <div id="problem-expression-error" class="expression-error" role="status">
      ${error !== null && html`<${Caret} expression=${expression} error=${error} />`}
    </div>
    ${
      bounds !== null &&
      [0, 1].map(
        (axis) =>
          html`<${PairField}
            key=${axis}
            id=${`problem-bounds-${axis}`}
            declared=${{ name: "xy"[axis], kind: "pair", default: null, description: "" }}
            label=${t("controls.expression.range", { axis: "xy"[axis] })}
            labels=${[t("controls.expression.low", { axis: "xy"[axis] }), t("controls.expression.high", { axis: "xy"[axis] })]}
            value=${bounds[axis]}
            error=${sharedError(page, `/problem/bounds/${axis}`)}
            onChange=${(/** @type {[number, number]} */ range) =>
              edit({ bounds: axis === 0 ? [range, bounds[1]] : [bounds[0], range] })}
          />`,
      )
    }
  </div>`;
}

/** @param {{expression: string, error: string}} props */
function Caret({ expression, error }) {
  const place = Number(PLACE.exec(error)?.[1] ?? NaN);
  return html`
    ${
      Number.isFinite(place) &&
      html`<div class="expression-caret" aria-hidden="true">
        <div>${expression}</div>
        <div>${" ".repeat(Math.max(0, place - 1)) + "^"}</div>
      </div>`
    }
    <p class="field-error">${error}</p>
  `;
}

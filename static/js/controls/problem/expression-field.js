/**
 * The function that a person writes, and how much of the plane is seen of it.
 */

import { html } from "../../../vendor/preact/htm-preact.js";
import { TextInput } from "../parts/field.js";
import { PairField } from "../parts/number-field.js";
import { sharedError, usePage } from "../parts/page.js";

export function ExpressionField() {
  const page = usePage();
  const { t, state, problem, catalog, edit } = page;
  const expression = state.expression ?? problem.option_defaults.expression ?? "";
  const bounds = state.bounds ?? problem.option_defaults.bounds ?? null;
  const error = page.runs
    .flatMap(({ errors }) => errors)
    .find(({ pointer }) => pointer === "/problem/expression");
  return html`<div class="expression">
    <label class="expression-label" for="problem-expression">f(x, y) =</label>
    <${TextInput}
      id="problem-expression"
      kind="code"
      longest=${catalog.limits.max_expression_length}
      placeholder=${problem.option_defaults.expression}
      text=${expression}
      read=${(/** @type {string} */ text) => ({ value: text.trim() === "" ? null : text })}
      wrong=${error !== undefined}
      onChange=${(/** @type {string | null} */ value) => edit({ expression: value })}
      onProblem=${() => {}}
    />
    <div id="problem-expression-error" class="expression-error" role="status">
      ${error !== undefined && html`<${Caret} expression=${expression} error=${error} />`}
    </div>
    ${error === undefined && html`<p class="expression-note">${t("controls.field.waits")}</p>`}
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

/** @param {{expression: string, error: import("../parts/page.js").FieldProblem}} props */
function Caret({ expression, error }) {
  const place = Number(error.params?.place ?? NaN);
  return html`
    ${
      Number.isFinite(place) &&
      html`<div class="expression-caret" aria-hidden="true">
        <div>${expression}</div>
        <div>${" ".repeat(Math.max(0, place - 1)) + "^"}</div>
      </div>`
    }
    <p class="field-error">${error.detail}</p>
  `;
}

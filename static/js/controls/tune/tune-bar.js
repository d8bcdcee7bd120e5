/**
 * What the place Tune shows, and how: kind, axes, seeds, and what a cell says.
 */

import { html } from "../../../vendor/preact/htm-preact.js";
import { fieldName } from "../../state/sweep/field-name.js";
import { fieldsOf } from "../../state/sweep/fields.js";
import { uprightOf } from "../../state/sweep/request.js";
import { presetOf, presetsFor } from "../../state/sweep/presets.js";
import { MAPS, QUANTITIES } from "../../state/address/table.js";
import { formatTick } from "../../views/drawing/numbers.js";
import { SelectField } from "../parts/field.js";
import { PlainNumber } from "../parts/number-field.js";
import { usePage } from "../parts/page.js";
import { AxisPicker } from "./axis-picker.js";
import { TuneSettings } from "./tune-settings.js";

/**
 * @typedef {import("../../state/types.js").State} State
 * @typedef {import("../../state/sweep/axis.js").Axis} Axis
 */

/** What has axes and colours of its own. @type {ReadonlySet<State["tune"]["kind"]>} */
const OWN = new Set(/** @type {const} */ (["basins", "edge"]));

/** @param {{kinds: readonly State["tune"]["kind"][]}} props  those that can be drawn */
export function TuneBar({ kinds }) {
  const page = usePage();
  const { t, state, edit } = page;
  const { tune } = state;
  const look = (/** @type {Partial<State["tune"]>} */ change) =>
    edit((now) => ({ tune: { ...now.tune, ...change } }));
  return html`<div class="tune-bar">
    <div class="tune-kinds" role="group" aria-label=${t("controls.tune.kind")}>
      ${MAPS.filter((kind) => kinds.includes(kind)).map(
        (kind) =>
          html`<button
            key=${kind}
            type="button"
            aria-pressed=${String(kind === tune.kind)}
            onClick=${() => look({ kind })}
          >
            ${t(`controls.tune.kinds.${kind}`)}
          </button>`,
      )}
    </div>
    ${
      tune.kind !== "edge" &&
      html`<${TuneSettings} summary=${summary(page)}>
        ${!OWN.has(tune.kind) && html`<${Presets} /><${Axes} />`}
        <div class="tune-look">
          ${
            tune.kind !== "race" &&
            !OWN.has(tune.kind) &&
            html`<${SelectField}
              id="tune-show"
              label=${t("controls.tune.show")}
              value=${tune.show}
              options=${QUANTITIES.map((value) => ({ value, label: t(`views.tune.quantity.${value}`) }))}
              onChange=${(/** @type {State["tune"]["show"]} */ show) => look({ show })}
            />`
          }
          <${SelectField}
            id="tune-of"
            label=${t("controls.tune.of")}
            value=${tune.of}
            options=${["all", "selected"].map((value) => ({ value, label: t(`controls.tune.ofs.${value}`) }))}
            onChange=${(/** @type {State["tune"]["of"]} */ of) => look({ of })}
          />
        </div>
      <//>`
    }
  </div>`;
}

/**
 * What the fields say, in a line.
 *
 * @param {import("../parts/page.js").Page} page
 */
function summary({ t, state, problem }) {
  const { sweep, tune } = state;
  if (OWN.has(tune.kind)) return `${t("controls.tune.of")} · ${t(`controls.tune.ofs.${tune.of}`)}`;
  const told = (/** @type {Axis} */ axis) =>
    "values" in axis
      ? fieldName(axis.path, t)
      : t("controls.tune.range", {
          name: fieldName(axis.path, t),
          from: formatTick(axis.from),
          to: formatTick(axis.to),
        });
  const y = tune.kind === "map" ? uprightOf(state, problem) : tune.kind === "curve" ? null : sweep.y;
  const seeds = tune.kind === "map" ? [t("views.tune.fields.seed")] : [];
  const upright = y === null ? seeds : [told(y)];
  return [
    [told(sweep.x), ...upright].join(" × "),
    ...(problem.kind === "function" ? [] : [t("controls.tune.seedCount", { count: sweep.seeds })]),
    ...(tune.kind === "race" ? [] : [t(`views.tune.quantity.${tune.show}`)]),
  ].join(" · ");
}

function Presets() {
  const { t, state, catalog, edit, undo } = usePage();
  const choose = (/** @type {string} */ name) => {
    undo.part();
    edit((now) => presetOf(now, catalog, name));
  };
  return html`<div class="tune-presets" role="group" aria-label=${t("controls.tune.presets.title")}>
    <span class="field-label">${t("controls.tune.presets.title")}</span>
    ${presetsFor(state, catalog).map(
      (name) =>
        html`<button
          key=${name}
          type="button"
          class="button button-quiet"
          data-hint=${t(`controls.tune.presets.${name}Hint`)}
          onClick=${() => choose(name)}
        >
          ${t(`controls.tune.presets.${name}`)}
        </button>`,
    )}
  </div>`;
}

function Axes() {
  const { t, state, catalog, problem, edit } = usePage();
  const { sweep, tune } = state;
  const fields = fieldsOf(state, catalog);
  const change = (/** @type {Partial<State["sweep"]>} */ part) =>
    edit((now) => ({ sweep: { ...now.sweep, ...part } }));
  const y = tune.kind === "map" ? uprightOf(state, problem) : sweep.y;
  const isStart = problem.kind === "function" && tune.kind === "map" && y !== null;
  const none = t(tune.kind === "race" ? "controls.tune.noAxis" : "views.tune.fields.seed");
  return html`<div class="tune-axes">
    <${AxisPicker}
      id="tune-x"
      label=${t("controls.tune.x")}
      axis=${sweep.x}
      fields=${fields}
      onChange=${(/** @type {Axis} */ x) => change({ x })}
    />
    ${
      tune.kind !== "curve" &&
      html`<${AxisPicker}
        id="tune-y"
        label=${t("controls.tune.y")}
        axis=${y}
        fields=${fields}
        none=${isStart ? undefined : none}
        onChange=${(/** @type {Axis | null} */ y) => change({ y })}
      />`
    }
    ${
      problem.kind !== "function" &&
      html`<${PlainNumber}
        id="tune-seeds"
        label=${t("controls.tune.seeds")}
        hint=${t("controls.tune.seedsHint")}
        value=${sweep.seeds}
        bounds=${{ minimum: 1, maximum: 1024 }}
        onChange=${(/** @type {number} */ seeds) => change({ seeds })}
      />`
    }
    ${
      tune.kind === "race" &&
      problem.kind !== "function" &&
      html`<${PlainNumber}
        id="tune-judged"
        label=${t("controls.tune.judged")}
        hint=${t("controls.tune.judgedHint")}
        value=${sweep.judged}
        bounds=${{ minimum: 1, maximum: 1000 }}
        onChange=${(/** @type {number} */ judged) => change({ judged })}
      />`
    }
    <${PlainNumber}
      id="tune-target"
      label=${t("controls.tune.target")}
      hint=${t("controls.tune.targetHint")}
      value=${sweep.target}
      none=${t("controls.tune.noTarget")}
      bounds=${{}}
      whole=${false}
      onChange=${(/** @type {number | null} */ target) => change({ target })}
    />
  </div>`;
}

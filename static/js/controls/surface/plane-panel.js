/**
 * The choice of the plane that the loss surface of a network is drawn on, and what each kind of plane needs.
 */

import { html } from "../../../vendor/preact/htm-preact.js";
import { MOST_HELD } from "../../state/held-plane.js";
import { labelsOf } from "../../state/labels.js";
import { isWatchedCard } from "../../state/watched.js";
import {
  PLACES,
  PLANE_KINDS,
  POINT_PLACES,
  THROUGHS,
  drawnPlane,
  laidPlane,
  namesOf,
  parameterEntries,
  parametersOf,
  planeOf,
  pointsOf,
  writePlane,
} from "../../state/plane.js";
import { shapesOn } from "../../state/layers.js";
import { PlainNumber } from "../parts/number-field.js";
import { Icon } from "../parts/icons.js";
import { usePage } from "../parts/page.js";

/**
 * @typedef {import("../../state/plane.js").Plane} Plane
 * @typedef {import("../../state/plane.js").PlaneKind} PlaneKind
 */

/** Seeds that the dice throws: short enough to tell someone. */
const DICE = 1000;

/** @type {{[K in PlaneKind | "held"]: (props: {plane: any}) => unknown}} */
const OPTIONS = {
  held: () => null,
  pca: Principal,
  parameters: Parameters,
  random: Random,
  points: Points,
  eigen: Eigen,
};

export function PlanePanel() {
  const { t, state, edit, problem } = usePage();
  const shapes = shapesOn(problem, state.hidden);
  const plane = drawnPlane(state.plane, shapes);
  const { kind: laid } = laidPlane(plane);
  const Options = OPTIONS[plane.kind];
  return html`
    <fieldset class="picker-group">
      <legend>${t("controls.plane.label")}</legend>
      ${PLANE_KINDS.map(
        (kind) =>
          html`<label key=${kind} class="picker-option">
            <input
              type="radio"
              name="plane"
              value=${kind}
              checked=${laid === kind}
              onChange=${() => edit({ plane: planeOf(kind) })}
            />
            <span>${t(`controls.plane.kinds.${kind}`)}</span>
          </label>`,
      )}
    </fieldset>
    <div class="plane-options">
      <p class="plane-about">${t(`controls.plane.about.${plane.kind}`)}</p>
      <${Options} plane=${plane} />
      <${Hold} plane=${plane} isTooLarge=${parametersOf(shapes) > MOST_HELD} />
    </div>
  `;
}

/**
 * Whether the plane stays as it is while the runs change.
 *
 * @param {{plane: Plane, isTooLarge: boolean}} props
 */
function Hold({ plane, isTooLarge }) {
  const { t, edit, planeNumbers } = usePage();
  const isHeld = plane.kind === "held";
  const toggle = () => {
    if (isHeld) return edit({ plane: laidPlane(plane) });
    const numbers = planeNumbers();
    if (numbers !== null) edit({ plane: { kind: "held", of: writePlane(plane), numbers } });
  };
  return html`<label class="plane-field plane-check">
      <span>${t("controls.plane.hold")}</span>
      <input
        type="checkbox"
        class="toggle"
        role="switch"
        checked=${isHeld}
        disabled=${isTooLarge && !isHeld}
        onChange=${toggle}
      />
    </label>
    ${isTooLarge && html`<p class="plane-about">${t("controls.plane.holdTooLarge", { count: MOST_HELD })}</p>`}`;
}

/** @returns {(change: Record<string, unknown>) => void}  what changes options of the plane */
function useChange() {
  const { state, edit } = usePage();
  return (change) => edit({ plane: /** @type {any} */ ({ ...state.plane, ...change }) });
}

/** @param {{plane: import("../../state/plane.js").PcaPlane}} props */
function Principal({ plane }) {
  const { t } = usePage();
  const change = useChange();
  return html`<${Select}
    label=${t("controls.plane.through")}
    value=${plane.through}
    options=${THROUGHS.map((value) => ({ value, label: t(`controls.plane.throughs.${value}`) }))}
    onChange=${(/** @type {string} */ through) => change({ through })}
  />`;
}

/** @param {{plane: import("../../state/plane.js").ParametersPlane}} props */
function Parameters({ plane }) {
  const { t, state, problem } = usePage();
  const change = useChange();
  const shapes = shapesOn(problem, state.hidden);
  const names = namesOf(plane, shapes);
  const groups = parameterEntries(shapes);
  /**
   * @param {number} index
   * @param {string} name
   */
  const choose = (index, name) => {
    const other = names[1 - index] === name ? names[index] : names[1 - index];
    change({ names: index === 0 ? [name, other] : [other, name] });
  };
  return html`
    ${names.map(
      (name, index) =>
        html`<label key=${index} class="plane-field">
          <span>${t(`controls.plane.axes.${index}`)}</span>
          <select
            class="select code"
            value=${name}
            onChange=${(/** @type {any} */ event) => choose(index, event.currentTarget.value)}
          >
            ${groups.map(
              ({ parameter, entries }) =>
                html`<optgroup key=${parameter} label=${parameter}>
                  ${entries.map(
                    (entry) =>
                      html`<option key=${entry} value=${entry} selected=${entry === name}>${entry}</option>`,
                  )}
                </optgroup>`,
            )}
          </select>
        </label>`,
    )}
    <${At} plane=${plane} />
  `;
}

/** @param {{plane: import("../../state/plane.js").RandomPlane}} props */
function Random({ plane }) {
  const { t, catalog } = usePage();
  const change = useChange();
  return html`
    <${PlainNumber}
      id="plane-seed"
      label=${t("controls.plane.seed")}
      value=${plane.seed}
      bounds=${{ minimum: 0, maximum: catalog.limits.max_seed }}
      onChange=${(/** @type {number} */ seed) => change({ seed })}
    >
      <button
        type="button"
        class="icon-button"
        aria-label=${t("controls.plane.dice")}
        data-hint=${t("controls.plane.dice")}
        onClick=${() => change({ seed: Math.floor(Math.random() * DICE) })}
      >
        <${Icon} name="dice" />
      </button>
    <//>
    <${At} plane=${plane} />
    <${TrainableOnly} plane=${plane} />
  `;
}

/** @param {{plane: import("../../state/plane.js").PointsPlane}} props */
function Points({ plane }) {
  const { t, state } = usePage();
  const change = useChange();
  const labels = labelsOf(state.runs, t);
  const own = state.runs
    .map((run, index) => ({ run, slot: run.slot, label: labels[index] }))
    .filter(({ run }) => !isWatchedCard(run));
  const points = pointsOf(
    plane,
    own.map(({ slot }) => slot),
  );
  const choices = own.flatMap(({ slot, label }) =>
    POINT_PLACES.map((at) => ({ slot, at, label: t(`controls.plane.points.${at}`, { run: label }) })),
  );
  return points.map(
    (point, index) =>
      html`<label key=${index} class="plane-field">
        <span>${t("controls.plane.point", { number: index + 1 })}</span>
        <select
          class="select"
          value=${`${point.slot} ${point.at}`}
          onChange=${(/** @type {any} */ event) => {
            const { slot, at } = choices[event.currentTarget.selectedIndex];
            change({ points: points.map((old, i) => (i === index ? { slot, at } : old)) });
          }}
        >
          ${choices.map(({ slot, at, label }) => {
            const value = `${slot} ${at}`;
            return html`<option
              key=${value}
              value=${value}
              selected=${slot === point.slot && at === point.at}
            >
              ${label}
            </option>`;
          })}
        </select>
      </label>`,
  );
}

/** @param {{plane: import("../../state/plane.js").EigenPlane}} props */
function Eigen({ plane }) {
  return html`<${At} plane=${plane} /><${TrainableOnly} plane=${plane} />`;
}

/** @param {{plane: {at: import("../../state/plane.js").Place}}} props */
function At({ plane }) {
  const { t } = usePage();
  const change = useChange();
  return html`<${Switch}
    label=${t("controls.plane.at")}
    value=${plane.at}
    options=${PLACES.map((value) => ({ value, label: t(`controls.plane.places.${value}`) }))}
    onChange=${(/** @type {string} */ at) => change({ at })}
  />`;
}

/** @param {{plane: {trainable_only: boolean}}} props */
function TrainableOnly({ plane }) {
  const { t } = usePage();
  const change = useChange();
  return html`<label class="plane-field plane-check">
    <span>${t("controls.plane.trainable")}</span>
    <input
      type="checkbox"
      class="toggle"
      role="switch"
      checked=${plane.trainable_only}
      onChange=${(/** @type {any} */ event) => change({ trainable_only: event.currentTarget.checked })}
    />
  </label>`;
}

/**
 * @typedef {object} SelectProps
 * @property {string} label
 * @property {string} value
 * @property {{value: string, label: string}[]} options
 * @property {(value: string) => void} onChange
 */

/** @param {SelectProps} props */
function Select({ label, value: chosen, options, onChange }) {
  return html`<label class="plane-field">
    <span>${label}</span>
    <select
      class="select"
      value=${chosen}
      onChange=${(/** @type {any} */ event) => onChange(event.currentTarget.value)}
    >
      ${options.map(
        ({ value, label: name }) =>
          html`<option key=${value} value=${value} selected=${value === chosen}>${name}</option>`,
      )}
    </select>
  </label>`;
}

/** @param {SelectProps} props */
function Switch({ label, value: chosen, options, onChange }) {
  return html`<div class="plane-field" role="group" aria-label=${label}>
    <span>${label}</span>
    <div class="switch">
      ${options.map(
        ({ value, label: name }) =>
          html`<button
            key=${value}
            type="button"
            aria-pressed=${String(value === chosen)}
            onClick=${() => onChange(value)}
          >
            ${name}
          </button>`,
      )}
    </div>
  </div>`;
}

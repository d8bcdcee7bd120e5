/** Of what a film is, how large, how fast, and from which step to which. */

import { html } from "../../../vendor/preact/htm-preact.js";
import { RATES, SIZES } from "../../saving/film-plan.js";
import { SCENES } from "../../saving/stage.js";
import { formatTick } from "../../views/drawing/numbers.js";
import { SelectField } from "../parts/field.js";
import { PlainNumber } from "../parts/number-field.js";
import { usePage } from "../parts/page.js";

/**
 * @typedef {import("../../saving/film-plan.js").Kind} Kind
 * @typedef {import("../../saving/stage.js").Scene} Scene
 *
 * @typedef {object} Choice
 * @property {Kind} kind
 * @property {Scene} scene
 * @property {number} size  an index of `SIZES`
 * @property {number} rate
 * @property {number} speed
 * @property {number} first
 * @property {number} last
 */

/**
 * @param {object} props
 * @param {Choice} props.choice
 * @param {number} props.last  step that there is
 * @param {(part: Partial<Choice>) => void} props.change
 */
export function FilmFields({ choice, last, change }) {
  const { t, problem } = usePage();
  const scenes = Object.keys(SCENES).filter((scene) => problem.kind !== "function" || scene !== "network");
  const select = (
    /** @type {"scene" | "size" | "rate"} */ id,
    /** @type {{value: string | number, label: string}[]} */ options,
    /** @type {(value: string) => Partial<Choice>} */ chosen,
  ) =>
    html`<${SelectField}
      id=${`film-${id}`}
      label=${t(`controls.save.film.${id}`)}
      value=${String(choice[id])}
      options=${options.map(({ value, label }) => ({ value: String(value), label }))}
      onChange=${(/** @type {string} */ value) => change(chosen(value))}
    />`;
  const number = (
    /** @type {"speed" | "first" | "last"} */ id,
    /** @type {{minimum: number, maximum: number}} */ bounds,
  ) =>
    html`<${PlainNumber}
      id=${`film-${id}`}
      label=${t(`controls.save.film.${id}`)}
      value=${choice[id]}
      bounds=${bounds}
      whole=${id !== "speed"}
      onChange=${(/** @type {number} */ value) => change({ [id]: value })}
    />`;
  return html`<div class="save-fields">
    ${select(
      "scene",
      scenes.map((value) => ({ value, label: t(`controls.save.film.scenes.${value}`) })),
      (scene) => ({ scene: /** @type {Scene} */ (scene) }),
    )}
    ${select(
      "size",
      SIZES.map(([width, height], value) => ({ value, label: `${width} × ${height}` })),
      (size) => ({ size: Number(size) }),
    )}
    ${select(
      "rate",
      RATES[choice.kind].map((value) => ({ value, label: formatTick(Number(value.toPrecision(3))) })),
      (rate) => ({ rate: Number(rate) }),
    )}
    ${number("speed", { minimum: 0.1, maximum: 100_000 })}
    ${number("first", { minimum: 0, maximum: Math.max(0, choice.last) })}
    ${number("last", { minimum: choice.first, maximum: last })}
  </div>`;
}

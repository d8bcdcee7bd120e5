/**
 * What the catalog knows of a class: what it does, its formula, its arguments, its paper and the state it keeps.
 */

import { html, useState } from "../../../vendor/preact/htm-preact.js";
import { shortName } from "../../state/labels.js";
import { formulaLines, trustedFormula } from "../../formula.js";
import { written } from "./hyperparameters.js";
import { usePage } from "./page.js";

/**
 * @typedef {import("../../state/types.js").Choice} Choice
 */

const SECTIONS = /** @type {const} */ (["optimizers", "lr_schedulers", "clipping"]);

/**
 * @param {object} props
 * @param {Choice} props.choice
 */
export function ChoiceNotes({ choice }) {
  return html`<${Notes} key=${choice.name} choice=${choice} />`;
}

/**
 * Opened once all is known that is to be read, so that nothing moves while it is.
 *
 * @param {{choice: Choice}} props
 */
function Notes({ choice }) {
  const { t, catalog, know } = usePage();
  const [isOpen, setIsOpen] = useState(false);
  const keys = choice.state_keys ?? [];
  const section = SECTIONS.find((name) => catalog[name].includes(choice));
  /** @param {Event} event */
  const onClick = async (event) => {
    event.preventDefault();
    if (!isOpen && section !== undefined) await know(section, choice.name);
    setIsOpen(!isOpen);
  };
  return html`<details class="more notes" open=${isOpen}>
    <summary onClick=${onClick}>${t("controls.runs.about", { name: shortName(choice.name) })}</summary>
    <p>${choice.summary}</p>
    <${Formula} markup=${choice.formula} />
    ${choice.formula && html`<p class="notes-aside">${t("controls.runs.symbols")}</p>`}
    <${Arguments} choice=${choice} />
    ${
      keys.length > 0 &&
      html`<h4 class="notes-head">${t("controls.runs.stateKeys")}</h4>
        <dl class="notes-state">
          ${keys.map(
            ({ key, meaning }) =>
              html`<div key=${key}>
                <dt><code>${key}</code></dt>
                <dd>${meaning}</dd>
              </div>`,
          )}
        </dl>`
    }
    ${choice.paper !== undefined && html`<p class="notes-paper">${choice.paper}</p>`}
    ${typeof choice.class === "string" && html`<p><code>${choice.class}</code></p>`}
  </details>`;
}

/**
 * What each argument does, and what stands for it in the formula.
 *
 * @param {{choice: Choice}} props
 */
function Arguments({ choice }) {
  const page = usePage();
  if (choice.hyperparameters.length === 0) return null;
  return html`<h4 class="notes-head">${page.t("controls.runs.arguments")}</h4>
    <dl class="notes-arguments">
      ${choice.hyperparameters.map(
        (declared) =>
          html`<div key=${declared.name}>
            <dt>
              <code
                >${declared.required === true ? declared.name : `${declared.name}=${written(declared.default)}`}</code
              >
              ${
                declared.symbol &&
                html`<span
                  class="notes-symbol"
                  dangerouslySetInnerHTML=${{ __html: trustedFormula(declared.symbol) }}
                ></span>`
              }
            </dt>
            <dd>${declared.description}</dd>
          </div>`,
      )}
    </dl>`;
}

/**
 * A formula of the catalog.
 *
 * @param {{markup: string | undefined}} props  MathML
 */
export function Formula({ markup }) {
  if (markup === undefined || markup === "") return null;
  return html`<div
    class="formula"
    tabindex="0"
    dangerouslySetInnerHTML=${{ __html: trustedFormula(formulaLines(markup)) }}
  ></div>`;
}

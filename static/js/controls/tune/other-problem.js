/**
 * What stands in the place of a map that the problem of the page has none of: why, and a problem that has one.
 */

import { html } from "../../../vendor/preact/htm-preact.js";
import { chooseProblem } from "../../state/choose-problem.js";
import { usePage } from "../parts/page.js";

/**
 * @param {object} props
 * @param {string} props.why
 * @param {string} props.problem  the name of one that has such a map
 * @param {string} props.label  of the button that chooses it
 */
export function OtherProblem({ why, problem, label }) {
  const { catalog, edit, undo } = usePage();
  const choose = () => {
    undo.part();
    edit((now) => chooseProblem(now, catalog, problem));
  };
  return html`<p class="tune-none">
    ${why}${" "}<button type="button" class="button button-primary" onClick=${choose}>${label}</button>
  </p>`;
}

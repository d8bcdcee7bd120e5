/**
 * The first choice that a person makes: what is minimised. The list is loaded when it is first opened.
 */

import { html } from "../../../vendor/preact/htm-preact.js";
import { isWatchedCard } from "../../state/watched.js";
import { Icon } from "../parts/icons.js";
import { later } from "../parts/later.js";
import { usePage } from "../parts/page.js";
import { useOpenings } from "../parts/popover.js";

const ProblemPanel = later(async () => (await import("./problem-panel.js")).ProblemPanel);

export function ProblemPicker() {
  const { t } = usePage();
  const { button, panel, opening, listeners } = useOpenings(MOST);
  const close = () => {
    panel.current?.hidePopover();
    button.current?.focus();
  };
  return html`<div class="picker">
    <button
      ref=${button}
      id="problem-picker"
      type="button"
      class="picker-button"
      aria-haspopup="dialog"
      popovertarget="problem-panel"
    >
      <${Chosen} />
      <${Icon} name="chevron" />
    </button>
    <div
      ref=${panel}
      id="problem-panel"
      class="panel-popover problem-panel"
      popover="auto"
      role="dialog"
      aria-label=${t("controls.problem.choose")}
      ...${listeners}
    >
      ${opening > 0 && html`<${ProblemPanel} key=${opening} onClose=${close} />`}
    </div>
  </div>`;
}

/** What is minimised; loops that are not ours do not say it. */
function Chosen() {
  const { t, state, problem } = usePage();
  if (state.place === "compare" && state.runs.every(isWatchedCard))
    return told(t("controls.problem.watched"), t("controls.problem.loops"));
  if (!problem.options.includes("expression")) return told(t("controls.problem.label"), problem.title);
  const expression = state.expression ?? problem.option_defaults.expression;
  return told(problem.title, html`<code>${expression}</code>`);
}

/**
 * @param {string} label
 * @param {unknown} value
 */
function told(label, value) {
  return html`<span class="picker-label">${label}</span><span class="picker-value">${value}</span>`;
}

/** How large the panel becomes: as its stylesheet says. */
const MOST = { width: 880, height: 0 };

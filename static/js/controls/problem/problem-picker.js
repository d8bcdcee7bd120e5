/**
 * The first choice that a person makes: what is minimised. The list is loaded when it is first opened.
 */

import { html } from "../../../vendor/preact/htm-preact.js";
import { Icon } from "../parts/icons.js";
import { later } from "../parts/later.js";
import { usePage } from "../parts/page.js";
import { useOpenings } from "../parts/popover.js";

const ProblemPanel = later(async () => (await import("./problem-panel.js")).ProblemPanel);

export function ProblemPicker() {
  const { t, state, problem } = usePage();
  const title = problem.title;
  const isWritten = problem.options.includes("expression");
  const expression = state.expression ?? problem.option_defaults.expression;
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
      <span class="picker-label">${isWritten ? title : t("controls.problem.label")}</span>
      <span class="picker-value">${isWritten ? html`<code>${expression}</code>` : title}</span>
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

/** How large the panel becomes: as its stylesheet says. */
const MOST = { width: 880, height: 0 };

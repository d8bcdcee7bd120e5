/**
 * Which optimizer it is: a button that opens the list to choose from, which is loaded when it is first opened.
 */

import { html } from "../../../vendor/preact/htm-preact.js";
import { actOf } from "../../keys.js";
import { shortName } from "../../state/labels.js";
import { find } from "../parts/choices.js";
import { Field, tied } from "../parts/field.js";
import { Icon } from "../parts/icons.js";
import { later } from "../parts/later.js";
import { usePage } from "../parts/page.js";
import { useOpenings } from "../parts/popover.js";

const OptimizerList = later(async () => (await import("./optimizer-list.js")).OptimizerList);

/** How large the list becomes: as its stylesheet says. */
const MOST = { width: 460, height: 560 };

/**
 * @typedef {import("../../state/types.js").Catalog} Catalog
 * @typedef {import("../../state/types.js").Choice} Choice
 */

/**
 * @param {object} props
 * @param {string} props.id
 * @param {string} props.value  the name of the one chosen
 * @param {Choice[]} props.choices
 * @param {string | null} props.error
 * @param {(choice: Choice, catalog: Catalog) => void} props.onChange  with what is known of it and of the problem by then
 */
export function OptimizerPicker({ id, value, choices, error, onChange }) {
  const { t, state, know } = usePage();
  const { button, panel, opening, listeners } = useOpenings(MOST);
  const close = () => panel.current?.hidePopover();
  /** @param {string} name */
  const onChoose = async (name) => {
    close();
    button.current?.focus();
    if (name === value) return;
    await know("problems", state.problem);
    const catalog = await know("optimizers", name);
    onChange(find(catalog.optimizers, name), catalog);
  };
  /** @param {KeyboardEvent} event */
  const onKeyDown = (event) => {
    if (actOf("choice", event) === null) return;
    event.preventDefault();
    panel.current?.showPopover();
  };
  return html`<${Field} label=${t("controls.runs.optimizer")} id=${id} error=${error}>
    <button
      ref=${button}
      id=${id}
      type="button"
      class="select optimizer-button"
      role="combobox"
      aria-haspopup="dialog"
      aria-controls=${`${id}-list`}
      aria-expanded=${String(opening > 0)}
      ...${tied(id, { wrong: error !== null })}
      popovertarget=${`${id}-list`}
      onKeyDown=${onKeyDown}
    >
      ${shortName(value)}
    </button>
    <div
      ref=${panel}
      id=${`${id}-list`}
      class="panel-popover optimizer-panel"
      popover="auto"
      role="dialog"
      aria-label=${t("controls.optimizers.choose")}
      ...${listeners}
    >
      <button
        type="button"
        class="icon-button optimizer-close"
        aria-label=${t("controls.optimizers.close")}
        onClick=${close}
      >
        <${Icon} name="close" />
      </button>
      ${opening > 0 && html`<${OptimizerList} key=${opening} id=${id} value=${value} choices=${choices} onChoose=${onChoose} />`}
    </div>
  <//>`;
}

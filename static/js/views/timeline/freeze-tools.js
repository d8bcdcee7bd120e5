/** What can be done to freeze bars without dragging: the selected one's switch and its removal, a preset, the same for all. */

import { gradualUnfreezing, thawOrder } from "../../state/freezing.js";
import { hintOfClearing, tellNoGhost, tellThawOrder, tellWindow } from "../../state/freezing-words.js";
import { create, setAttributes, setText } from "../drawing/dom.js";
import { layersOf } from "./layers.js";

/**
 * @typedef {import("../../state/freezing.js").FreezeWindow} FreezeWindow
 * @typedef {import("../types.js").Context} Context
 * @typedef {import("../types.js").Data} Data
 * @typedef {import("../types.js").Run} Run
 */

export class FreezeTools {
  #ctx;
  /** @type {FreezeWindow | null} */
  #selected = null;
  /** @type {string[]} of the run, the head last */
  #layers = [];
  #said = create("span", { class: "freeze-chosen" });
  #alone = create("p", { class: "freeze-chosen" });
  #clear = create("input", { class: "toggle", type: "checkbox", role: "switch" });
  #clearLabel = create(
    "label",
    { class: "freeze-clear" },
    create("span", { class: "code" }, "clear_grad"),
    this.#clear,
  );
  #remove = create("button", { class: "button button-quiet freeze-remove", type: "button" });
  #gradual = create("button", { class: "button button-quiet", type: "button", "data-action": "gradual" });
  #forAll = create("button", { class: "button button-quiet", type: "button", "data-action": "freeze-all" });

  /**
   * @param {Context} ctx
   * @param {(window: FreezeWindow, change: {clears: boolean} | null) => void} change
   */
  constructor(ctx, change) {
    this.#ctx = ctx;
    this.#clear.addEventListener("change", () => {
      if (this.#selected !== null) change(this.#selected, { clears: this.#clear.checked });
    });
    this.#remove.addEventListener("click", () => {
      if (this.#selected !== null) change(this.#selected, null);
    });
    this.#gradual.addEventListener("click", () =>
      ctx.onFreeze((_, steps) => gradualUnfreezing(this.#layers, steps)),
    );
    this.#forAll.addEventListener("click", () => ctx.onFreezeAll());
    const choice = create("div", { class: "freeze-choice" }, this.#said, this.#clearLabel, this.#remove);
    const actions = create("div", { class: "freeze-actions" }, this.#gradual, this.#forAll);
    this.element = create("div", { class: "freeze-tools" }, choice, this.#alone, actions);
  }

  /**
   * @param {FreezeWindow | null} window
   * @param {Run} run
   * @param {Data} data
   */
  update(window, run, data) {
    const { t } = this.#ctx;
    this.#selected = window;
    this.#layers = layersOf(run, data).map(({ name }) => name);
    const isFixed = "id" in run.request;
    setText(this.#said, this.#tell(window, run, data));
    setText(this.#alone, tellNoGhost(run.config.freeze ?? [], data.aloneFrom ?? 0, t));
    this.#alone.hidden = this.#alone.textContent === "";
    this.#clearLabel.hidden = this.#remove.hidden = window === null;
    this.#clear.checked = window?.clears ?? true;
    this.#clear.disabled = this.#remove.disabled = this.#gradual.disabled = isFixed;
    setAttributes(this.#clear, { "aria-label": t("views.freeze.clear", { name: window?.name ?? "" }) });
    this.#clearLabel.dataset.hint = hintOfClearing(run.config.loop, t);
    setText(this.#remove, t("views.freeze.delete"));
    setText(this.#gradual, t("views.freeze.gradual"));
    this.#gradual.dataset.hint = t("views.freeze.gradualHint");
    setText(this.#forAll, t("views.freeze.forAll"));
    this.#forAll.dataset.hint = t("views.freeze.forAllHint", { run: run.label });
    this.#forAll.disabled = data.runs.length < 2 || run.watched === true;
  }

  /**
   * @param {FreezeWindow | null} window
   * @param {Run} run
   * @param {Data} data
   */
  #tell(window, { config, request }, data) {
    const { t } = this.#ctx;
    const { steps = data.steps, freeze = [] } = config;
    if (window !== null) return tellWindow({ ...window, clears: true }, steps, t);
    const order = thawOrder(freeze, this.#layers, steps);
    if (order !== null) return tellThawOrder(order, t);
    return "id" in request ? "" : t("views.freeze.how");
  }
}

/** The small panel that reads out exact numbers beside the pointer. */

import { create } from "./dom.js";

/**
 * @typedef {{mark?: Node | null, label: string, value: string}} Row
 */

const DISTANCE = 14;

export class Tooltip {
  #element = create("div", { class: "tooltip", role: "presentation", hidden: true });
  #container;
  /** What it says, and where. */
  #shown = "";

  /** @param {HTMLElement} container  a positioned element that the tooltip stays within */
  constructor(container) {
    this.#container = container;
    container.append(this.#element);
  }

  /**
   * Say this; what is said there already is laid out once.
   *
   * @param {number} x  in the container
   * @param {number} y
   * @param {string} title
   * @param {Row[]} rows
   */
  show(x, y, title, rows) {
    const shown = rows.some(({ mark }) => mark) ? "" : JSON.stringify([x, y, title, rows]);
    if (shown !== "" && shown === this.#shown) return;
    this.#shown = shown;
    const list = create("dl", { class: "tooltip-rows" });
    for (const { mark = null, label, value } of rows) {
      list.append(create("dt", {}, mark, label), create("dd", {}, value));
    }
    this.#element.replaceChildren(create("div", { class: "tooltip-title" }, title), list);
    this.#element.hidden = false;
    this.#place(x, y);
  }

  hide() {
    this.#shown = "";
    this.#element.hidden = true;
  }

  remove() {
    this.#element.remove();
  }

  /**
   * Beside the pointer, on the side where there is room; over or under it where there is none.
   *
   * @param {number} x
   * @param {number} y
   */
  #place(x, y) {
    const { offsetWidth: width, offsetHeight: height } = this.#element;
    const { clientWidth, clientHeight } = this.#container;
    const [after, before, over] = [x + DISTANCE, x - DISTANCE - width, y - DISTANCE - height];
    const isBeside = after + width <= clientWidth || before >= 0;
    const left = after + width <= clientWidth ? after : Math.max(0, before);
    const level = Math.max(0, Math.min(y - height / 2, clientHeight - height));
    const top = isBeside ? level : over >= 0 ? over : y + DISTANCE;
    this.#element.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
  }
}

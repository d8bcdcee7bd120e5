/** One sentence above the surface that says what is seen at the step; read out once the clock rests. */

import { debounced } from "../../timing.js";
import { create, setText } from "../drawing/dom.js";
import { tellStep } from "./story-words.js";

/**
 * @typedef {import("../types.js").Context} Context
 * @typedef {import("../types.js").Data} Data
 * @typedef {import("../types.js").View} View
 */

/** How long the sentence must stay as it is to be read out. */
const REST = { rest: 700, longest: 60_000 };

/**
 * @param {HTMLElement} element
 * @param {Context} ctx
 * @returns {View}
 */
export function mount(element, ctx) {
  const seen = create("p", { class: "story", "aria-live": "off" });
  element.append(seen);
  /** @type {Data | null} */
  let data = null;
  let step = ctx.player.step;

  const fold = () => {
    const isCut = seen.scrollHeight > seen.clientHeight + 1;
    seen.classList.toggle("is-cut", isCut);
    if (isCut) seen.tabIndex = 0;
    else seen.removeAttribute("tabindex");
  };

  const readOut = debounced(() => {
    if (ctx.player.playing) return;
    fold();
    seen.setAttribute("aria-live", "polite");
    seen.replaceChildren(seen.textContent ?? "");
  }, REST);

  const show = () => {
    if (data === null) return;
    const said = tellStep(data, step, ctx.t);
    if (said === seen.textContent) return;
    seen.setAttribute("aria-live", "off");
    setText(seen, said);
    readOut();
  };

  return {
    update(next) {
      data = next;
      show();
    },
    setStep(next) {
      step = next;
      show();
    },
    resize: readOut,
    destroy: () => seen.remove(),
  };
}

/** The linked line plots: whole curves, one cursor, and the values of every run at the step. */

import { isOpen, leaveOpen } from "../../state/folds.js";
import { create, setText } from "../drawing/dom.js";
import { LineChart } from "../charts/line-chart.js";
import { SERIES } from "../charts/series.js";
import { readTheme } from "../drawing/theme.js";
import { HeldOutSource } from "./held-out.js";

/**
 * @typedef {import("../types.js").Context} Context
 * @typedef {import("../types.js").Data} Data
 * @typedef {import("../types.js").View} View
 */

/**
 * @param {HTMLElement} element
 * @param {Context} ctx
 * @returns {View}
 */
export function mount(element, ctx) {
  const root = create("div", { class: "lines" });
  const charts = SERIES.map((series, i) => new LineChart(series, ctx, i === SERIES.length - 1));
  const [first, ...others] = charts;
  const rest = create("div", { class: "lines-rest" }, ...others.map((chart) => chart.element));
  const more = create("button", { class: "lines-more", type: "button" });
  root.append(first.element, rest, more);
  element.append(root);
  /** @type {Data | null} */
  let given = null;
  let step = ctx.player.step;

  const redraw = () => {
    if (given === null) return;
    if (element.clientWidth === 0) heldOut.rest();
    const data = element.clientWidth === 0 ? given : { ...given, heldOut: heldOut.of(given) };
    root.setAttribute("aria-busy", String(data.heldOut?.isWaiting === true));
    const theme = readTheme(element);
    const isTaught = data.pointsAt === "training";
    const isWhole = isTaught || isOpen("charts");
    more.hidden = isTaught;
    rest.hidden = !isWhole;
    first.hasSteps = !isWhole;
    setText(more, ctx.t(`views.training.${isWhole ? "fewer" : "more"}`));
    more.setAttribute("aria-expanded", String(isWhole));
    for (const chart of charts) chart.reveal(data);
    for (const chart of charts) {
      chart.update(data, theme);
      chart.setStep(step);
    }
  };

  const heldOut = new HeldOutSource(ctx, redraw);
  more.addEventListener("click", () => {
    leaveOpen("charts", !isOpen("charts"));
    redraw();
  });

  const observer = new ResizeObserver(redraw);
  observer.observe(root);

  return {
    update(next) {
      given = next;
      redraw();
    },
    setStep(next) {
      step = next;
      for (const chart of charts) chart.setStep(next);
    },
    resize: redraw,
    destroy() {
      heldOut.rest();
      observer.disconnect();
      root.remove();
    },
  };
}

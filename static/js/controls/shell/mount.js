/**
 * Puts the controls into the page, and keeps the losses on the cards in step with the clock.
 */

import { html, render } from "../../../vendor/preact/htm-preact.js";
import { setText } from "../../views/drawing/dom.js";
import { earlyEnd, mendOf } from "../../views/drawing/ends.js";
import { lossReading } from "../../views/drawing/loss-reading.js";
import { Header } from "./header.js";
import { Overlay } from "../kept/overlay.js";
import { later } from "../parts/later.js";
import { PageProvider } from "../parts/page.js";
import { PlotTabs } from "./plot-tabs.js";
import { RunList } from "../runs/run-list.js";
import { SurfaceToolbar } from "../surface/surface-toolbar.js";
import { coversViews } from "../../state/place.js";

const Offers = later(async () => (await import("../offers/offers.js")).Offers);

/**
 * @typedef {import("../parts/page.js").Page} Page
 *
 * @typedef {object} Controls
 * @property {(page: Page) => void} update
 * @property {(step: number) => void} setStep
 */

/**
 * @param {(id: string) => HTMLElement} find  an element of the page by its id
 * @param {{onShare: () => void}} options
 * @returns {Controls}
 */
export function mountControls(find, { onShare }) {
  const list = find("runs");
  const roomy = matchMedia("(min-width: 1181px)").matches;
  /** @type {Page | null} */
  let page = null;
  /** @type {(typeof import("../lessons/lesson-panel.js"))["LessonPanel"] | null} of the place Learn, which not everybody comes to */
  let LessonPanel = null;
  const learn = async () => {
    ({ LessonPanel } = await import("../lessons/lesson-panel.js"));
    if (page !== null) controls.update(page);
  };
  let step = 0;

  const showStep = () => {
    if (page === null) return;
    for (const run of page.runs) {
      const history = run.refused === null ? run.history : null; // else it is of the run before the card was changed
      const { text, title } = lossReading(history, step, page.t);
      const loss = part(list, "loss", run.id);
      setText(loss, text);
      loss.dataset.hint = title;
      const ended = earlyEnd({ ...run, history }, step);
      const isTold = ended === null || mendOf(ended) !== null; // on the card, whatever the step
      setText(part(list, "end", run.id), isTold ? "" : page.say(ended));
    }
  };

  /** What stands beside the views, and is seen with them. @param {Page} next @param {(content: unknown) => any} inPage */
  const beside = (next, inPage) => {
    render(inPage(html`<${SurfaceToolbar} />`), find("toolbar"));
    render(inPage(html`<${PlotTabs} />`), find("tabs"));
    if (next.hasMoved) render(inPage(html`<${Offers} />`), find("offers"));
  };

  const controls = {
    update(/** @type {Page} */ next) {
      page = next;
      const inPage = (/** @type {unknown} */ content) => html`<${PageProvider} value=${next}>${content}<//>`;
      render(inPage(html`<${Header} onShare=${onShare} />`), find("header"));
      render(inPage(html`<${RunList} roomy=${roomy} />`), list);
      render(inPage(html`<${Overlay} />`), find("overlay"));
      if (!coversViews(next.state.place)) beside(next, inPage);
      if (next.state.place === "learn" && LessonPanel === null) void learn();
      if (LessonPanel !== null) render(inPage(html`<${LessonPanel} />`), find("lesson"));
      showStep();
    },
    setStep(/** @type {number} */ next) {
      step = next;
      showStep();
    },
  };
  return controls;
}

/**
 * @param {Element} list
 * @param {"loss" | "end"} name
 * @param {string} id  of a run
 * @returns {HTMLElement}
 */
function part(list, name, id) {
  /** @type {HTMLElement | null} */
  const found = list.querySelector(`[data-${name}="${id}"]`);
  if (found === null) throw new Error(`no card of ${id}`);
  return found;
}

/**
 * The place Your loops: watched runs, listed and looked at. Its modules come when somebody first goes there, or drops a
 * file.
 */

import { tellTrouble } from "../api/trouble.js";
import { LayerPicker } from "../controls/loops/layer-picker.js";
import { Back, LoopHead } from "../controls/loops/loop-head.js";
import { LoopAdvice } from "../controls/loops/loop-advice.js";
import { LoopList } from "../controls/loops/loop-list.js";
import { PageProvider } from "../controls/parts/page.js";
import { Loops } from "../session/loops.js";
import { axesOf, axisOf } from "../state/loops/axis.js";
import { opened } from "../state/loops/opened.js";
import { paced } from "../timing.js";
import { create } from "../views/drawing/dom.js";
import { LoopsView, shownQuantity } from "../views/loops/loops-view.js";
import { hintOf, ordered } from "../views/loops/quantities.js";
import { html, render } from "../../vendor/preact/htm-preact.js";

/**
 * @typedef {import("../controls/parts/page.js").Page} Page
 * @typedef {import("../session/loops.js").Followed} Followed
 * @typedef {import("../state/loops/record.js").Record} Record
 */

export class LoopsPlace {
  #list = create("div", { class: "loops-list" });
  #head = create("div", { class: "loops-head" });
  #advice = create("div", { class: "loops-advice" });
  #run = create("div", { class: "loops-run" });
  #live = create("p", { class: "visually-hidden", role: "status", "aria-live": "polite" });
  #element;
  #onFile;
  #loops;
  #view;
  /** @type {Page | null} */
  #page = null;
  #search = "";
  /** @type {File | null} the last one that was to be opened */
  #file = null;
  /** @type {unknown} what came of it */
  #trouble = null;
  #came = 0;
  /** Whether somebody has opened or left a run here. */
  #isChosen = false;
  #draw = paced(() => this.#drawNow());

  /**
   * @param {HTMLElement} element  that the place fills
   * @param {import("../api/kept-runs.js").KeptApi} api
   * @param {(file: File) => void} onFile  somebody has chosen one
   */
  constructor(element, api, onFile) {
    this.#element = element;
    this.#onFile = onFile;
    this.#loops = new Loops({ api, onChange: () => this.#draw() });
    this.#view = new LoopsView({
      onMark: (step) => this.#look({ at: step }),
      onChoose: (layer, step) => this.#look({ layer, at: step }),
      onSay: (text) => (this.#live.textContent = text),
    });
    this.#run.append(this.#head, this.#advice, this.#view.element);
    element.replaceChildren(this.#list, this.#run, this.#live);
    document.addEventListener("visibilitychange", () => this.#loops.rest(document.hidden));
  }

  /** @param {Page} page */
  update(page) {
    const before = this.#page?.state ?? null;
    this.#page = page;
    const { place, loops } = page.state;
    this.#loops.follow(place === "loops" ? loops : { run: null, beside: null });
    if (place !== "loops") return render(null, this.#list);
    this.#isChosen ||= before?.place === "loops" && before.loops.run !== loops.run;
    this.#drawNow();
    const left = loops.run === null ? (before?.loops.run ?? null) : null;
    if (left !== null && document.activeElement === document.body) this.#focusOn(left);
    return undefined;
  }

  /** @param {string} id  of a run in the list, which comes back where there is no room for both */
  #focusOn(id) {
    /** @type {HTMLElement | null} */ (this.#list.querySelector(`[data-loop="${id}"] .kept-name`))?.focus();
  }

  /**
   * A run of a loop that is not ours, which somebody has dropped or chosen, is kept, and opened.
   *
   * @param {File} file
   */
  async open(file) {
    const { kept, edit } = /** @type {Page} */ (this.#page);
    const isLast = () => file === this.#file;
    [this.#file, this.#trouble] = [file, null];
    try {
      const run = await kept.api.importRun(file);
      this.#came += 1;
      if (!isLast()) return;
      edit(({ loops }) => ({
        place: "loops",
        lesson: null,
        page: 0,
        loops: opened(loops, run.id),
      }));
    } catch (error) {
      if (!isLast()) return;
      this.#trouble = error;
      this.#draw();
    }
  }

  /** @param {Partial<import("../state/types.js").Loops>} change */
  #look(change) {
    this.#page?.edit(({ loops }) => ({ loops: { ...loops, ...change } }));
  }

  #drawNow() {
    const page = this.#page;
    if (page === null || page.state.place !== "loops") return;
    const { loops } = page.state;
    this.#element.dataset.opened = loops.run === null ? "none" : "one";
    this.#drawList(page);
    const opened = this.#loops.get(loops.run);
    this.#drawHead(page, opened);
    const record = opened?.history ?? null;
    const isThere = record !== null && record.count > 0;
    this.#view.element.hidden = !isThere;
    this.#advice.hidden = !isThere;
    if (isThere) this.#drawView(page, record);
  }

  /** @param {Page} page */
  #drawList(page) {
    const trouble = this.#trouble === null ? null : tellTrouble(this.#trouble, page);
    const props = {
      ...{ trouble, came: this.#came },
      onFile: this.#onFile,
      onChange: (/** @type {import("../state/kept-runs.js").KeptRun} */ run) => this.#loops.learn(run),
    };
    render(html`<${PageProvider} value=${page}><${LoopList} ...${props} /><//>`, this.#list);
  }

  /**
   * @param {Page} page
   * @param {Followed | null} opened
   */
  #drawHead(page, opened) {
    const run = opened?.document ?? null;
    const why = opened === null ? null : whyNot(opened, page);
    const records = this.#shown(page).map(({ record }) => record);
    const isEvery = (opened?.history?.distances ?? []).every(({ every }) => every === 1);
    const [axes, axis] = [axesOf(records), axisOf(records, page.state.loops.x)];
    const head =
      why === null
        ? run !== null &&
          html`<${LoopHead}
            run=${run}
            axes=${axes}
            axis=${axis}
            isChosen=${this.#isChosen}
            isEvery=${isEvery}
          />`
        : html`<${Back} />
            <p class="loop-none">${why}</p>`;
    render(html`<${PageProvider} value=${page}>${head}<//>`, this.#head);
  }

  /**
   * @param {Page} page
   * @param {Record} record
   * @param {import("../wire.d.ts").Report | null} report
   */
  #drawAdvice(page, record, report) {
    const props = { layers: record.layers, report, audit: record.source.audit ?? null };
    render(html`<${PageProvider} value=${page}><${LoopAdvice} ...${props} /><//>`, this.#advice);
  }

  /** @param {Page} page @returns {{record: Record, label: string}[]}  the run that is open, and the one beside it */
  #shown({ state }) {
    const { run, beside } = state.loops;
    return [run, beside].flatMap((id) => {
      const { history = null, document = null } = this.#loops.get(id) ?? {};
      return history === null || history.count === 0
        ? []
        : [{ record: history, label: document?.name ?? "" }];
    });
  }

  /**
   * @param {Page} page
   * @param {Record} record  of the run that is open
   */
  #drawView(page, record) {
    const { t, state } = page;
    const { loops: look } = state;
    const runs = this.#shown(page);
    const shown = shownQuantity(record, look.show);
    const quantities = ordered(record.quantities).map((name) => ({ name, hint: hintOf(name, t) }));
    const search = this.#search;
    const onSearch = (/** @type {string} */ words) => {
      this.#search = words;
      this.#draw();
    };
    render(
      html`<${PageProvider} value=${page}>
        <${LayerPicker} quantities=${quantities} shown=${shown ?? ""} search=${search} onSearch=${onSearch} />
      <//>`,
      this.#view.picker,
    );
    const report = look.run === null ? null : this.#loops.report(look.run);
    this.#drawAdvice(page, record, report);
    const found = (report?.found ?? []).flatMap(({ layers }) => layers);
    this.#view.update({ runs, look, words: search, found, t });
  }
}

/**
 * Why there is nothing to be seen of a run; null where there is, or will be.
 *
 * @param {Followed} run
 * @param {Pick<Page, "t" | "say">} page
 */
function whyNot({ status, history, reason }, { t, say }) {
  if (status === "gone") return t("controls.loops.gone");
  if (status !== "lost" || history !== null) return null;
  return reason === null ? t("controls.kept.lost") : say(reason);
}

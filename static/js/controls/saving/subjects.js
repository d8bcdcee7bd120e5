/** What there is to take a picture of on the page. */

import { openTab } from "../../views/registry.js";

/**
 * @typedef {object} Subject
 * @property {string} id  the same for the same thing, for the names of files
 * @property {string} name
 * @property {Element} element
 * @property {boolean} [withControls]  whether its buttons and fields belong to it
 *
 * @typedef {import("../parts/page.js").Page} Page
 */

/** How plots are marked that have a title of their own. */
const PLOTS = "section.line-chart, section.map-chart, section.loop-chart";

/**
 * @param {Page} page
 * @returns {Subject[]}  what is in sight
 */
export function subjectsOf(page) {
  const main = /** @type {Element} */ (document.querySelector("main"));
  const board = { id: "board", name: page.t("controls.save.board"), element: main, withControls: true };
  const views = viewsIn(main, page);
  const last = views[views.length - 1];
  const plots = [...(last.element?.querySelectorAll(PLOTS) ?? [])].map((element, i) => ({
    id: /** @type {HTMLElement} */ (element).dataset.series ?? `${last.id}-${i + 1}`,
    name: element.querySelector("h3")?.textContent ?? "",
    element,
  }));
  const seen = [board, ...views, ...plots].filter(
    ({ element }) => element?.checkVisibility() === true && element.getBoundingClientRect().width > 0,
  );
  return /** @type {Subject[]} */ (seen);
}

/**
 * @param {Element} main
 * @param {Page} page
 * @returns {{id: string, name: string, element: Element | null, withControls?: boolean}[]}  what a place consists of; the last one holds its plots
 */
function viewsIn(main, { t, state }) {
  if (state.place === "tune")
    return [
      { id: state.tune.kind, name: t("controls.save.maps"), element: main.querySelector("#tune .tune-view") },
    ];
  if (state.place === "loops") {
    const name = main.querySelector("#loops .loop-title")?.textContent ?? "";
    return [{ id: "run", name, element: main.querySelector("#loops .loop-view"), withControls: true }];
  }
  const tab = openTab(state).id;
  return [
    { id: "surface", name: t("shell.region.surface"), element: main.querySelector("#surface") },
    { id: "network", name: t("shell.region.network"), element: main.querySelector("#network") },
    { id: tab, name: t(`views.${tab}.tab`), element: document.getElementById(tab) },
  ];
}

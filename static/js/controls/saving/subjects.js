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
const PLOTS = "section.line-chart[data-series], section.line-chart, section.map-chart";

/**
 * @param {Page} page
 * @returns {Subject[]}  what is in sight
 */
export function subjectsOf({ t, state }) {
  const main = /** @type {Element} */ (document.querySelector("main"));
  const board = { id: "board", name: t("controls.save.board"), element: main, withControls: true };
  const isTune = state.place === "tune";
  const tab = openTab(state).id;
  const views = isTune
    ? [
        {
          id: state.tune.kind,
          name: t("controls.save.maps"),
          element: main.querySelector("#tune .tune-view"),
        },
      ]
    : [
        { id: "surface", name: t("shell.region.surface"), element: main.querySelector("#surface") },
        { id: "network", name: t("shell.region.network"), element: main.querySelector("#network") },
        { id: tab, name: t(`views.${tab}.tab`), element: document.getElementById(tab) },
      ];
  const root = isTune ? views[0].element : document.getElementById(tab);
  const plots = [...(root?.querySelectorAll(PLOTS) ?? [])].map((element, i) => {
    const name = element.querySelector("h3")?.textContent ?? "";
    const series =
      /** @type {HTMLElement} */ (element).dataset.series ?? `${isTune ? state.tune.kind : tab}-${i + 1}`;
    return { id: series, name, element };
  });
  const seen = [board, ...views, ...plots].filter(
    ({ element }) => element?.checkVisibility() === true && element.getBoundingClientRect().width > 0,
  );
  return /** @type {Subject[]} */ (seen);
}

/** What is on the screen as one file, which plays it without a server. */

import { html, useState } from "../../../vendor/preact/htm-preact.js";
import { tellTrouble } from "../../api/trouble.js";
import { handOut } from "../../saving/hand-out.js";
import { formatNumber } from "../../views/drawing/numbers.js";
import { Icon } from "../parts/icons.js";
import { usePage } from "../parts/page.js";
import { nameOf } from "./save-words.js";

const MEGABYTE = 1e6;

export function PagePart() {
  const page = usePage();
  const { t, say, api, state } = page;
  const [news, setNews] = useState("");
  const [isBusy, setIsBusy] = useState(false);
  const taken = page.taken();
  const save = async (/** @type {import("../parts/page.js").Asked} */ asked) => {
    setIsBusy(true);
    setNews(t("controls.save.page.waiting"));
    try {
      const file = await api.exported(asked);
      const name = nameOf(page, partsOf(state), "html");
      handOut(file, name);
      setNews(t("controls.save.page.saved", { name, size: formatNumber(file.size / MEGABYTE, 2) }));
    } catch (error) {
      setNews(tellTrouble(error, { t, say }));
    }
    setIsBusy(false);
  };
  return html`
    <p class="save-lead">${t("controls.save.page.lead")}</p>
    <p class="save-lead">
      ${"asked" in taken ? t(`controls.save.page.${state.place}`) : t(`controls.save.page.lacks.${taken.lacks}`)}
    </p>
    <div class="save-acts">
      <button
        type="button"
        class="button"
        disabled=${!("asked" in taken)}
        aria-disabled=${isBusy ? "true" : undefined}
        onClick=${() => isBusy || ("asked" in taken && void save(taken.asked))}
      >
        <${Icon} name="download" />${t("controls.save.page.save")}
      </button>
    </div>
    <p class="save-news" role="status">${news}</p>
  `;
}

/** @param {import("../../state/types.js").State} state @returns {string[]} */
function partsOf({ place, lesson, tune }) {
  if (place === "learn") return [lesson ?? ""];
  return place === "tune" ? [tune.kind] : [];
}

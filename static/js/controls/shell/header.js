/**
 * The bar at the top: the problem, and how the page is shown and shared.
 */

import { html } from "../../../vendor/preact/htm-preact.js";
import { Icon } from "../parts/icons.js";
import { usePage } from "../parts/page.js";
import { ProblemPicker } from "../problem/problem-picker.js";
import { Places } from "./places.js";

/** @typedef {import("../../state/types.js").State["theme"]} Theme */

/** What a press of the theme button turns each into. */
const THEMES = /** @type {const} */ ([
  { theme: null, name: "auto", icon: "auto" },
  { theme: "light", name: "light", icon: "sun" },
  { theme: "dark", name: "dark", icon: "moon" },
]);

/** @param {{onShare: () => void}} props */
export function Header({ onShare }) {
  const { t, state } = usePage();
  return html`
    <${Places} />
    ${(state.place === "compare" || state.place === "tune") && html`<${ProblemPicker} />`}
    <div class="header-tools">
      <${WayBack} />
      <button
        type="button"
        class="tool header-second"
        aria-label=${t("shell.share")}
        data-hint=${t("shell.shareTitle")}
        onClick=${onShare}
      >
        <${Icon} name="share" /><span class="tool-text">${t("shell.share")}</span>
      </button>
      <${SaveButton} />
      <${LanguageSwitch} />
      <${ThemeSwitch} />
      <${ProjectorSwitch} />
      <${KeysButton} />
      <a
        class="tool header-second"
        href="/docs"
        aria-label=${t("shell.docs")}
        data-hint=${t("shell.docsTitle")}
      >
        <${Icon} name="book" /><span class="tool-text">${t("shell.docs")}</span>
      </a>
    </div>
  `;
}

function SaveButton() {
  const { t, kept } = usePage();
  return html`<button
    type="button"
    class="tool header-second header-save"
    aria-label=${t("shell.save")}
    data-hint=${t("shell.saveTitle")}
    onClick=${() => kept.show({ kind: "save" })}
  >
    <${Icon} name="download" /><span class="tool-text">${t("shell.save")}</span>
  </button>`;
}

function WayBack() {
  const { t, undo } = usePage();
  const ways = /** @type {const} */ ([
    { name: "undo", can: undo.canUndo },
    { name: "redo", can: undo.canRedo },
  ]);
  return html`<div class="header-undo header-second" role="group" aria-label=${t("shell.history")}>
    ${ways.map(
      ({ name, can }) =>
        html`<button
          key=${name}
          type="button"
          class="tool tool-icon"
          aria-label=${t(`shell.${name}`)}
          aria-disabled=${String(!can)}
          data-hint=${t(`shell.${name}Title`)}
          onClick=${() => undo[name]()}
        >
          <${Icon} name=${name} />
        </button>`,
    )}
  </div>`;
}

function LanguageSwitch() {
  const { t, words, edit } = usePage();
  const { language, missing } = words;
  const lacks = missing > 0 ? `\n${t("shell.missing", { count: missing })}` : "";
  return html`<div class="switch" role="group" aria-label=${t("shell.language")}>
    ${words.offered.map(
      ({ code, name, short, tag }) =>
        html`<button
          key=${code}
          type="button"
          lang=${tag}
          data-hint=${code === language ? name + lacks : name}
          aria-pressed=${String(code === language)}
          onClick=${() => edit({ language: code })}
        >
          ${short}
        </button>`,
    )}
  </div>`;
}

function ThemeSwitch() {
  const { t, state, edit } = usePage();
  const index = THEMES.findIndex(({ theme }) => theme === state.theme);
  const { name, icon } = THEMES[index];
  const label = t("shell.themeIs", { theme: t(`shell.themes.${name}`) });
  return html`<button
    type="button"
    class="tool tool-icon"
    aria-label=${label}
    data-hint=${label}
    onClick=${() => edit({ theme: THEMES[(index + 1) % THEMES.length].theme })}
  >
    <${Icon} name=${icon} />
  </button>`;
}

function ProjectorSwitch() {
  const { t, state, edit } = usePage();
  const label = t("shell.projector");
  return html`<button
    type="button"
    class="tool tool-icon tool-wide"
    aria-label=${label}
    aria-pressed=${String(state.projector)}
    data-hint=${t("shell.projectorTitle")}
    onClick=${() => edit({ projector: !state.projector })}
  >
    <${Icon} name="projector" />
  </button>`;
}

function KeysButton() {
  const { t, kept } = usePage();
  return html`<button
    type="button"
    class="tool tool-icon tool-wide"
    aria-label=${t("shell.keys")}
    data-hint=${t("shell.keysTitle")}
    onClick=${() => kept.show({ kind: "keys" })}
  >
    <${Icon} name="keyboard" />
  </button>`;
}

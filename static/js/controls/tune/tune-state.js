/**
 * How the sweeps behind the maps are doing: what is under way, how they are trained, and what came to nothing.
 */

import { html } from "../../../vendor/preact/htm-preact.js";
import { describeTrouble } from "../../api/trouble.js";
import { fieldName } from "../../state/sweep/field-name.js";
import { formatTick } from "../../views/drawing/numbers.js";
import { Icon } from "../parts/icons.js";
import { usePage } from "../parts/page.js";

/**
 * @typedef {object} TuneState
 * @property {{done: number, of: number, left: number | null} | null} progress  left: seconds, if they are known; null where nothing is under way
 * @property {boolean} isCancelled
 * @property {unknown} trouble
 * @property {import("../../wire.d.ts").WayOfMembers[]} ways
 * @property {{label: string, path: string}[]} lacking  runs without a field of the axes
 * @property {{label: string, said: import("../../wire.d.ts").Noted}[]} [refused]  runs of which torch refuses some
 * @property {() => void} cancel
 * @property {() => void} retry
 */

/** @param {TuneState} props */
export function TuneState({ progress, isCancelled, trouble, ways, lacking, refused = [], cancel, retry }) {
  const { t, say } = usePage();
  const again = html`<button type="button" class="button-link" onClick=${retry}>
    ${t("shell.notice.retry")}
  </button>`;
  return html`<div class="tune-state">
    <p class="tune-progress" role="status">
      ${progress !== null && html`<${Progress} ...${progress} />`} ${" "}
      ${progress !== null && html`<button type="button" class="button-link" onClick=${cancel}>${t("controls.tune.cancel")}</button>`}
      ${progress === null && isCancelled && html`${t("controls.tune.cancelled")} ${again}`}
    </p>
    ${trouble !== null && html`<p class="tune-trouble" role="alert"><${Trouble} error=${trouble} /> ${again}</p>`}
    ${lacking.map(
      ({ label, path }) =>
        html`<p key=${label} class="tune-note">
          ${t("controls.tune.lacks", { run: label, field: fieldName(path, t) })}
        </p>`,
    )}
    ${refused.map(
      ({ label, said }) =>
        html`<p key=${label} class="tune-note">
          ${t("controls.tune.refused", { run: label, because: say(said) })}
        </p>`,
    )}
    ${trouble === null && html`<${Ways} ways=${ways} />`}
  </div>`;
}

/** @param {NonNullable<TuneState["progress"]>} props */
function Progress({ done, of, left }) {
  const { t } = usePage();
  return html`<progress value=${done} max=${of} aria-label=${t("controls.tune.progress")}></progress>
    ${left === null ? t("controls.tune.done", { done, of }) : t("controls.tune.left", { done, of, time: told(left, t) })}`;
}

/**
 * A time in the unit that it is read in.
 *
 * @param {number} seconds
 * @param {import("../parts/page.js").Page["t"]} t
 */
function told(seconds, t) {
  if (seconds < 100) return t("controls.tune.time.seconds", { count: Math.ceil(seconds) });
  const minutes = Math.round(seconds / 60);
  if (minutes < 100) return t("controls.tune.time.minutes", { count: minutes });
  return t("controls.tune.time.hours", { count: Number((minutes / 60).toPrecision(2)) });
}

/** @param {{error: unknown}} props */
function Trouble({ error }) {
  const { t, say } = usePage();
  const { key, params, said } = describeTrouble(error);
  return html`${t(key, { ...params, ...(said === undefined ? {} : { detail: say(said) }) })}`;
}

/** What holds for several maps is said once. @param {Pick<TuneState, "ways">} props */
function Ways({ ways }) {
  const { t, say } = usePage();
  const trained = ways.filter(({ because_code: code }) => code !== "refused_by");
  const slow = trained.filter(({ way }) => way !== "compiled");
  const said = (slow.length > 0 ? slow : trained).map(
    ({ way: name, because, because_code: code, because_params: params }) => {
      const way = t(`controls.tune.ways.${name.replaceAll(" ", "_")}`);
      if (because === null || code === null) return t("controls.tune.plain", { way });
      return t("controls.tune.because", { way, because: say({ detail: because, code, params }) });
    },
  );
  return html`${[...new Set(said)].map((text) => html`<p key=${text} class="tune-note">${text}</p>`)}`;
}

/**
 * What can be done with a map: saying that a finger brushes, and taking it away.
 *
 * @param {object} props
 * @param {boolean} props.canBrush  whether cells can be brushed
 * @param {boolean} props.isByTouch
 * @param {() => void} props.onByTouch
 * @param {boolean} props.canSave
 * @param {() => void} props.onPicture  of what is shown, as a file
 * @param {() => void} props.onCells  the same
 */
export function Brush({ canBrush, isByTouch, onByTouch, canSave, onPicture, onCells }) {
  const { t } = usePage();
  return html`<div class="tune-brush">
    ${
      canBrush &&
      html`<button
        type="button"
        class="button tune-by-touch"
        aria-pressed=${String(isByTouch)}
        onClick=${onByTouch}
      >
        ${t("controls.tune.byTouch")}
      </button>`
    }
    <${Save} canSave=${canSave} onPicture=${onPicture} onCells=${onCells} />
  </div>`;
}

/**
 * What can be done with the cells that a brush went over.
 *
 * @param {object} props
 * @param {number} props.count  cells
 * @param {() => void} props.onOpen
 * @param {() => void} props.onDrop
 */
export function Brushed({ count, onOpen, onDrop }) {
  const { t, state, catalog } = usePage();
  const most = catalog.limits.max_compared_runs;
  const isTooMany = count > 1 && count + state.runs.length > most;
  if (count === 0) return null;
  return html`<div class="tune-brushed-bar">
    <button type="button" class="button button-primary" onClick=${onOpen}>
      ${t("controls.tune.openBrushed", { count })}
    </button>
    ${isTooMany && html`<span class="tune-note">${t("controls.tune.most", { most })}</span>`}
    <button type="button" class="button-link" onClick=${onDrop}>${t("controls.tune.drop")}</button>
  </div>`;
}

/**
 * Takes what is shown away, as a picture or as the numbers of its cells.
 *
 * @param {object} props
 * @param {boolean} props.canSave
 * @param {() => void} props.onPicture
 * @param {() => void} props.onCells
 */
export function Save({ canSave, onPicture, onCells }) {
  const { t } = usePage();
  const button = (/** @type {string} */ name, /** @type {() => void} */ onClick) =>
    html`<button type="button" class="button button-quiet" disabled=${!canSave} onClick=${onClick}>
      <${Icon} name="download" />${name}
    </button>`;
  return html`<span class="tune-save" role="group" aria-label=${t("controls.tune.save")}>
    ${button("PNG", onPicture)} ${button("CSV", onCells)}
  </span>`;
}

/**
 * What an lr range test comes to: for each run the best rate, and how far it may be from there.
 *
 * @param {{rates: {label: string, entry: import("../../wire.d.ts").SummedUp}[]}} props
 */
export function Rates({ rates }) {
  const { t } = usePage();
  const told = rates.filter(({ entry: { best, tolerance } }) => best !== null && tolerance !== null);
  return html`<ul class="tune-rates">
    ${told.map(({ label, entry: { best, tolerance } }) => {
      const rate = Number(best?.values[tolerance?.path ?? ""]);
      const [low, high] = (tolerance?.between ?? []).map((end) => Number(Number(end).toPrecision(3)));
      const params = {
        run: label,
        best: formatTick(Number(rate.toPrecision(3))),
        low: formatTick(low),
        high: formatTick(high),
      };
      const count = Number(Number(tolerance?.decades).toPrecision(2)); // of decades
      return html`<li key=${label}>
        ${t(`controls.tune.${count > 0 ? "rate" : "oneRate"}`, { ...params, count })}
      </li>`;
    })}
  </ul>`;
}

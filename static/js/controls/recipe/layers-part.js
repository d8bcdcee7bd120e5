/**
 * The layers of a run, each with a lock, and the windows in which they are frozen.
 */

import { html } from "../../../vendor/preact/htm-preact.js";
import { freezeAllLike, lockOf, toggleLock, windowsIn, windowsOf, withChange } from "../../state/freezing.js";
import { hintOfClearing, tellLock, tellWindow } from "../../state/freezing-words.js";
import { layersOn } from "../../state/layers.js";
import { Field } from "../parts/field.js";
import { Icon } from "../parts/icons.js";
import { errorAt, usePage } from "../parts/page.js";

/**
 * @typedef {import("../parts/page.js").PartProps} PartProps
 * @typedef {import("../../state/freezing.js").FreezeWindow} FreezeWindow
 */

const LOCK_ICONS = { open: "unlock", window: "lockForAWhile", whole: "lock" };

/** What freezes, and what is taken for it. */
const WAYS = /** @type {const} */ (["requires_grad", "no_grad", "detach", "eval"]);

const WRITTEN = {
  requires_grad: "requires_grad_(False)",
  no_grad: "torch.no_grad()",
  detach: ".detach()",
  eval: ".eval()",
};

/** @param {FreezeWindow["rest"]} rest */
function wayOf(rest) {
  return rest?.by ?? WAYS[0];
}

/** @param {typeof WAYS[number]} way */
function restOf(way) {
  return way === WAYS[0] ? undefined : { by: way };
}

/** @param {PartProps & {alone?: boolean}} props  alone: there are no other runs to lock likewise */
export function LayersPart({ id, run, errors, change, alone = false }) {
  const { t, state, problem, edit } = usePage();
  const { steps } = state;
  const others = alone ? [] : state.runs.filter(({ slot, kept }) => slot !== run.slot && kept === undefined);
  const differs = others.some((other) => JSON.stringify(other.freeze) !== JSON.stringify(run.freeze));
  return html`<section class="part">
    <${Field}
      label=${t("controls.runs.layers")}
      hint=${t("controls.runs.lockHint")}
      error=${errorAt(errors, "/freeze")}
    >
      <div
        id=${`${id}-freeze`}
        class="locks"
        role="group"
        aria-label=${t("controls.runs.layers")}
        tabindex="-1"
      >
        ${layersOn(problem, state.hidden).map((layer) => {
          const lock = lockOf(run.freeze, layer, steps);
          const { pressed, label, title } = tellLock(
            layer,
            windowsIn(run.freeze, layer, steps),
            lock,
            steps,
            t,
          );
          return html`<button
            key=${layer}
            type="button"
            class="lock"
            aria-pressed=${pressed}
            aria-label=${label}
            data-hint=${title}
            onClick=${() => change({ freeze: toggleLock(run.freeze, layer, steps) })}
          >
            <${Icon} name=${LOCK_ICONS[lock]} /><span class="code">${layer}</span>
          </button>`;
        })}
      </div>
    <//>
    <${Windows} id=${id} run=${run} change=${change} />
    ${
      differs &&
      html`<button
        type="button"
        class="button button-quiet"
        onClick=${() => edit((now) => freezeAllLike(now, run.slot))}
      >
        ${t("controls.runs.lockAll")}
      </button>`
    }
  </section>`;
}

/**
 * What the locks do not say: from when to when, and whether the gradient is kept.
 *
 * @param {Pick<PartProps, "id" | "run" | "change">} props
 */
function Windows({ id, run, change }) {
  const { t, state } = usePage();
  const { steps } = state;
  const windows = windowsOf(run.freeze);
  const isPlain = (/** @type {FreezeWindow} */ { from, to, clears, rest }) =>
    from === 0 && (to ?? steps) >= steps && clears && wayOf(rest) === WAYS[0];
  if (windows.every(isPlain)) return null;
  const places = run.freeze.flatMap(({ params }, rule) =>
    params.map((_, i) => (i === 0 ? `${id}-freeze-${rule}` : undefined)),
  );
  return html`<ul class="freeze-windows">
    ${windows.map((window, index) => {
      const said = tellWindow(window, steps, t);
      /** @param {Parameters<typeof withChange>[2]} how */
      const onChange = (how) => change({ freeze: withChange(run.freeze, window, how) });
      return html`<li key=${index} id=${places[index]} tabindex="-1">
        <span class="freeze-window">${said}</span>
        <label class="freeze-clear" data-hint=${hintOfClearing(run.loop, t)}>
          <span class="code">clear_grad</span>
          <input
            id=${places[index] && `${places[index]}-clear_grad`}
            class="toggle"
            type="checkbox"
            role="switch"
            aria-label=${t("views.freeze.clear", { name: window.name })}
            checked=${window.clears}
            onChange=${(/** @type {any} */ event) => onChange({ clears: event.currentTarget.checked })}
          />
        </label>
        <select
          id=${places[index] && `${places[index]}-by`}
          class="select freeze-way"
          aria-label=${t("views.freeze.way", { name: window.name })}
          data-hint=${t(`views.freeze.ways.${wayOf(window.rest)}`)}
          value=${wayOf(window.rest)}
          onChange=${(/** @type {any} */ event) => onChange({ rest: restOf(event.currentTarget.value) })}
        >
          ${WAYS.map((way) => html`<option key=${way} value=${way}>${WRITTEN[way]}</option>`)}
        </select>
        <button
          type="button"
          class="icon-button"
          aria-label=${t("views.freeze.remove", { window: said })}
          data-hint=${t("views.freeze.remove", { window: said })}
          onClick=${() => onChange(null)}
        >
          <${Icon} name="trash" />
        </button>
      </li>`;
    })}
  </ul>`;
}

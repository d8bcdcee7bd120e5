/**
 * What the param groups are given over the run: the learning rate, or the momentum, with a cursor to read it at.
 */

import { html, useLayoutEffect, useMemo, useRef, useState } from "../../../vendor/preact/htm-preact.js";
import { actOf, reachOf } from "../../keys.js";
import { formatTick } from "../../views/drawing/numbers.js";
import { schedulePlot } from "../../views/charts/schedule-figure.js";
import { usePage } from "../parts/page.js";

/**
 * @typedef {import("../../views/charts/schedule-figure.js").Line} Line
 * @typedef {import("../../views/types.js").AxisScale} AxisScale
 */

/** Room for the ticks, in pixels; the strip above has the same at its left and right. */
const MARGIN = { left: 52, right: 12, top: 8, bottom: 6 };
const STEPS_BELOW = 16;
/** Of the groups, in their order. */
const DASHES = ["", "7 4", "2 3", "9 3 2 3", "12 3", "4 2"];

/** @type {Line[]} */
const NONE = [];

/**
 * @param {object} props
 * @param {string} props.title
 * @param {Line[]} props.lines
 * @param {Line[]} [props.asides]  what is drawn faintly beside them
 * @param {string} props.color
 * @param {number} props.steps
 * @param {number} [props.most]  what no value can exceed
 * @param {number[]} props.milestones  steps
 * @param {number} props.cursor  the step that is read
 * @param {boolean} props.hasSteps  whether the steps are written below it
 * @param {string} props.reading  what is read there, for screen readers
 * @param {(step: number) => void} props.onCursor
 */
export function SchedulePlot({
  title,
  lines,
  asides = NONE,
  color,
  most,
  steps,
  milestones,
  cursor,
  hasSteps,
  reading,
  onCursor,
}) {
  const { t } = usePage();
  const ref = useRef(/** @type {HTMLElement | null} */ (null));
  const { width, height } = useSize(ref);
  const [scale, setScale] = useState(/** @type {AxisScale} */ ("linear"));
  const inner = {
    width: Math.max(1, width - MARGIN.left - MARGIN.right),
    height: Math.max(1, height - MARGIN.top - MARGIN.bottom - (hasSteps ? STEPS_BELOW : 0)),
  };
  const all = [...lines, ...asides];
  const plot = useMemo(() => {
    const values = [...lines, ...asides].map((line) => line.values);
    return schedulePlot(values, { ...inner, steps, scale, most });
  }, [lines, asides, inner.width, inner.height, steps, scale, most]);
  /** @param {any} event */
  const onPointer = ({ clientX, currentTarget, buttons, pointerType }) => {
    if (pointerType !== "mouse" && buttons === 0) return;
    const { left } = currentTarget.getBoundingClientRect();
    const part = (clientX - left - MARGIN.left) / inner.width;
    onCursor(clamp(Math.round(1 + part * (steps - 1)), steps));
  };
  /** @param {any} event */
  const onKeyDown = (event) => {
    const by = reachOf(event);
    const act = actOf("plots", event);
    if (act === null) return;
    /** @type {Record<string, number>} */
    const targets = { back: cursor - by, forward: cursor + by, first: 1, last: steps };
    event.preventDefault();
    onCursor(clamp(targets[act], steps));
  };
  return html`<section class=${hasSteps ? "schedule-plot has-steps" : "schedule-plot"}>
    <header class="schedule-plot-head">
      <h3 class="code">${title}</h3>
      <button
        type="button"
        class="line-chart-toggle"
        aria-label=${t("views.charts.scale", { series: title, scale: t(`views.charts.${scale}`) })}
        onClick=${() => setScale(scale === "log" ? "linear" : "log")}
      >
        ${t(`views.charts.${scale}`)}
      </button>
      ${all.length > 1 && html`<${Key} lines=${lines} asides=${asides} color=${color} />`}
    </header>
    <div
      ref=${ref}
      class="schedule-plot-area"
      role="slider"
      tabindex="0"
      aria-label=${t("controls.schedule.cursor", { series: title })}
      aria-valuemin="1"
      aria-valuemax=${steps}
      aria-valuenow=${cursor}
      aria-valuetext=${reading}
      onPointerMove=${onPointer}
      onPointerDown=${onPointer}
      onKeyDown=${onKeyDown}
    >
      <svg width=${width} height=${height} aria-hidden="true" focusable="false">
        <g transform=${`translate(${MARGIN.left} ${MARGIN.top})`}>
          ${plot.yTicks.map(
            (tick) =>
              html`<g key=${tick}>
                <line class="plot-grid" x2=${inner.width} y1=${plot.y(tick)} y2=${plot.y(tick)} />
                <text class="plot-tick" x="-8" y=${plot.y(tick)}>${formatTick(tick)}</text>
              </g>`,
          )}
          ${
            hasSteps &&
            plot.xTicks.map(
              (tick) =>
                html`<text key=${tick} class="plot-tick plot-tick-x" x=${plot.x(tick)} y=${inner.height + 16}>
                  ${tick}
                </text>`,
            )
          }
          ${milestones.map(
            (step) =>
              html`<line
                key=${step}
                class="plot-milestone"
                x1=${plot.x(step)}
                x2=${plot.x(step)}
                y2=${inner.height}
              />`,
          )}
          ${all.map(
            (line, index) =>
              html`<path
                key=${index}
                class=${index < lines.length ? "plot-line" : "plot-line plot-aside"}
                d=${plot.paths[index]}
                stroke=${index < lines.length ? color : "currentcolor"}
                stroke-dasharray=${index < lines.length ? dashOf(line) : "1 3"}
              />`,
          )}
          <line class="plot-cursor" x1=${plot.x(cursor)} x2=${plot.x(cursor)} y2=${inner.height} />
          ${lines.map(({ values, index }) => {
            const y = plot.y(values[cursor - 1]);
            return (
              Number.isFinite(y) &&
              html`<circle
                key=${index}
                class="plot-dot"
                cx=${plot.x(cursor)}
                cy=${y}
                r="3.5"
                fill=${color}
              />`
            );
          })}
        </g>
      </svg>
    </div>
  </section>`;
}

/** @param {{lines: Line[], asides: Line[], color: string}} props */
function Key({ lines, asides, color }) {
  return html`<ul class="plot-key">
    ${[...lines, ...asides.slice(0, 1)].map(
      (line, index) =>
        html`<li key=${index}>
          <svg width="22" height="8" aria-hidden="true" focusable="false">
            <line
              class="plot-line"
              x2="22"
              y1="4"
              y2="4"
              stroke=${index < lines.length ? color : "currentcolor"}
              stroke-dasharray=${index < lines.length ? dashOf(line) : "1 3"}
            />
          </svg>
          <span class="code">${line.label}</span>
        </li>`,
    )}
  </ul>`;
}

/** @param {Line} line */
function dashOf({ index }) {
  return DASHES[index % DASHES.length] || undefined;
}

/**
 * @param {number} step
 * @param {number} steps
 */
function clamp(step, steps) {
  return Math.max(1, Math.min(steps, step));
}

/**
 * @param {import("../../../vendor/preact/htm-preact.js").Ref<HTMLElement | null>} ref
 * @returns {{width: number, height: number}}
 */
function useSize(ref) {
  const [size, setSize] = useState({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const element = ref.current;
    if (element === null) return undefined;
    const measure = () => setSize({ width: element.clientWidth, height: element.clientHeight });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, []);
  return size;
}

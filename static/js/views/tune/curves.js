/**
 * Curves over a field of the run: one for each run, with the band that its seeds fill.
 */

import { actOf } from "../../keys.js";
import { create, svg } from "../drawing/dom.js";
import { formatTick } from "../drawing/numbers.js";
import { glyph, markerPath } from "../drawing/markers.js";
import { Tooltip } from "../drawing/tooltip.js";
import { curveFigure, isEmpty, losersOf, stretchesOf } from "./curve-figure.js";
import { memberAt } from "./field.js";
import { formatQuantity, mappedIn } from "./figures.js";
import { moved, within } from "./grid.js";
import { scaleOf, shown, ticksOf } from "./map-axes.js";
import { partsOf } from "./map-chart.js";
import { markOf } from "./map-over.js";

/**
 * @typedef {import("./maps.js").MapsData} MapsData
 * @typedef {import("./maps.js").MapsActs} MapsActs
 * @typedef {import("./curve-figure.js").CurveFigure} CurveFigure
 */

const MARGIN = { left: 62, right: 12, top: 8, bottom: 34 };
/** Between the lines in which the marks of runs without a number stand. */
const LOST_PX = 9;

export class Curves {
  #acts;
  #svg = svg("svg", { class: "map-over", "aria-hidden": "true" });
  #cursor = create("div", { class: "curve-cursor", hidden: true });
  #area = create("div", { class: "curve-area", tabindex: 0, role: "application" });
  #plot = create("div", { class: "map-plot curve-plot" });
  #keys = create("div", { class: "curve-keys" });
  element = create("div", { class: "curves" }, this.#keys, this.#plot);
  #tooltip;
  /** @type {MapsData | null} */
  #data = null;
  /** @type {CurveFigure | null} */
  #figure = null;
  #at = { column: 0, row: 0 };
  #observer = new ResizeObserver(() => this.#data !== null && this.update(this.#data));

  /** @param {Omit<MapsActs, "onBrush">} acts */
  constructor(acts) {
    this.#acts = acts;
    this.#area.append(this.#cursor);
    this.#plot.append(this.#svg, this.#area);
    this.#tooltip = new Tooltip(this.#plot);
    this.#observer.observe(this.#plot);
    this.#area.addEventListener("pointermove", (event) => this.#onMove(event));
    this.#area.addEventListener("pointerleave", () => this.#rest());
    this.#area.addEventListener("blur", () => this.#rest());
    this.#area.addEventListener("click", (event) => this.#onClick(event));
    this.#area.addEventListener("keydown", (event) => this.#onKey(event));
  }

  /** @param {MapsData} data */
  update(data) {
    this.#data = data;
    const { picture, quantity, t, nameOf, look } = data;
    const mapped = picture === null ? [] : mappedIn(picture);
    const { clientWidth: width, clientHeight: height } = this.#plot;
    if (mapped.length === 0 || width === 0) return this.#svg.replaceChildren();
    const [w, h] = [width - MARGIN.left - MARGIN.right, height - MARGIN.top - MARGIN.bottom];
    const figure = curveFigure(mapped, quantity, h);
    this.#figure = figure;
    this.#at = within(this.#at, { columns: figure.columns, rows: figure.curves.length });
    const [x] = mapped[0].cells.started.axes;
    const px = (/** @type {number} */ at) => MARGIN.left + (at / figure.columns) * w;
    const py = (/** @type {number} */ at) => MARGIN.top + (1 - at) * h;
    const path = (/** @type {[number, number][]} */ line) =>
      `M${line.map(([a, b]) => `${px(a).toFixed(1)},${py(b).toFixed(1)}`).join("L")}`;
    const axis = { label: nameOf(x.path), values: x.values, scale: scaleOf(x.values) };
    const name = t(`views.tune.quantity.${quantity}`);
    this.#area.setAttribute("aria-label", t("views.tune.curveLabel", { quantity: name, x: nameOf(x.path) }));
    this.#svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.#svg.replaceChildren(
      svg("rect", { class: "map-frame", x: MARGIN.left, y: MARGIN.top, width: w, height: h }),
      ...ticksOf(axis, w / 70).flatMap(({ at, label }) => [
        svg("path", { class: "map-tick", d: `M${px(at).toFixed(1)},${MARGIN.top + h}v4` }),
        svg("text", { class: "map-text", x: px(at), y: MARGIN.top + h + 15 }, label),
      ]),
      ...figure.ticks.flatMap(({ at, value }) => [
        svg("path", { class: "curve-line", d: `M${MARGIN.left},${py(at).toFixed(1)}h${w}` }),
        svg("text", { class: "map-text map-tick-y", x: MARGIN.left - 6, y: py(at) + 4 }, formatTick(value)),
      ]),
      svg("text", { class: "map-text", x: MARGIN.left + w / 2, y: height - 4 }, axis.label),
      svg("text", { class: "map-text", transform: `translate(11,${MARGIN.top + h / 2}) rotate(-90)` }, name),
      ...figure.curves.flatMap(({ mapped: { slot }, spreads }) => {
        const { color, dash } = look(slot);
        const parts = stretchesOf(spreads, figure.y);
        return [
          ...parts.map(({ band }) => svg("path", { class: "curve-band", d: `${path(band)}Z`, fill: color })),
          ...parts.map(({ line }) =>
            svg("path", {
              class: "curve-median",
              d: path(line),
              stroke: color,
              "stroke-dasharray": dash.join(" "),
            }),
          ),
        ];
      }),
      ...losersOf(figure.curves).flatMap(({ mapped: { slot }, lost }, line) =>
        lost.map((column) =>
          svg("path", {
            class: "curve-lost",
            d: markerPath("cross", 3),
            transform: `translate(${px(column + 0.5).toFixed(1)},${MARGIN.top + 5 + LOST_PX * line})`,
            fill: look(slot).color,
          }),
        ),
      ),
      ...(isEmpty(figure.curves)
        ? [
            svg(
              "text",
              { class: "map-text curve-none", x: MARGIN.left + w / 2, y: MARGIN.top + h / 2 },
              t(`views.tune.nowhere.${quantity}`),
            ),
          ]
        : []),
    );
    this.#keys.replaceChildren(
      ...mapped.map(({ slot }) => keyOf(look(slot))),
      create("span", { class: "map-aside" }, t("views.tune.band")),
      create("span", { class: "map-aside" }, t(`views.tune.lost.${quantity}`)),
    );
  }

  /** @param {{clientX: number, clientY: number}} event */
  #placeAt({ clientX, clientY }) {
    const figure = /** @type {CurveFigure} */ (this.#figure);
    const { left, bottom, width, height } = this.#area.getBoundingClientRect();
    const part = Math.floor(((clientX - left) / width) * figure.columns);
    const column = Math.max(0, Math.min(figure.columns - 1, part));
    const up = (bottom - clientY) / height;
    const far = figure.curves.map(({ spreads }) => {
      const median = spreads[column]?.median ?? NaN;
      return Number.isNaN(median)
        ? Infinity
        : Math.abs((Number.isFinite(median) ? figure.y(median) : 1) - up);
    });
    return { column, row: far.indexOf(Math.min(...far)) };
  }

  /** @param {PointerEvent} event */
  #onMove(event) {
    if (this.#figure !== null) this.#show(this.#placeAt(event));
  }

  /** @param {MouseEvent} event */
  #onClick(event) {
    if (this.#figure === null) return;
    const place = this.#placeAt(event);
    const isRead = this.#at.column === place.column && this.#at.row === place.row;
    this.#show(place);
    const isFinger = /** @type {PointerEvent} */ (event).pointerType === "touch";
    if (!isFinger || isRead) this.#open(place);
  }

  /** @param {{column: number, row: number}} place  row: of the curves */
  #open({ column, row }) {
    const mapped = this.#figure?.curves[row]?.mapped;
    if (mapped !== undefined) this.#acts.onOpen(mapped, [{ column, row: 0 }]);
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const act = actOf("map", event);
    if (act === null || this.#figure === null) return;
    event.preventDefault();
    event.stopPropagation();
    const { columns, curves } = this.#figure;
    if (act === "open") return this.#open(this.#at);
    if (act === "best") this.#show(this.#best());
    else if (WAYS.has(act)) this.#show(moved(act, this.#at, { columns, rows: curves.length, lines: [] }));
    this.#acts.onSay(partsOf(this.#reading()));
  }

  /** Where the least median is. */
  #best() {
    let [best, at] = [Infinity, this.#at];
    this.#figure?.curves.forEach(({ spreads }, row) =>
      spreads.forEach((spread, column) => {
        if (spread !== null && spread.median < best) [best, at] = [spread.median, { column, row }];
      }),
    );
    return at;
  }

  #reading() {
    const { nameOf, look, t, quantity } = /** @type {MapsData} */ (this.#data);
    const told = (/** @type {number} */ value) => formatQuantity(value, quantity, 4, "∞");
    const { curves } = /** @type {CurveFigure} */ (this.#figure);
    const { column, row } = this.#at;
    const [x] = curves[0].mapped.cells.started.axes;
    const title = `${nameOf(x.path)} ${shown(x.values[column])}`;
    const rows = curves.map(({ mapped, spreads }, i) => {
      const { label, color, path } = look(mapped.slot);
      const spread = spreads[column];
      const first = memberAt(mapped.layout, mapped.optimizer, column, 0);
      const none = mapped.cells.refused(first) ? "refused" : "notYet";
      const value =
        spread === null
          ? t(`views.tune.${none}`)
          : `${told(spread.median)} (${told(spread.low)} – ${told(spread.high)})`;
      return { mark: markOf({ color, path }), label: i === row ? `▸ ${label}` : label, value };
    });
    return { title, rows };
  }

  /** @param {{column: number, row: number}} place */
  #show(place) {
    this.#at = place;
    const figure = /** @type {CurveFigure} */ (this.#figure);
    this.#cursor.hidden = false;
    this.#cursor.style.left = `${(100 * (place.column + 0.5)) / figure.columns}%`;
    const { title, rows } = this.#reading();
    const { offsetLeft, offsetTop, clientWidth, clientHeight } = this.#area;
    const x = offsetLeft + ((place.column + 0.5) / figure.columns) * clientWidth;
    this.#tooltip.show(x, offsetTop + clientHeight / 2, title, rows);
  }

  #rest() {
    this.#cursor.hidden = true;
    this.#tooltip.hide();
  }
}

const WAYS = new Set(["left", "right", "up", "down", "first", "last"]);

/** @param {import("./figures.js").Look} look */
function keyOf(look) {
  return create("span", {}, glyph(look), look.label);
}

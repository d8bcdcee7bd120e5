/**
 * What the maps of a picture show: a figure for each run, in colours that all share.
 */

import { isOfRefused } from "../../state/sweep/cells.js";
import { median } from "../../state/sweep/median.js";
import { colorMap } from "../drawing/color-scale.js";
import { formatNumber, formatPercent, formatTick } from "../drawing/numbers.js";
import {
  COLUMN,
  STATES,
  bestOf,
  borderOf,
  fieldOf,
  isSteps,
  layoutOf,
  memberAt,
  numberOf,
  refined,
} from "./field.js";
import { scaleOf, shown } from "./map-axes.js";
import { pixelsOf } from "./picture.js";
import { theoryOf } from "./theory.js";

/**
 * @typedef {import("../../state/sweep/cells.js").Picture} Picture
 * @typedef {import("../../state/sweep/cells.js").Swept} Swept
 * @typedef {import("../../state/sweep/cells.js").Cells} Cells
 * @typedef {import("../../state/types.js").State["tune"]["show"]} Quantity
 * @typedef {import("../drawing/color-scale.js").ColorMap} ColorMap
 * @typedef {import("./field.js").Field} Field
 * @typedef {import("./field.js").Layout} Layout
 * @typedef {import("./grid.js").Cell} Cell
 * @typedef {import("./map-chart.js").MapFigure} MapFigure
 * @typedef {import("../../languages/translator.js").Translator["t"]} Translate
 *
 * @typedef {object} Mapped  one run of a picture
 * @property {number} slot
 * @property {number} optimizer  its index in its sweep
 * @property {Swept} swept
 * @property {Cells} cells
 * @property {Layout} layout
 *
 * @typedef {Mapped & Said} Drawn  with what its cells say
 *
 * @typedef {object} Said
 * @property {Field} field
 * @property {boolean} isWhole  whether all cells are there
 * @property {boolean} hasRefused  whether torch refuses some cells of its sweep
 * @property {number[]} numbers  those that cells have
 * @property {[number, number][][]} lines  the border
 * @property {ReturnType<typeof bestOf>} best  null also of what nothing is best
 *
 * @typedef {import("../drawing/markers.js").Look} Look
 *
 * @typedef {object} Frame
 * @property {Translate} t
 * @property {Quantity} quantity
 * @property {import("../drawing/palette.js").Palette} palette
 * @property {(slot: number) => Look} look
 * @property {(path: string) => string} nameOf  of a field
 */

/**
 * The runs of a picture that there is something to see of.
 *
 * @param {Picture} picture
 * @returns {Mapped[]}
 */
export function mappedIn({ sweeps, slots = [], earlier = [] }) {
  const now = sweeps.flatMap((swept) =>
    swept.ask.slots
      .map((slot, optimizer) => ({ slot, optimizer, swept }))
      .filter(({ slot }) => !earlier.some((one) => one.slot === slot)),
  );
  const mapped = [...now, ...earlier].flatMap(({ slot, optimizer, swept }) => {
    const { ask, cells } = swept;
    if (cells === null) return [];
    const layout = layoutOf(cells, ask.body.seeds !== undefined);
    return [{ slot, optimizer, swept, cells, layout }];
  });
  return mapped.sort((a, b) => slots.indexOf(a.slot) - slots.indexOf(b.slot));
}

/** Runs with what their cells say, made out once for the cells that there are. */
export class Fields {
  /** @type {Map<number, {cells: Cells, count: number, quantity: Quantity, drawn: Drawn}>} by slot */
  #kept = new Map();

  /**
   * @param {Picture} picture
   * @param {Quantity} quantity
   * @returns {Drawn[]}  each the same as before where nothing of its run has come since
   */
  in(picture, quantity) {
    const kept = this.#kept;
    this.#kept = new Map();
    return mappedIn(picture).map((one) => {
      const { slot, cells, optimizer, swept } = one;
      const there = kept.get(slot);
      const count = cells.countOf(optimizer);
      const isSame = there?.cells === cells && there.count === count && there.drawn.optimizer === optimizer;
      const isKept = isSame && there.quantity === quantity && there.drawn.swept === swept;
      const drawn = isKept ? there.drawn : drawnOf(one, quantity);
      this.#kept.set(slot, { cells, count, quantity, drawn });
      return drawn;
    });
  }
}

/**
 * @param {Mapped} mapped
 * @param {Quantity} quantity
 * @returns {Drawn}
 */
function drawnOf(mapped, quantity) {
  const { cells, layout, optimizer } = mapped;
  const there = fieldOf(cells, layout, optimizer, quantity);
  const isWhole = cells.isWholeOf(optimizer);
  const field = isWhole ? there : refined(there);
  const best = quantity === "diverged" ? null : bestOf(field);
  const numbers = Array.from(field.values.filter(Number.isFinite));
  const hasRefused = cells.started.notes.some(isOfRefused); // which is known before there are such cells
  return { ...mapped, isWhole, field, hasRefused, numbers, lines: borderOf(field), best };
}

/**
 * @param {Drawn[]} mapped
 * @param {Quantity} quantity
 * @returns {ColorMap | null}
 */
export function colorsOf(mapped, quantity) {
  const isLoss = !isSteps(quantity);
  const most = isLoss ? Math.max(...mapped.map(({ cells }) => 2 * initialOf(cells))) : Infinity;
  const numbers = mapped.flatMap(({ numbers }) => numbers);
  const shown = numbers.filter((number) => number <= most);
  return colorMap(shown.length > 0 ? shown : numbers, isLoss ? "log" : "linear");
}

/**
 * A loss that runs begin with: what ends far above it has no colour of its own.
 *
 * @param {Cells} cells
 */
function initialOf(cells) {
  for (let member = 0; member < cells.members; member += 1)
    if (cells.isKnown(member)) return cells.at("initial_loss", member);
  return Infinity;
}

/**
 * @param {Drawn} mapped
 * @param {ColorMap | null} colors
 * @param {Frame} frame
 * @returns {MapFigure}
 */
export function figureOf(mapped, colors, frame) {
  const { t, quantity, palette, look, nameOf } = frame;
  const { cells, field, isWhole, layout, slot, swept, best } = mapped;
  const { label, color, path } = look(slot);
  const [x, y] = cells.started.axes;
  const upright = y ?? { path: "/model/seed", values: swept.ask.body.seeds ?? [""] };
  const axis = (/** @type {{path: string, values: any[]}} */ { path, values }) => ({
    label: nameOf(path),
    values,
    scale: scaleOf(values),
  });
  const found = best === null ? null : placed(best, [x, upright], frame);
  const value = best === null ? "" : formatQuantity(best.value, quantity, 4);
  const bestText =
    found === null
      ? t(`views.tune.${isWhole ? noneBest(field, quantity) : "noBest"}`)
      : t(`views.tune.${isWhole ? "best" : "bestSoFar"}`, { value, at: found });
  return {
    title: label,
    mark: { color, path },
    aside: bestText,
    label: t("views.tune.label", {
      ...{
        run: label,
        quantity: t(`views.tune.quantity.${quantity}`),
        x: nameOf(x.path),
        y: nameOf(upright.path),
      },
      ...{ columns: layout.columns, rows: layout.rows },
      best: bestText,
    }),
    columns: field.columns,
    rows: field.rows,
    pixels: pixelsOf(field, colors, palette),
    x: axis(x),
    y: axis(upright),
    best: best === null ? null : { ...best, isFinal: isWhole },
    lines: mapped.lines,
    borders: { there: t("views.tune.border"), none: t("views.tune.noBorder") },
    theory: theoryOf(cells.started, mapped.optimizer),
    read: (cell) => readingOf(mapped, cell, [x, upright], frame),
  };
}

/**
 * @param {Cell} cell
 * @param {{path: string, values: any[]}[]} axes
 * @param {Pick<Frame, "t" | "nameOf">} frame
 */
function placed({ column, row }, [x, y], { t, nameOf }) {
  const parts = [
    [x, column],
    [y, row],
  ].map(([axis, at]) => {
    const { path, values } = /** @type {{path: string, values: any[]}} */ (axis);
    return `${nameOf(path)} ${shown(values[/** @type {number} */ (at)])}`;
  });
  return t("views.tune.at", { at: y.values.length > 1 ? parts : parts.slice(0, 1) });
}

/**
 * @param {Field} field
 * @param {Quantity} quantity
 */
function noneBest({ states }, quantity) {
  return states.every((state) => state === STATES.refused) ? "allRefused" : NONE_BEST[quantity];
}

/** What is said of a whole map without a best cell. @type {Record<Quantity, string>} */
const NONE_BEST = {
  ...{ end: "allDiverged", best: "allDiverged", test: "allDiverged" },
  ...{ target: "noneReached", diverged: "noBestStep" },
};

/** What there is to read of a cell, in this order. */
const READ = /** @type {const} */ (["end", "test", "best", "target"]);

/**
 * @param {Drawn} mapped
 * @param {Cell} cell
 * @param {{path: string, values: any[]}[]} axes
 * @param {Frame} frame
 */
function readingOf({ cells, layout, optimizer, field }, cell, axes, frame) {
  const { t } = frame;
  const title = placed(cell, axes, frame);
  const first = memberAt(layout, optimizer, cell.column, cell.row);
  const members = Array.from({ length: layout.seeds }, (_, i) => first + i).filter((one) =>
    cells.isKnown(one),
  );
  const state = field.states[cell.row * field.columns + cell.column];
  if (members.length === 0) {
    const word = state === STATES.nothing ? "notYet" : "coarse";
    return { title, rows: [{ label: t(`views.tune.${word}`), value: "" }] };
  }
  if (state === STATES.refused) return { title, rows: [{ label: t("views.tune.refused"), value: "" }] };
  const over = members.filter((member) => cells.diverged(member));
  const rows = READ.filter((quantity) => cells.has(COLUMN[quantity])).map((quantity) => {
    const numbers = members.map((member) => numberOf(cells, member, quantity));
    return {
      label: t(`views.tune.quantity.${quantity}`),
      value: formatQuantity(median(numbers), quantity, 5),
    };
  });
  if (over.length > 0) {
    const at = median(over.map((member) => cells.at("last_step", member)));
    const share = formatPercent(over.length / members.length);
    rows.push({
      label: t("views.tune.diverged"),
      value: t("views.tune.divergedAt", { share, step: Math.round(at) }),
    });
  }
  return { title: layout.seeds > 1 ? t("views.tune.median", { title, count: members.length }) : title, rows };
}

/**
 * A number as it is read out: steps are whole, unless the median is between two.
 *
 * @param {number} value
 * @param {Quantity} quantity
 * @param {number} digits  significant ones of a loss
 * @param {string} [none]  where there is no such number
 */
export function formatQuantity(value, quantity, digits, none = "–") {
  if (!Number.isFinite(value)) return none;
  return isSteps(quantity) ? formatTick(value) : formatNumber(value, digits);
}

/**
 * Tags at the heads of paths where the surface shows much another loss than the run has: which of them there is room for,
 * and where.
 */

import { create, setText } from "../drawing/dom.js";
import { formatNumber } from "../drawing/numbers.js";
import { differsMuch } from "./projection.js";

/**
 * @typedef {import("./paths.js").PixelPath} PixelPath
 * @typedef {import("../types.js").Context["t"]} Translate
 * @typedef {{left: number, top: number, width: number, height: number}} Box  in pixels of the drawing area
 *
 * @typedef {object} Wanted  a tag that should stand beside a point
 * @property {number} x
 * @property {number} y
 * @property {number} width
 * @property {number} side  where it stood before, to stand there again if it can; −1: nowhere
 */

/** @typedef {{box: Box, side: number}} Placed */

const HEIGHT = 32;
const DIGITS = 3;

/** From the middle of a head to its tag, and what of a head nothing may cover. */
const GAP = 13;
const HEAD = 9;

/** How wide letters are at most, in pixels: those of Latin, and those of Chinese; and what is beside them. */
const [LATIN, WIDE, PADDING] = [7.2, 12.5, 14];

/** @type {((point: Wanted) => [number, number])[]} left and top of a tag: to the right, left, above, below, and askew */
const SIDES = [
  ({ x, y }) => [x + GAP, y - HEIGHT / 2],
  ({ x, y, width }) => [x - GAP - width, y - HEIGHT / 2],
  ({ x, y, width }) => [x - width / 2, y - GAP - HEIGHT],
  ({ x, y, width }) => [x - width / 2, y + GAP],
  ({ x, y }) => [x + GAP, y - GAP - HEIGHT],
  ({ x, y, width }) => [x - GAP - width, y - GAP - HEIGHT],
  ({ x, y }) => [x + GAP, y + GAP],
  ({ x, y, width }) => [x - GAP - width, y + GAP],
];

/**
 * Where tags have room: within the area, over no head, over nothing that is in the way and over none of each other. The
 * first come first; one that has no room is left out.
 *
 * @param {(Wanted | null)[]} wanted  null: no tag
 * @param {{x: number, y: number}[]} heads  of all paths
 * @param {{width: number, height: number}} area
 * @param {Box[]} inTheWay
 * @returns {(Placed | null)[]}
 */
export function placeTags(wanted, heads, area, inTheWay) {
  const taken = [...inTheWay, ...heads.map(({ x, y }) => boxAround(x, y))];
  return wanted.map((tag) => {
    if (tag === null) return null;
    const sides = [...new Set([tag.side, ...SIDES.keys()])].filter((side) => side >= 0);
    for (const side of sides) {
      const [left, top] = SIDES[side](tag);
      const box = { left, top, width: tag.width, height: HEIGHT };
      if (!isWithin(box, area) || taken.some((other) => overlap(box, other))) continue;
      taken.push(box);
      return { box, side };
    }
    return null;
  });
}

/**
 * @param {number} x
 * @param {number} y
 * @returns {Box}
 */
function boxAround(x, y) {
  return { left: x - HEAD, top: y - HEAD, width: 2 * HEAD, height: 2 * HEAD };
}

/**
 * @param {Box} box
 * @param {{width: number, height: number}} area
 */
function isWithin({ left, top, width, height }, area) {
  return left >= 0 && top >= 0 && left + width <= area.width && top + height <= area.height;
}

/**
 * @param {Box} a
 * @param {Box} b
 */
export function overlap(a, b) {
  const across = a.left < b.left + b.width && b.left < a.left + a.width;
  return across && a.top < b.top + b.height && b.top < a.top + a.height;
}

/** @param {string} text */
function widthOf(text) {
  return Array.from(text).reduce((sum, letter) => sum + (letter > "\u2e80" ? WIDE : LATIN), 0);
}

/**
 * What a tag says of the head of a path.
 *
 * @param {import("./paths.js").Path} path
 * @param {number} record
 * @param {number} range  of the losses of all paths
 * @param {Translate} t
 * @returns {[string, string] | null}  null where the surface is true enough
 */
export function tagOf(path, record, range, t) {
  const { loss, planeLoss } = path;
  if (
    path.other !== undefined ||
    loss === null ||
    planeLoss === null ||
    path.stale ||
    !differsMuch(path, record, range)
  )
    return null;
  return [
    t("views.surface.tag.loss", { loss: formatNumber(loss[record], DIGITS) }),
    t("views.surface.tag.plane", { loss: formatNumber(planeLoss[record], DIGITS) }),
  ];
}

/** The tags of a scene, as elements that the compositor moves. */
export class Tags {
  element = create("div", { class: "paths-tags", "aria-hidden": "true" });
  #t;
  /** @type {HTMLElement[]} */
  #elements = [];
  /** @type {number[]} where each stands */
  #sides = [];

  /** @param {Translate} t */
  constructor(t) {
    this.#t = t;
  }

  /** @param {PixelPath[]} paths  the most important last */
  setPaths(paths) {
    this.#sides = paths.map(() => -1);
    this.#elements = paths.map(({ path: { run } }) => {
      const tag = create(
        "p",
        { class: "paths-tag", "data-run": run.id, hidden: true },
        create("b"),
        create("span"),
      );
      tag.style.borderColor = run.color;
      return tag;
    });
    this.element.replaceChildren(...this.#elements);
  }

  /**
   * @param {PixelPath[]} paths
   * @param {({x: number, y: number, record: number} | null)[]} heads  of each path
   * @param {{range: number, width: number, height: number, inTheWay: Box[], scale: number}} scene  scale: of texts
   */
  move(paths, heads, { range, inTheWay, scale, ...area }) {
    const said = paths.map(({ path }, i) => {
      const head = heads[i];
      return head === null ? null : tagOf(path, head.record, range, this.#t);
    });
    if (said.every((lines, i) => lines === null && this.#elements[i].hidden)) return;
    const order = paths.map((_, i) => i).reverse();
    const wanted = order.map((i) => {
      const [lines, head] = [said[i], heads[i]];
      if (lines === null || head === null) return null;
      const width = Math.ceil(PADDING + Math.max(...lines.map(widthOf)));
      return { x: head.x / scale, y: head.y / scale, width, side: this.#sides[i] };
    });
    const all = heads.flatMap((head) => (head === null ? [] : [{ x: head.x / scale, y: head.y / scale }]));
    const room = { width: area.width / scale, height: area.height / scale };
    const placed = placeTags(wanted, all, room, inTheWay.map((box) => scaled(box, 1 / scale))); // prettier-ignore
    order.forEach((i, rank) => this.#show(i, said[i], placed[rank], scale));
  }

  /**
   * @param {number} i
   * @param {[string, string] | null} lines
   * @param {Placed | null} placed
   * @param {number} scale
   */
  #show(i, lines, placed, scale) {
    const element = this.#elements[i];
    element.hidden = lines === null || placed === null;
    this.#sides[i] = placed?.side ?? -1;
    if (lines === null || placed === null) return;
    const { left, top, width } = scaled(placed.box, scale);
    const [first, second] = /** @type {HTMLElement[]} */ ([...element.children]);
    setText(first, lines[0]);
    setText(second, lines[1]);
    element.style.width = `${width}px`;
    element.style.transform = `translate(${left.toFixed(1)}px, ${top.toFixed(1)}px)`;
  }
}

/**
 * @param {Box} box
 * @param {number} scale
 * @returns {Box}
 */
function scaled({ left, top, width, height }, scale) {
  return { left: left * scale, top: top * scale, width: width * scale, height: height * scale };
}

/**
 * Help for a control: the text in its `data-hint`, shown when it has the focus, the pointer or a long touch, and tied to
 * it for screen readers. What is nothing but help (`hint-button`) shows it at a click as well, and hides it at the next.
 * A button without one shows those of its parts when it has the focus, for keys do not come to them.
 *
 * Escape hides it, and does nothing else where a person asked for it. It stays as long as the pointer is on it, and yet
 * is in nobody's way: a press goes to what lies below.
 */

import { actOf } from "./keys.js";

const AT = "[data-hint]";
const ID = "hint";
const WAIT_MS = 350;
const HOLD_MS = 500;
const GAP = 6;

export class Hints {
  #panel;
  /** @type {HTMLElement | null} what the hint is about */
  #about = null;
  /** @type {Element | null} what it describes */
  #described = null;
  #timer = 0;
  #observer = new MutationObserver(() => this.#write());
  /** @type {"pointer" | "focus" | "press"} what it was shown for */
  #by = /** @type {const} */ ("pointer");
  #wasHeld = false;

  /** @param {Document} document */
  constructor(document) {
    this.#panel = document.createElement("div");
    Object.assign(this.#panel, { id: ID, className: "hint", popover: "manual" });
    this.#panel.setAttribute("role", "tooltip");
    document.querySelector("main")?.append(this.#panel); // within a landmark
    const listen = document.addEventListener.bind(document);
    listen("pointerover", (event) => this.#onOver(event));
    listen("pointerout", (event) => this.#onOut(event));
    listen("pointermove", (event) => this.#onLeave(event, event.target));
    listen("focusin", ({ target }) => this.#onFocus(/** @type {Element} */ (target)));
    listen("focusout", () => this.#hide());
    listen("pointerdown", (event) => this.#onDown(event));
    listen("pointercancel", () => clearTimeout(this.#timer));
    listen("pointerup", () => clearTimeout(this.#timer));
    listen("click", (event) => this.#onClick(event), true);
    listen("contextmenu", (event) => this.#wasHeld && event.preventDefault());
    listen("scroll", (event) => this.#onScroll(event), true);
    listen("keydown", (event) => this.#onKey(event), true);
  }

  /** @param {PointerEvent} event */
  #onOver(event) {
    const about = aboutOf(event.target);
    if (event.pointerType === "touch" || this.#isUnder(event)) return;
    clearTimeout(this.#timer);
    if (about === null || about === this.#about) return;
    this.#timer = window.setTimeout(() => this.#show(about, about, "pointer"), WAIT_MS);
  }

  /** @param {PointerEvent} event */
  #onOut(event) {
    if (event.pointerType !== "touch") clearTimeout(this.#timer);
    this.#onLeave(event, event.relatedTarget);
  }

  /**
   * @param {PointerEvent} event
   * @param {EventTarget | null} to  where the pointer is now
   */
  #onLeave(event, to) {
    if (this.#about === null || this.#by !== "pointer" || event.pointerType === "touch") return;
    if (!this.#about.contains(/** @type {Node | null} */ (to)) && !this.#isUnder(event)) this.#hide();
  }

  /**
   * Whether the pointer is on the hint, or between it and what it is about.
   *
   * @param {PointerEvent} event
   */
  #isUnder({ clientX: x, clientY: y }) {
    if (this.#about === null) return false;
    const { left, right, top, bottom } = this.#panel.getBoundingClientRect();
    return x >= left - GAP && x <= right + GAP && y >= top - GAP && y <= bottom + GAP;
  }

  /** @param {Element} target */
  #onFocus(target) {
    const about = aboutOf(target) ?? target.closest("button");
    if (about !== null && target.matches(":focus-visible")) this.#show(about, target, "focus");
  }

  /** @param {PointerEvent} event */
  #onDown({ target, pointerType }) {
    const about = aboutOf(target);
    this.#wasHeld = false;
    clearTimeout(this.#timer);
    if (about === null || !about.matches(".hint-button")) this.#hide();
    if (about === null || pointerType !== "touch") return;
    this.#timer = window.setTimeout(() => {
      this.#wasHeld = true;
      this.#show(about, about, "press");
    }, HOLD_MS);
  }

  /** @param {MouseEvent} event */
  #onClick(event) {
    const about = aboutOf(event.target);
    if (about === null) return;
    if (this.#wasHeld) {
      this.#wasHeld = false;
      event.preventDefault();
      return event.stopPropagation(); // a long touch asks what it is, and does nothing
    }
    if (!about.matches(".hint-button")) return;
    event.preventDefault(); // within a label it would press the control
    if (this.#by === "press" && this.#about === about) return this.#hide();
    this.#show(about, about, "press");
  }

  /**
   * What has the focus stays described wherever it is moved to; a pointer is no longer on what it was on.
   *
   * @param {Event} event
   */
  #onScroll({ target }) {
    if (this.#about === null || !(target instanceof Node) || !target.contains(this.#about)) return;
    if (this.#by === "focus") this.#place(this.#about);
    else this.#hide();
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (actOf("hint", event) === null || this.#about === null) return;
    if (this.#by === "press") {
      event.preventDefault();
      event.stopPropagation();
    }
    this.#hide();
  }

  /**
   * @param {HTMLElement} about
   * @param {Element} described
   * @param {"pointer" | "focus" | "press"} by
   */
  #show(about, described, by) {
    const text = textOf(about);
    this.#hide();
    if (text === "" || !about.isConnected) return;
    this.#about = about;
    this.#by = by;
    this.#panel.showPopover();
    this.#write();
    this.#observer.observe(about, { attributeFilter: ["data-hint"], subtree: true });
    if (described.getAttribute("aria-label") === text || described.hasAttribute("aria-describedby")) return;
    described.setAttribute("aria-describedby", ID);
    this.#described = described;
  }

  #write() {
    if (this.#about === null) return;
    this.#panel.textContent = textOf(this.#about);
    this.#place(this.#about);
  }

  /** @param {HTMLElement} about */
  #place(about) {
    const { left, top, bottom } = about.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = this.#panel;
    const below = bottom + GAP;
    const isBelow = below + height <= window.innerHeight;
    this.#panel.style.setProperty(
      "--left",
      `${Math.max(GAP, Math.min(left, window.innerWidth - width - GAP))}px`,
    );
    this.#panel.style.setProperty("--top", `${isBelow ? below : Math.max(GAP, top - GAP - height)}px`);
  }

  #hide() {
    if (this.#about === null) return;
    this.#described?.removeAttribute("aria-describedby");
    this.#about = this.#described = null;
    this.#observer.disconnect();
    this.#panel.hidePopover();
  }
}

/**
 * @param {EventTarget | null} target
 * @returns {HTMLElement | null}
 */
function aboutOf(target) {
  return target instanceof Element ? target.closest(AT) : null;
}

/**
 * The hint of an element, or those of its parts, each once.
 *
 * @param {HTMLElement} about
 */
function textOf(about) {
  if (about.dataset.hint !== undefined) return about.dataset.hint;
  const parts = /** @type {NodeListOf<HTMLElement>} */ (about.querySelectorAll(AT));
  return [...new Set(Array.from(parts, ({ dataset }) => dataset.hint))].filter(Boolean).join("\n");
}

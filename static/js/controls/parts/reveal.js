/**
 * Bring a control into sight, with the focus on it.
 */

/** What can take the focus within something that cannot. */
const FOCUSABLE = "input, select, button, summary, [tabindex]";

/**
 * @param {string[]} ids  of which the first that is there is shown
 */
export function reveal(ids) {
  const element = ids.map((id) => document.getElementById(id)).find((found) => found !== null);
  if (element === undefined) return;
  for (let details = element.closest("details"); details !== null;) {
    details.open = true;
    details = details.parentElement?.closest("details") ?? null;
  }
  const target = element.matches(FOCUSABLE) ? element : element.querySelector(FOCUSABLE);
  /** @type {HTMLElement | null} */ (target)?.focus({ preventScroll: true });
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  element.scrollIntoView({ block: "center", behavior: still ? "auto" : "smooth" });
}

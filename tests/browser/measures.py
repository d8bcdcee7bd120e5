"""How large what a page shows is: its texts, and what is pressed."""

from playwright.sync_api import Page

WATCH_CANVAS = """
(() => {
  window.canvasTexts = new Set();
  const fill = CanvasRenderingContext2D.prototype.fillText;
  CanvasRenderingContext2D.prototype.fillText = function (text, ...place) {
    window.canvasTexts.add(`${parseFloat(this.font.match(/[\\d.]+px/))}`);
    return fill.call(this, text, ...place);
  };
})();
"""
"""Before the page begins: notes the size of what is written on a canvas."""

SMALL_TEXTS = """least => {
  const small = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { parentElement: element, data } = walker.currentNode;
    if (data.trim() === "" || !element.checkVisibility({ visibilityProperty: true })) continue;
    if (element.closest("script, style, noscript, math") !== null) continue;
    const size = parseFloat(getComputedStyle(element).fontSize);
    const own = `${element.tagName}.${element.getAttribute("class")}: ${data.trim().slice(0, 20)}`;
    if (size < least) small.add(`${own} (${size}px)`);
  }
  for (const size of window.canvasTexts) if (Number(size) < least) small.add(`canvas (${size}px)`);
  return [...small];
}"""

SMALL_TARGETS = """least => {
  const pressed = "button, a[href], input, select, textarea, summary, [role=button], [role=slider]";
  const reach = target => {
    const { content, position } = getComputedStyle(target, "::after");
    const isStatic = getComputedStyle(target).position === "static";
    const isWider = content !== "none" && position === "absolute" && isStatic;
    return target.closest("label") ?? (isWider ? target.offsetParent : target);
  };
  return [...document.querySelectorAll(pressed)].flatMap(element => {
    if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return [];
    if (element.matches(".skip-link")) return [];
    const box = reach(element).getBoundingClientRect();
    if (box.width === 0 || (box.width >= least && box.height >= least)) return [];
    const name = element.getAttribute("aria-label") ?? element.textContent.trim().slice(0, 20);
    const size = `${Math.round(box.width)} x ${Math.round(box.height)}`;
    return [`${element.tagName}#${element.id}.${element.getAttribute("class")} ${name}: ${size}`];
  });
}"""


def small_texts(page: Page, least: float = 12) -> list[str]:
    """What is written smaller than that, in pixels; formulas have indices, which are."""
    return list(page.evaluate(SMALL_TEXTS, least))


def small_targets(page: Page, least: float = 24) -> list[str]:
    """What is pressed and narrower or lower than that: a label for its box, a head for its card."""
    return list(page.evaluate(SMALL_TARGETS, least))

/**
 * Watches the real page while its start is dragged: `watch.shown` tells of each start that was shown how long it took,
 * in milliseconds, from the pointer's event to the end of the frame in which all paths began where the handle stood then;
 * `watch.next()` waits for the next of them since `watch.expect()`.
 */

(() => {
  const handle = document.querySelector(".start-handle");
  const still = document.querySelector(".paths-still");
  const runs = document.querySelectorAll(".paths-start").length;
  const [moves, shown] = [[], []];
  let expected = Promise.withResolvers();

  const place = (text) => /translate\((.*)px, (.*)px\)/.exec(text).slice(1).map(Number);
  const starts = () =>
    [...still.querySelectorAll(".paths-start")].map((circle) =>
      [circle.cx, circle.cy].map((c) => c.baseVal.value),
    );
  const isAt = ([x, y], [otherX, otherY]) => Math.hypot(x - otherX, y - otherY) < 0.2;

  handle.addEventListener("pointermove", ({ timeStamp }) => {
    const at = place(handle.style.transform);
    if (!starts().every((start) => isAt(start, at))) moves.push({ timeStamp, at });
  });

  new MutationObserver(() => {
    const found = starts();
    const index = moves.findLastIndex(
      ({ at }) => found.length === runs && found.every((start) => isAt(start, at)),
    );
    if (index === -1) return;
    const { timeStamp } = moves[index];
    moves.splice(0, index + 1);
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      shown.push(performance.now() - timeStamp);
      expected.resolve();
    };
    port2.postMessage(null); // comes after this frame is painted
  }).observe(still, { childList: true });

  const expect = () => {
    expected = Promise.withResolvers();
  };
  globalThis.watch = { shown, expect, next: () => expected.promise };
})();

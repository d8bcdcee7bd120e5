/**
 * Watches the maps of Tune: `watch.next()` gives, of the change since `watch.expect()`, the milliseconds from its event to
 * the end of the frame with the first cells of what it asked for, and to that with all of them. `watch.count()` begins to
 * count frames: who does so has the browser make one each time the screen asks for it, of which most show nothing new.
 */

(() => {
  let begun = 0;
  let [first, last] = [null, null];
  let isUnderWay = false;
  let expected = Promise.withResolvers();
  const seconds = 300;
  const frames = [];

  const note = ({ timeStamp }) => {
    if (begun === 0) begun = timeStamp;
  };
  for (const type of ["input", "wheel"]) addEventListener(type, note, { capture: true, passive: true });

  const { port1, port2 } = new MessageChannel();
  let acts = [];
  port1.onmessage = () => acts.splice(0).forEach((act) => act());
  const painted = (act) => {
    if (acts.push(act) === 1) port2.postMessage(null); // comes after this frame is painted
  };

  const cellsSeen = () => {
    last = performance.now() - begun;
    first ??= last;
  };

  const progress = () => document.querySelector(".tune-progress progress");

  const put = CanvasRenderingContext2D.prototype.putImageData;
  CanvasRenderingContext2D.prototype.putImageData = function (...given) {
    put.apply(this, given);
    const hasCells = isUnderWay && (progress()?.value ?? 1) > 0;
    const isNews = begun > 0 && hasCells && !acts.includes(cellsSeen);
    if (isNews && this.canvas.matches(".map-cells")) painted(cellsSeen);
  };

  const look = () => {
    if (begun === 0 || isUnderWay === (progress() !== null)) return;
    isUnderWay = !isUnderWay;
    if (isUnderWay) return;
    painted(() => {
      begun = 0;
      expected.resolve({ first, whole: last });
    });
  };
  const panel = document.querySelector(".tune-panel");
  new MutationObserver(look).observe(panel, { childList: true, subtree: true });

  const follow = (now) => {
    if (begun > 0) frames.push(now);
    else if (!Number.isNaN(frames.at(-1) ?? NaN)) frames.push(NaN);
    requestAnimationFrame(follow);
  };
  const count = () => void requestAnimationFrame(follow);

  const expect = () => {
    [begun, first, last, isUnderWay] = [0, null, null, false];
    expected = Promise.withResolvers();
    setTimeout(expected.reject, 1000 * seconds, new Error(`no map was drawn within ${seconds} s`));
  };
  const between = () => frames.slice(1).map((now, i) => now - frames[i]);
  globalThis.watch = {
    expect,
    count,
    next: () => expected.promise,
    frames: () => between().filter((ms) => ms > 0),
  };
})();

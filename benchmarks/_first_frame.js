/**
 * Watches a visit from its beginning: `milestones` says when, in milliseconds since the navigation began, each thing was
 * first there, seen once a frame and after it was painted.
 */

(() => {
  const milestones = {};
  const step = () => Number(document.querySelector("#timeline input[type=range]")?.value ?? 0);
  const has = (name) => performance.getEntriesByType("resource").some((entry) => entry.name.includes(name));
  const CONDITIONS = {
    catalog: () => document.querySelector("#runs article") !== null,
    plotly: () => "Plotly" in window,
    records: () => has("/api/loss-surface"),
    surface: () => document.querySelector("#surface :is(.surface-colors, .main-svg)") !== null,
    animated: () => document.querySelector("#surface .paths-head") !== null && step() > 0,
    axes: () => document.querySelector("#surface .main-svg") !== null,
  };
  const look = () => {
    const reached = Object.keys(CONDITIONS).filter((name) => !(name in milestones) && CONDITIONS[name]());
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      for (const name of reached) milestones[name] ??= performance.now();
    };
    port2.postMessage(null);
    if (Object.keys(milestones).length < Object.keys(CONDITIONS).length) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  globalThis.milestones = milestones;
})();

/**
 * Runs before anything is drawn, so that the page never flashes in the wrong theme, size or language. It is no module: a
 * module would wait for the document.
 */

(() => {
  const query = new URLSearchParams(location.search);
  /**
   * What the address says, else what was chosen here before, else nothing.
   *
   * @param {string} key
   * @param {string[]} choices
   */
  const chosen = (key, choices) => {
    /** @type {string | null} */
    let kept = null;
    try {
      kept = localStorage.getItem(`optiscope.${key}`);
    } catch {
      kept = null; // a browser that keeps nothing has chosen nothing
    }
    return [query.get(key), kept].find((value) => value !== null && choices.includes(value)) ?? null;
  };
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = chosen("theme", ["light", "dark"]) ?? (dark ? "dark" : "light");
  if (query.get("projector") === "on") root.dataset.projector = "on";
  /** @type {import("./languages/words.js").Offered[]} */
  const languages = JSON.parse(root.dataset.languages ?? "[]");
  const codes = languages.map(({ code }) => code);
  const wanted = chosen("language", codes) ?? root.dataset.preferred;
  const language = languages.find(({ code }) => code === wanted) ?? languages[0];
  root.dataset.language = language.code;
  root.lang = language.tag;
  const isHere = root.dataset.recorded === "true"; // a file holds all languages
  if (isHere || document.querySelector(`link[href="${language.address}"]`) !== null) return;
  document.head.append(
    Object.assign(document.createElement("link"), {
      rel: "preload",
      as: "fetch",
      crossOrigin: "anonymous",
      href: language.address,
    }),
  );
})();

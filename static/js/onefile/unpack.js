/**
 * Begins a file that plays without a server: unpacks what it holds, and runs the page. It is no module, for it makes one.
 */

void (async () => {
  /** @param {string} name  of a part, which is compressed and in base64 */
  const unpacked = (name) => {
    const text = document.getElementById(`part-${name}`)?.textContent ?? "";
    const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
  };
  const [page, plotly, recording] = await Promise.all(["page", "plotly", "recording"].map(unpacked));
  Object.assign(globalThis, { optiscope: { plotly, recording: JSON.parse(recording) } });
  document.head.append(
    Object.assign(document.createElement("script"), { type: "module", textContent: page }),
  );
})();

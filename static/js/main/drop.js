/** Files that somebody drags onto the page, wherever they let go of them. */

/**
 * @param {Document} document
 * @param {(file: File) => void} onFile
 */
export function bindDrop(document, onFile) {
  const isFile = (/** @type {DragEvent} */ { dataTransfer }) =>
    dataTransfer?.types.includes("Files") ?? false;
  const mark = (/** @type {boolean} */ isOver) => document.body.classList.toggle("is-dropping", isOver);
  document.addEventListener("dragover", (event) => {
    if (!isFile(event)) return;
    event.preventDefault();
    mark(true);
  });
  document.addEventListener("dragleave", ({ relatedTarget }) => relatedTarget === null && mark(false));
  document.addEventListener("drop", (event) => {
    mark(false);
    const file = event.dataTransfer?.files[0];
    if (!isFile(event) || file === undefined) return;
    event.preventDefault();
    onFile(file);
  });
}

/** What is taken away: as a file, or on the clipboard. */

/** How long a file may take to be written. */
const LASTS_MS = 60_000;

/**
 * Hand a file to whoever looks at the page.
 *
 * @param {Blob} blob
 * @param {string} name
 */
export function handOut(blob, name) {
  const link = Object.assign(document.createElement("a"), {
    href: URL.createObjectURL(blob),
    download: name,
  });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), LASTS_MS);
}

/**
 * @param {Promise<Blob>} png  that may still be in the making: browsers want to be asked in the click itself
 * @returns {Promise<boolean>}  whether it is on the clipboard
 */
export async function copyPicture(png) {
  try {
    await navigator.clipboard.write([new ClipboardItem({ "image/png": png })]);
    return true;
  } catch {
    return false; // no permission, or no secure context
  }
}

/**
 * @param {string} text
 * @returns {Promise<boolean>}  whether it is on the clipboard
 */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

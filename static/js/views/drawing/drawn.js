/** What the parts of a picture show, so that each is drawn anew only where it is to show something else. */

export class Drawn {
  /** As JSON, by part. @type {Map<unknown, string>} */
  #shown = new Map();

  /**
   * @param {unknown} part
   * @param {unknown} what  it is to show
   * @param {() => void} draw
   */
  draw(part, what, draw) {
    const told = JSON.stringify(what) ?? "";
    if (this.#shown.get(part) === told) return;
    this.#shown.set(part, told);
    draw();
  }
}

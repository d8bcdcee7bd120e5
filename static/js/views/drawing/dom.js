/** Elements, made in one call. */

const SVG = "http://www.w3.org/2000/svg";

/**
 * @typedef {Record<string, string | number | boolean | null | undefined>} Attributes  true: present; false, null: absent
 * @typedef {Node | string | null} Child
 */

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Attributes} [attributes]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function create(tag, attributes = {}, ...children) {
  return /** @type {any} */ (fill(document.createElement(tag), attributes, children));
}

/**
 * @template {keyof SVGElementTagNameMap} K
 * @param {K} tag
 * @param {Attributes} [attributes]
 * @param {...Child} children
 * @returns {SVGElementTagNameMap[K]}
 */
export function svg(tag, attributes = {}, ...children) {
  return /** @type {any} */ (fill(document.createElementNS(SVG, tag), attributes, children));
}

/**
 * @param {Element} element
 * @param {Attributes} attributes
 * @param {Child[]} children
 */
function fill(element, attributes, children) {
  setAttributes(element, attributes);
  element.append(...children.filter((child) => child !== null));
  return element;
}

/**
 * @param {Element} element
 * @param {Attributes} attributes
 */
export function setAttributes(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) element.removeAttribute(name);
    else setAttribute(element, name, value === true ? "" : String(value));
  }
}

/** Write only what has changed. @param {Element} element @param {string} name @param {string} value */
function setAttribute(element, name, value) {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

/**
 * What an element without children of its own is to be.
 *
 * @typedef {object} Leaf
 * @property {string} tag
 * @property {Attributes} [attributes]
 * @property {string} [text]
 */

/**
 * Have an element hold these leaves and nothing else: those that stand there take what is new of them.
 *
 * @param {Element} parent
 * @param {Leaf[]} leaves
 */
export function setLeaves(parent, leaves) {
  leaves.forEach(({ tag, attributes = {}, text = "" }, i) => {
    let element = parent.children[i];
    if (element?.localName !== tag) {
      const made = document.createElementNS(parent.namespaceURI, tag);
      if (element === undefined) parent.append(made);
      else element.replaceWith(made);
      element = made;
    }
    for (const name of element.getAttributeNames()) if (!(name in attributes)) element.removeAttribute(name);
    setAttributes(element, attributes);
    setText(element, text);
  });
  while (parent.children.length > leaves.length) parent.lastElementChild?.remove();
}

/**
 * Write only what has changed: an unchanged text costs no layout.
 *
 * @param {Node} node
 * @param {string} text
 */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/**
 * Make elements the children of another, in this order; those that stand there already are not touched.
 *
 * @param {Element} parent
 * @param {Element[]} children
 */
export function arrange(parent, children) {
  for (const child of [...parent.children]) if (!children.includes(child)) child.remove();
  children.forEach((child, i) => {
    if (parent.children[i] !== child) parent.insertBefore(child, parent.children[i] ?? null);
  });
}

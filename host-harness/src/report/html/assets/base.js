// Small helpers. Whatever comes from a guest goes into the page as text, never as markup.

const byId = (id) => document.getElementById(id);

// An element. `on...` attributes are handlers; children are elements or texts.
function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "class") element.className = value;
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  for (const child of children.flat(3)) {
    if (child !== undefined && child !== null && child !== false) element.append(child);
  }
  return element;
}

// Puts these in place of what the element has; what is false or nothing is left out.
function fill(element, ...children) {
  element.replaceChildren(...children.flat(3).filter((child) => child !== undefined && child !== null && child !== false));
}

const number = (value) => Number(value).toLocaleString("en-US");

const plural = (count, one, many = one + "s") => `${number(count)} ${count === 1 ? one : many}`;

// Nanoseconds in a unit that fits.
function duration(ns) {
  const size = Math.abs(ns);
  if (size < 1e3) return `${Math.round(ns)} ns`;
  if (size < 1e6) return `${(ns / 1e3).toFixed(size < 1e4 ? 2 : 1)} µs`;
  if (size < 1e9) return `${(ns / 1e6).toFixed(size < 1e7 ? 3 : size < 1e8 ? 2 : 1)} ms`;
  return `${(ns / 1e9).toFixed(3)} s`;
}

function bytes(count) {
  if (count < 1024) return `${count} B`;
  if (count < 1 << 20) return `${+(count / 1024).toFixed(1)} KiB`;
  return `${+(count / (1 << 20)).toFixed(1)} MiB`;
}

const clamp = (value, low, high) => Math.max(low, Math.min(high, value));

// First index in `array` whose value is at least `value`.
function lowerBound(array, value, from = 0, to = array.length) {
  while (from < to) {
    const middle = (from + to) >> 1;
    if (array[middle] < value) from = middle + 1;
    else to = middle;
  }
  return from;
}

// What the page says in words and signs, so that colour is never alone.
const SIGNS = {
  pass: "✓", passed: "✓", violated: "✕", failed: "!", cancelled: "–",
  "not exercised": "○", "not observable": "·", "out of scope": "·",
};

const badge = (word) =>
  el("span", { class: `badge ${word.replaceAll(" ", "-")}` }, el("span", { "aria-hidden": "true" }, SIGNS[word] ?? "•"), ` ${word}`);

// The data element `id`, unpacked.
async function unpack(id) {
  const element = byId(id);
  if (!element) throw new Error(`this report has no part ${id}`);
  const binary = atob(element.textContent);
  const packed = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) packed[i] = binary.charCodeAt(i);
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).json();
}

// At most one call a frame.
function framed(work) {
  let waiting = false;
  return () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      work();
    });
  };
}

/* Small tools to build the page. Content arrives as well-formed XHTML that Python sanitised. */

const kd = { kinds: {}, labels: {} };

/** Build an element: kd.el("div", {class: "x", "aria-label": "…"}, child, "text"). */
kd.el = function (name, attributes, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (value !== undefined && value !== null && value !== false) {
      node.setAttribute(key, value === true ? "" : String(value));
    }
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
};

/** Parse one XHTML fragment. Parsed as XML: no HTML parser can read it differently. */
kd.parse = function (fragment) {
  if (!fragment) return null;
  const parsed = new DOMParser().parseFromString(fragment, "application/xhtml+xml");
  if (parsed.querySelector("parsererror")) throw new Error("content is not well-formed");
  const node = document.importNode(parsed.documentElement, true);
  for (const styled of [node, ...node.querySelectorAll("[data-style]")]) {
    for (const declaration of (styled.dataset.style || "").split(";").filter(Boolean)) {
      const colon = declaration.indexOf(":");
      styled.style.setProperty(declaration.slice(0, colon), declaration.slice(colon + 1));
    }
  }
  for (const word of node.querySelectorAll("em")) {
    word.classList.toggle("kd-han", /\p{Script=Han}/u.test(word.textContent));
  }
  for (const table of node.querySelectorAll("table")) {
    const frame = kd.el("div", { class: "kd-scroll" });
    table.replaceWith(frame);
    frame.append(table);
  }
  return node;
};

/** A label in the candidate's language, with {n} filled in. */
kd.label = function (name, n) {
  return (kd.labels[name] || name).replace("{n}", () => String(n));
};

let numbers = 0;
kd.uniqueId = (stem) => `kd-${stem}-${++numbers}`;

/** A, B … Z, AA, AB … */
kd.letter = function (index) {
  const last = String.fromCharCode(65 + (index % 26));
  return index < 26 ? last : kd.letter(Math.floor(index / 26) - 1) + last;
};

kd.isTyping = (node) => node instanceof Element && node.matches("input, textarea");

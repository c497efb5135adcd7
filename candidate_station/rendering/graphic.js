/* Pictures that are worked on: hotspots and points. Everything is placed in pixels of the picture
   as declared: shapes by the view box of an SVG, marks by percentages. So nothing has to be
   recalculated when zoom, window or picture change size. */

const SVG = "http://www.w3.org/2000/svg";

kd.svg = function (name, attributes, ...children) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (value !== undefined && value !== null && value !== false) node.setAttribute(key, String(value));
  }
  node.append(...children.filter(Boolean));
  return node;
};

/** Prompt, rule and status of a graphic interaction, tied to ``group`` for screen readers. */
kd.captions = function (interaction, group) {
  const prompt = kd.parse(interaction.prompt);
  const rule = kd.el("p", { class: "kd-rule", id: kd.uniqueId("rule") });
  const status = kd.el("p", { class: "kd-told", id: kd.uniqueId("status"), "aria-live": "polite" });
  if (prompt) {
    prompt.classList.add("kd-prompt");
    prompt.id = kd.uniqueId("prompt");
    group.setAttribute("aria-labelledby", prompt.id);
  }
  group.setAttribute("aria-describedby", `${rule.id} ${status.id}`);
  return { prompt, rule, status };
};

/** The words for how many may be chosen; empty for a single choice. */
kd.choiceRule = function ({ multiple, min_choices: least, max_choices: most }) {
  if (!multiple) return "";
  if (least && least === most) return kd.label("choose_exactly", most);
  const parts = [kd.label("choose_several")];
  if (least) parts.push(kd.label("choose_at_least", least));
  if (most) parts.push(kd.label("choose_at_most", most));
  return parts.join(kd.label("comma"));
};

/** A picture with a layer of shapes and a layer of marks.
    put(node, x, y): show a mark at a point. at(event): the pixel under the pointer. */
kd.picture = function (picture) {
  const image = kd.el("img", { src: picture.address, alt: picture.alt, draggable: "false" });
  const shapes = kd.svg("svg", { class: "kd-shapes", preserveAspectRatio: "none" });
  const marks = kd.el("div", { class: "kd-marks", "aria-hidden": "true" });
  const node = kd.el("div", { class: "kd-picture" }, image, shapes, marks);
  const size = { width: picture.width, height: picture.height };
  const whenKnown = [];

  function known() {
    shapes.setAttribute("viewBox", `0 0 ${size.width} ${size.height}`);
    node.style.setProperty("width", `${size.width}px`);
    node.style.setProperty("aspect-ratio", `${size.width} / ${size.height}`);
    for (const then of whenKnown.splice(0)) then();
  }

  function put(mark, x, y) {
    mark.style.setProperty("left", `${(x / size.width) * 100}%`);
    mark.style.setProperty("top", `${(y / size.height) * 100}%`);
    if (mark.parentElement !== marks) marks.append(mark);
  }

  if (size.width && size.height) {
    known();
  } else {
    image.addEventListener("load", () => {
      size.width = size.width || image.naturalWidth || 1;
      size.height = size.height || image.naturalHeight || 1;
      known();
    });
  }
  return {
    node, shapes, marks, size, put,
    /** Call ``then`` once the picture's size is known: now, or when its file has come. */
    onceKnown(then) { if (shapes.hasAttribute("viewBox")) then(); else whenKnown.push(then); },
    at(event) {
      const box = node.getBoundingClientRect();
      const pixel = (offset, extent, pixels) =>
        Math.max(0, Math.min(pixels - 1, Math.floor((offset / extent) * pixels)));
      return [pixel(event.clientX - box.left, box.width, size.width),
        pixel(event.clientY - box.top, box.height, size.height)];
    },
  };
};

function outline(spot, size) {
  const c = spot.coords;
  switch (spot.shape) {
    case "circle": return ["circle", { cx: c[0], cy: c[1], r: c[2] }];
    case "ellipse": return ["ellipse", { cx: c[0], cy: c[1], rx: c[2], ry: c[3] }];
    case "poly": return ["polygon", { points: c.join(" ") }];
    case "rect": return ["rect", { x: Math.min(c[0], c[2]), y: Math.min(c[1], c[3]),
      width: Math.abs(c[2] - c[0]), height: Math.abs(c[3] - c[1]) }];
    default: return ["rect", { x: 0, y: 0, width: size.width, height: size.height }];
  }
}

/** The box around a hotspot, in pixels of the picture. */
kd.boxOf = function (spot, size) {
  const c = spot.coords;
  if (spot.shape === "circle") return { x: c[0] - c[2], y: c[1] - c[2], width: 2 * c[2], height: 2 * c[2] };
  if (spot.shape === "ellipse") return { x: c[0] - c[2], y: c[1] - c[3], width: 2 * c[2], height: 2 * c[3] };
  if (spot.shape === "default") return { x: 0, y: 0, width: size.width, height: size.height };
  const xs = c.filter((_, index) => index % 2 === 0);
  const ys = c.filter((_, index) => index % 2 === 1);
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
};

kd.spotName = (spot, index) => (spot.label ? `${kd.label("area", index + 1)} ${spot.label}` : kd.label("area", index + 1));

/** Draw hotspots on a picture as things to be focused and pressed, the first one on top.
    act(index, byKeyboard) is called for each press. Arrow keys go through them in their order. */
kd.spots = function (picture, hotspots, role, act) {
  const nodes = hotspots.map((spot) =>
    kd.svg("g", { class: "kd-spot", role, tabindex: -1, id: kd.uniqueId("spot"), "data-id": spot.option_id }));
  picture.shapes.append(...[...nodes].reverse());
  picture.shapes.setAttribute("role", "group");
  picture.shapes.setAttribute("aria-owns", nodes.map((node) => node.id).join(" "));
  picture.onceKnown(() => nodes.forEach((node, index) => {
    const [name, attributes] = outline(hotspots[index], picture.size);
    for (const part of ["kd-ring", "kd-halo", "kd-area"]) node.append(kd.svg(name, { ...attributes, class: part }));
  }));

  function rove(index) {
    nodes.forEach((node, at) => node.setAttribute("tabindex", at === index ? "0" : "-1"));
  }

  function focus(index) {
    rove(index);
    nodes[index].focus();
  }

  const indexOf = (event) => nodes.indexOf(event.target.closest(".kd-spot"));
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
  picture.shapes.addEventListener("click", (event) => {
    const index = indexOf(event);
    if (index < 0) return;
    focus(index);
    act(index, false);
  });
  picture.shapes.addEventListener("keydown", (event) => {
    const index = indexOf(event);
    if (index < 0 || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key in step) focus((index + step[event.key] + nodes.length) % nodes.length);
    else if (event.key === "Home") focus(0);
    else if (event.key === "End") focus(nodes.length - 1);
    else if (event.key === " " || event.key === "Enter") { if (!event.repeat) act(index, true); }
    else return;
    event.preventDefault();
  });
  rove(0);
  return { nodes, focus, rove, focusable: () => nodes.find((node) => node.getAttribute("tabindex") === "0") };
};

kd.kinds["hotspot"] = function (interaction, changed) {
  const picture = kd.picture(interaction.picture);
  const spots = kd.spots(picture, interaction.hotspots, interaction.multiple ? "checkbox" : "radio", toggle);
  const group = kd.el("div", {
    class: ["kd-graphic", ...interaction.hints].join(" "),
    role: interaction.multiple ? "group" : "radiogroup",
  });
  const { prompt, rule, status } = kd.captions(interaction, group);
  group.append(...[prompt, rule, picture.node, status].filter(Boolean));
  const ticks = spots.nodes.map(() => kd.el("span", { class: "kd-tick" }, "✓"));

  const isOn = (node) => node.getAttribute("aria-checked") === "true";
  const chosen = () => spots.nodes.filter(isOn);

  function set(index, on) {
    spots.nodes[index].setAttribute("aria-checked", on ? "true" : "false");
    if (!on) { ticks[index].remove(); return; }
    picture.onceKnown(() => {
      const box = kd.boxOf(interaction.hotspots[index], picture.size);
      if (isOn(spots.nodes[index])) {
        picture.put(ticks[index], Math.min(picture.size.width, box.x + box.width), Math.max(0, box.y));
      }
    });
  }

  function tell() {
    const names = interaction.hotspots.map(kd.spotName).filter((_, index) => isOn(spots.nodes[index]));
    status.textContent = names.length ? kd.label("chosen", names.join(kd.label("comma"))) : kd.label("none_chosen");
  }

  function toggle(index) {
    const on = !isOn(spots.nodes[index]);
    const most = interaction.max_choices;
    if (on && interaction.multiple && most && chosen().length >= most) {
      rule.classList.add("kd-refused");
      return;
    }
    rule.classList.remove("kd-refused");
    if (on && !interaction.multiple) spots.nodes.forEach((_, at) => set(at, false));
    set(index, on);
    tell();
    changed(true);
  }

  spots.nodes.forEach((node, index) => node.setAttribute("aria-label", kd.spotName(interaction.hotspots[index], index)));
  rule.textContent = kd.choiceRule(interaction);
  return {
    node: group,
    read: () => chosen().map((node) => node.dataset.id),
    write(values) {
      spots.nodes.forEach((node, index) => set(index, values.includes(node.dataset.id)));
      spots.rove(Math.max(0, spots.nodes.findIndex(isOn)));
      tell();
    },
    focus: () => spots.focusable().focus(),
  };
};

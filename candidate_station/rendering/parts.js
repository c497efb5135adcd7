/* What the interactions share that arrange things: prompt and rules, a status line, option chips,
   roving focus, and dragging. Dragging is never the only way. */

/** The group of an interaction: prompt, rules, status line, then what it is made of.
    say(text) writes the status; refuse(text) does so with a warning until the next say. */
kd.frame = function (interaction, role, rules, ...content) {
  const prompt = kd.parse(interaction.prompt);
  const rule = kd.el("p", { class: "kd-rule", id: kd.uniqueId("rule") },
    rules.filter(Boolean).join(kd.label("comma")));
  const status = kd.el("p", { class: "kd-status", role: "status", "aria-live": "polite" });
  const node = kd.el("div", {
    class: ["kd-arrangement", `kd-${interaction.kind}`, ...interaction.hints].join(" "),
    role, "aria-describedby": rule.id,
  }, prompt, rule, status, ...content);
  if (prompt) {
    prompt.classList.add("kd-prompt");
    prompt.id = kd.uniqueId("prompt");
    node.setAttribute("aria-labelledby", prompt.id);
  } else {
    node.setAttribute("aria-label", kd.label("question"));
  }
  const write = (text, refused) => {
    if (status.textContent !== text) status.textContent = text;
    status.classList.toggle("kd-refused", refused);
  };
  return { node, say: (text) => write(text, false), refuse: (text) => write(text, true) };
};

/** Sentences about the bounds on pairs or on options; an upper bound that cannot bind is left out. */
kd.bounds = function (kind, least, most, possible) {
  if (least && least === most) return [kd.label(`${kind}_exactly`, most)];
  return [
    least ? kd.label(`${kind}_at_least`, least) : "",
    most && most < possible ? kd.label(`${kind}_at_most`, most) : "",
  ];
};

/** An option as a labelled chip. */
kd.chip = function (option, index) {
  const body = kd.el("span", { class: "kd-chip-body" }, kd.parse(option.html));
  return kd.el("span", { class: "kd-chip", role: "button", "aria-pressed": "false", tabindex: -1 },
    kd.el("span", { class: "kd-mark" }, kd.letter(index)), body);
};

/** The name of an option in a sentence: its text, or what its picture is called. */
kd.nameOf = function (node) {
  const pictures = [...node.querySelectorAll("img")].map((picture) => picture.alt).join(" ");
  return (node.textContent + pictures).trim().replace(/\s+/g, " ");
};

/** That name as it stands in the status line, which should not grow and push everything down. */
kd.brief = (name) => ([...name].length > 20 ? `${[...name].slice(0, 20).join("")}…` : name);

/** A copy of what stands in a node, to be shown in another place as well. */
kd.copyOf = (node) => [...node.childNodes].map((child) => child.cloneNode(true));

/** One tab stop for several nodes. ``nodes()`` lists them as they now stand. */
kd.rove = function (nodes) {
  const stop = (node) => { for (const other of nodes()) other.tabIndex = other === node ? 0 : -1; };
  const go = (node) => { if (node) { stop(node); node.focus(); } };
  return {
    stop,
    go,
    current: () => nodes().find((node) => node.tabIndex === 0) || nodes()[0],
    /** Arrows, Home, End; true when the key was one of them. */
    key(name, node) {
      const all = nodes();
      const at = all.indexOf(node);
      const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[name];
      if (step) go(all[(at + step + all.length) % all.length]);
      else if (name === "Home") go(all[0]);
      else if (name === "End") go(all.at(-1));
      else return false;
      return true;
    },
  };
};

/** Call ``act(key, node)`` for plain keys on what matches; what returns true is used up. */
kd.onKeys = function (area, selector, act) {
  area.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    const node = event.target.closest(selector);
    if (!node || node !== event.target) return;
    const pressing = event.key === " " || event.key === "Enter";
    if ((event.repeat && pressing) || act(event.key, node)) event.preventDefault();
  });
};

kd.presses = (key) => key === " " || key === "Enter";
kd.clears = (key) => key === "Delete" || key === "Backspace";

const DRAG_FROM_PX = 6; // less is a click with an unsteady hand

/** Let what matches ``from`` be dragged with the pointer onto what matches ``over``. */
kd.drag = function (area, from, over, drop) {
  let held = null; // {node, pointer, x, y, ghost, target}

  function aim(event) {
    const below = document.elementFromPoint(event.clientX, event.clientY);
    const target = below && area.contains(below) ? below.closest(over) : null;
    if (held.target && held.target !== target) held.target.classList.remove("kd-over");
    held.target = target === held.node ? null : target;
    if (held.target) held.target.classList.add("kd-over");
    held.ghost.style.setProperty("left", `${event.clientX + 8}px`);
    held.ghost.style.setProperty("top", `${event.clientY + 8}px`);
  }

  function begin() {
    held.ghost = kd.el("div", { class: "kd-ghost", "aria-hidden": "true" }, ...kd.copyOf(held.node));
    area.append(held.ghost);
    area.setPointerCapture(held.pointer);
    held.node.classList.add("kd-dragged");
  }

  function end() {
    const done = held;
    held = null;
    if (!done || !done.ghost) return null;
    done.ghost.remove();
    done.node.classList.remove("kd-dragged");
    if (done.target) done.target.classList.remove("kd-over");
    if (area.hasPointerCapture(done.pointer)) area.releasePointerCapture(done.pointer);
    return done;
  }

  area.addEventListener("pointerdown", (event) => {
    const node = event.target.closest(from);
    if (held || !node || !event.isPrimary || event.button !== 0) return;
    held = { node, pointer: event.pointerId, x: event.clientX, y: event.clientY, ghost: null, target: null };
  });
  area.addEventListener("pointermove", (event) => {
    if (!held || event.pointerId !== held.pointer) return;
    const far = Math.hypot(event.clientX - held.x, event.clientY - held.y) >= DRAG_FROM_PX;
    if (!held.ghost && far) begin();
    if (held.ghost) aim(event);
  });
  area.addEventListener("pointerup", (event) => {
    if (!held || event.pointerId !== held.pointer) return;
    const done = end();
    if (!done) return;
    const swallow = (click) => { click.stopPropagation(); click.preventDefault(); };
    area.addEventListener("click", swallow, { capture: true, once: true });
    setTimeout(() => area.removeEventListener("click", swallow, { capture: true }), 0);
    if (done.target) drop(done.node, done.target);
  });
  for (const name of ["pointercancel", "lostpointercapture"]) area.addEventListener(name, end);
  return end;
};

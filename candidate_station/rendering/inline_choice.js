/* A drop-down inside running text. Not the native one: its list is a window of its own and shows
   plain text only, which would flatten formulas. Behaves like it by mouse and keyboard. */

kd.kinds["inline-choice"] = function (interaction, changed) {
  const listId = kd.uniqueId("list");
  const shown = kd.el("span", { class: "kd-shown" });
  const button = kd.el(
    "span",
    {
      class: ["kd-select", ...interaction.hints].join(" "), role: "combobox", tabindex: 0,
      "aria-haspopup": "listbox", "aria-expanded": "false", "aria-controls": listId,
      "aria-label": kd.label("choose"),
    },
    shown,
  );
  const entries = [{ option_id: "", html: "" }, ...interaction.options];
  const rows = entries.map((entry, index) =>
    kd.el(
      "div",
      { class: "kd-entry", role: "option", id: kd.uniqueId("entry"), "data-id": entry.option_id },
      index ? kd.parse(entry.html) : kd.label("choose"),
    ),
  );
  const list = kd.el("div", { class: "kd-list", role: "listbox", id: listId, popover: "manual" }, ...rows);
  const node = kd.el("span", { class: "kd-inline-choice" }, button, list);
  let value = "";
  let active = 0;
  let open = false;

  function draw() {
    const index = rows.findIndex((row) => row.dataset.id === value);
    shown.replaceChildren(...[...rows[index].childNodes].map((child) => child.cloneNode(true)));
    button.classList.toggle("kd-empty", value === "");
    button.setAttribute("aria-label", value ? shown.textContent : kd.label("choose"));
    rows.forEach((row, at) => {
      row.setAttribute("aria-selected", at === index ? "true" : "false");
      row.classList.toggle("kd-active", open && at === active);
    });
    button.setAttribute("aria-expanded", open ? "true" : "false");
    if (open) button.setAttribute("aria-activedescendant", rows[active].id);
    else button.removeAttribute("aria-activedescendant");
  }

  function place() {
    const box = button.getBoundingClientRect();
    const height = list.offsetHeight;
    const below = window.innerHeight - box.bottom;
    const top = below >= height || below >= box.top ? box.bottom + 2 : box.top - height - 2;
    const left = Math.min(box.left, window.innerWidth - list.offsetWidth - 4);
    list.style.setProperty("top", `${Math.max(2, top)}px`);
    list.style.setProperty("left", `${Math.max(2, left)}px`);
    list.style.setProperty("min-width", `${box.width}px`);
  }

  function setOpen(wanted) {
    if (wanted === open) return;
    open = wanted;
    active = Math.max(0, rows.findIndex((row) => row.dataset.id === value));
    if (open) {
      list.showPopover();
      place();
    } else {
      list.hidePopover();
    }
    draw();
    if (open) rows[active].scrollIntoView({ block: "nearest" });
  }

  function moveTo(index) {
    active = Math.max(0, Math.min(rows.length - 1, index));
    draw();
    rows[active].scrollIntoView({ block: "nearest" });
  }

  function choose(index) {
    const before = value;
    value = rows[index].dataset.id;
    setOpen(false);
    draw();
    if (value !== before) changed(true);
  }

  function typeAhead(letter) {
    const wanted = letter.toLowerCase();
    const from = open ? active : rows.findIndex((row) => row.dataset.id === value);
    for (let step = 1; step <= rows.length; step += 1) {
      const index = (from + step) % rows.length;
      if (index && rows[index].textContent.trim().toLowerCase().startsWith(wanted)) {
        if (open) moveTo(index); else choose(index);
        return;
      }
    }
  }

  function onOpenKey(key) {
    const moves = { ArrowDown: active + 1, ArrowUp: active - 1, Home: 0, End: rows.length - 1,
      PageDown: active + 8, PageUp: active - 8 };
    if (key in moves) moveTo(moves[key]);
    else if (key === "Enter" || key === " ") choose(active);
    else if (key === "Escape") setOpen(false);
    else return false;
    return true;
  }

  button.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "Tab") { setOpen(false); return; }
    let used = open ? onOpenKey(event.key) : false;
    if (!open && !used && ["ArrowDown", "ArrowUp", "Enter", " "].includes(event.key)) {
      setOpen(true);
      used = true;
    } else if (!used && event.key.length === 1) {
      typeAhead(event.key);
      used = true;
    }
    if (used) { event.preventDefault(); event.stopPropagation(); }
  });
  button.addEventListener("click", () => setOpen(!open));
  button.addEventListener("blur", () => setOpen(false));
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const row = event.target.closest(".kd-entry");
    if (row) choose(rows.indexOf(row));
  });
  list.addEventListener("mousemove", (event) => {
    const row = event.target.closest(".kd-entry");
    if (row && rows[active] !== row) { active = rows.indexOf(row); draw(); }
  });

  draw();
  return {
    node,
    read: () => (value ? [value] : []),
    write(values) { value = values[0] || ""; draw(); },
    focus: () => button.focus(),
    close: () => setOpen(false),
  };
};

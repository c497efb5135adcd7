/* Order: rows to be moved, by their buttons, by choosing a row and then a place, by keyboard (space
   takes a row up, arrows move it) or by dragging. What was never touched is no answer: the order on
   the screen counts once something was moved, or when the candidate says that it is right as it is.
   Where only some are to be ordered, the others wait in a list below. */

kd.kinds["order"] = function (interaction, changed) {
  const partial = interaction.max_choices > 0;
  const most = partial ? interaction.max_choices : interaction.options.length;
  const flat = interaction.orientation === "horizontal";
  let chosen = []; // rows in their order
  let touched = false;
  let picked = null; // a row that is being moved
  let before = []; // the order when it was picked up

  const button = (name, glyph) => kd.el("button", { type: "button", class: `kd-small kd-${name}`,
    tabindex: -1, title: kd.label(name), "aria-label": kd.label(name) }, glyph);
  const rows = interaction.options.map((option) => {
    const body = kd.el("div", { class: "kd-row-body" }, kd.parse(option.html));
    const handle = kd.el("div", { class: "kd-handle", role: "button", "aria-pressed": "false", tabindex: -1 },
      kd.el("span", { class: "kd-mark" }), body);
    return kd.el("div", { class: "kd-row", role: "listitem" }, handle,
      button("earlier", flat ? "◀" : "▲"), button("later", flat ? "▶" : "▼"),
      partial ? button("out", "✕") : null);
  });
  const handleOf = (row) => row.firstElementChild;
  const list = kd.el("div", { class: `kd-rows kd-${interaction.orientation}`, role: "list",
    "aria-label": kd.label("order_list") });
  const rest = kd.el("div", { class: `kd-rows kd-rest kd-${interaction.orientation}`, role: "list",
    "aria-label": kd.label("pool") });
  const settle = kd.el("button", { type: "button", class: "kd-button" });
  const area = kd.el("div", { class: "kd-order-area" }, list,
    partial ? kd.el("p", { class: "kd-rest-title" }, kd.label("order_rest")) : null, partial ? rest : null,
    kd.el("p", { class: "kd-order-settle" }, settle));
  const frame = kd.frame(interaction, "group", partial
    ? [kd.label("order_some"), ...kd.bounds("choose", interaction.min_choices, most, rows.length)]
    : [kd.label("order_rule")], area);
  const waiting = () => rows.filter((row) => !chosen.includes(row));
  const inOrder = () => [...chosen, ...waiting()];
  const rove = kd.rove(() => inOrder().map(handleOf));

  function draw() {
    const focused = document.activeElement;
    for (const [box, held] of [[list, chosen], [rest, waiting()]]) {
      held.forEach((row, at) => { if (box.children[at] !== row) box.insertBefore(row, box.children[at] || null); });
    }
    list.classList.toggle("kd-empty", !chosen.length);
    for (const row of rows) {
      const at = chosen.indexOf(row);
      const handle = handleOf(row);
      const name = kd.nameOf(handle.lastElementChild);
      handle.firstElementChild.textContent = at < 0 ? "＋" : String(at + 1);
      handle.setAttribute("aria-pressed", row === picked ? "true" : "false");
      handle.setAttribute("aria-label",
        at < 0 ? `${kd.label("pool")} ${name}` : `${kd.label("position", at + 1)} ${name}`);
      row.classList.toggle("kd-picked", row === picked);
      row.querySelector(".kd-earlier").disabled = at <= 0;
      row.querySelector(".kd-later").disabled = at < 0 || at === chosen.length - 1;
    }
    area.classList.toggle("kd-unanswered", !touched);
    settle.textContent = kd.label(touched ? "clear_answer" : "order_keep");
    settle.hidden = partial && !touched;
    if (picked) frame.say(kd.label("order_moving", kd.brief(kd.nameOf(handleOf(picked).lastElementChild))));
    else if (!touched) frame.say(kd.label(partial ? "unanswered" : "order_untouched"));
    else frame.say(partial ? kd.label("order_chosen", chosen.length) : kd.label("answered"));
    if (focused !== document.activeElement && area.contains(focused)) focused.focus();
  }

  function edit(next) {
    chosen = next;
    touched = partial ? chosen.length > 0 : true;
    draw();
    changed(true);
  }

  const without = (row) => chosen.filter((other) => other !== row);

  function moveTo(row, at) {
    if (!chosen.includes(row) && chosen.length >= most) {
      picked = null;
      draw();
      frame.refuse(kd.label("choose_at_most", most));
      return;
    }
    const next = without(row);
    next.splice(Math.max(0, Math.min(next.length, at)), 0, row);
    if (next.every((other, index) => other === chosen[index]) && next.length === chosen.length) draw();
    else edit(next);
  }

  function release() {
    picked = null;
    draw();
  }

  function activate(row) {
    if (!chosen.includes(row)) {
      picked = null;
      moveTo(row, chosen.length);
    } else if (picked && picked !== row) {
      const moved = picked;
      picked = null;
      moveTo(moved, chosen.indexOf(row));
    } else if (picked) {
      release();
    } else {
      picked = row;
      before = [...chosen];
      draw();
    }
  }

  function takeOut(row) {
    if (!partial || !chosen.includes(row)) return;
    picked = null;
    edit(without(row));
  }

  function moveBy(row, step) {
    const at = chosen.indexOf(row) + step;
    if (at >= 0 && at < chosen.length) moveTo(row, at);
  }

  area.addEventListener("click", (event) => {
    const row = event.target.closest(".kd-row");
    const pressed = event.target.closest(".kd-small");
    if (!row) return;
    if (pressed) picked = null;
    if (!pressed) activate(row);
    else if (pressed.classList.contains("kd-earlier")) moveBy(row, -1);
    else if (pressed.classList.contains("kd-later")) moveBy(row, 1);
    else takeOut(row);
    rove.go(handleOf(row));
  });
  kd.onKeys(area, ".kd-handle", (key, handle) => {
    const row = handle.parentElement;
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[key];
    if (kd.presses(key)) {
      activate(row);
    } else if (picked === row && step) {
      moveBy(row, step);
      handle.scrollIntoView({ block: "nearest" });
    } else if (key === "Escape" && picked) {
      const back = before;
      picked = null;
      if (back.every((other, at) => other === chosen[at])) draw(); else edit(back);
    } else if (kd.clears(key)) {
      takeOut(row);
    } else {
      return rove.key(key, handle);
    }
    rove.go(handle);
    return true;
  });
  settle.addEventListener("click", () => {
    picked = null;
    if (touched) {
      chosen = partial ? [] : [...rows];
      touched = false;
      draw();
      changed(true);
      rove.stop(handleOf(rows[0]));
    } else {
      edit([...chosen]);
    }
    if (settle.hidden) rove.go(handleOf(rows[0]));
  });
  const stopDrag = kd.drag(area, ".kd-row", ".kd-row, .kd-rest, .kd-rows.kd-empty", (from, over) => {
    picked = null;
    if (over === rest || (over !== list && !chosen.includes(over))) takeOut(from);
    else moveTo(from, over === list ? chosen.length : chosen.indexOf(over));
  });

  return {
    node: frame.node,
    read: () => (touched ? chosen.map((row) => interaction.options[rows.indexOf(row)].option_id) : []),
    write(values) {
      const held = values.map((value) => rows[interaction.options.findIndex((one) => one.option_id === value)])
        .filter(Boolean);
      touched = held.length > 0;
      chosen = partial || touched ? held : [...rows];
      picked = null;
      draw();
      rove.stop(handleOf(inOrder()[0]));
    },
    focus: () => rove.current().focus(),
    close() { stopDrag(); release(); },
  };
};

/* Single and multiple choice. A second click clears; arrows only move, so that looking through
   the options by keyboard never changes an answer. */

kd.kinds["choice"] = function (interaction, changed) {
  const role = interaction.multiple ? "checkbox" : "radio";
  const prompt = kd.parse(interaction.prompt);
  const rule = kd.el("p", { class: "kd-rule", id: kd.uniqueId("rule"), "aria-live": "polite" });
  const rows = interaction.options.map((option, index) => {
    const body = kd.parse(option.html);
    const text = kd.el("div", { class: "kd-option-body" }, body);
    return kd.el(
      "div",
      { class: "kd-option", role, "aria-checked": "false", tabindex: -1, "data-id": option.option_id },
      kd.el("span", { class: "kd-mark" }, kd.letter(index)),
      text,
    );
  });
  const list = kd.el("div", { class: "kd-options" }, ...rows);
  const group = kd.el(
    "div",
    {
      class: ["kd-choice", `kd-${role}`, `kd-${interaction.orientation}`, ...interaction.hints].join(" "),
      role: interaction.multiple ? "group" : "radiogroup",
    },
    prompt, rule, list,
  );
  if (prompt) {
    prompt.classList.add("kd-prompt");
    prompt.id = kd.uniqueId("prompt");
    group.setAttribute("aria-labelledby", prompt.id);
  }
  group.setAttribute("aria-describedby", rule.id);

  const isOn = (row) => row.getAttribute("aria-checked") === "true";
  const chosen = () => rows.filter(isOn);
  const set = (row, on) => row.setAttribute("aria-checked", on ? "true" : "false");

  function ruleText() {
    if (!interaction.multiple) return "";
    const { min_choices: least, max_choices: most } = interaction;
    if (least && least === most) return kd.label("choose_exactly", most);
    const parts = [kd.label("choose_several")];
    if (least) parts.push(kd.label("choose_at_least", least));
    if (most && most < rows.length) parts.push(kd.label("choose_at_most", most));
    return parts.join(kd.label("comma"));
  }

  function rove(row) {
    for (const other of rows) other.tabIndex = other === row ? 0 : -1;
  }

  function toggle(row) {
    const on = !isOn(row);
    const most = interaction.max_choices;
    if (on && interaction.multiple && most && chosen().length >= most) {
      rule.classList.add("kd-refused");
      return;
    }
    rule.classList.remove("kd-refused");
    if (on && !interaction.multiple) for (const other of chosen()) set(other, false);
    set(row, on);
    rove(row);
    changed(true);
  }

  function move(row, step) {
    const next = rows[(rows.indexOf(row) + step + rows.length) % rows.length];
    rove(next);
    next.focus();
  }

  const keys = {
    ArrowDown: (row) => move(row, 1), ArrowRight: (row) => move(row, 1),
    ArrowUp: (row) => move(row, -1), ArrowLeft: (row) => move(row, -1),
    Home: () => { rove(rows[0]); rows[0].focus(); },
    End: () => { rove(rows.at(-1)); rows.at(-1).focus(); },
    " ": toggle, Enter: toggle,
  };

  list.addEventListener("click", (event) => {
    const row = event.target.closest(".kd-option");
    if (!row || event.target.closest("audio, video, summary")) return;
    toggle(row);
    row.focus();
  });
  list.addEventListener("keydown", (event) => {
    const row = event.target.closest(".kd-option");
    if (event.target !== row || event.ctrlKey || event.altKey || event.metaKey) return;
    if (!(event.key in keys)) return;
    event.preventDefault();
    if (event.repeat && (event.key === " " || event.key === "Enter")) return;
    keys[event.key](row);
  });

  rule.textContent = ruleText();
  rove(rows[0]);
  return {
    node: group,
    read: () => chosen().map((row) => row.dataset.id),
    write(values) {
      for (const row of rows) set(row, values.includes(row.dataset.id));
      rove(chosen()[0] || rows[0]);
    },
    focus: () => rows.find((row) => row.tabIndex === 0).focus(),
    /** Pick by letter or digit; true when there is such an option. */
    pick(index) {
      if (index >= rows.length) return false;
      toggle(rows[index]);
      rows[index].focus();
      return true;
    },
  };
};

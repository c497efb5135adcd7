/* Text entry and extended text. While an input method is composing, the value that counts is the
   one from before: half a pinyin syllable is no answer. */

kd.textField = function (field, changed, onValue) {
  let held = null;
  const value = () => (held === null ? field.value : held);
  for (const [name, setting] of Object.entries({
    autocomplete: "off", autocapitalize: "off", autocorrect: "off", spellcheck: "false",
  })) field.setAttribute(name, setting);
  field.addEventListener("compositionstart", () => { held = field.value; });
  field.addEventListener("compositionend", () => { held = null; onValue(); changed(false); });
  field.addEventListener("input", (event) => {
    if (event.isComposing) return;
    held = null;
    onValue();
    changed(false);
  });
  field.addEventListener("blur", () => changed(true, false));
  return {
    read: () => (value() === "" ? [] : [value()]),
    write(values) { field.value = values[0] || ""; held = null; onValue(); },
    focus: () => field.focus(),
  };
};

/* XML Schema patterns are anchored; one that JavaScript cannot read warns about nothing. */
kd.pattern = function (source) {
  try {
    return source ? new RegExp(`^(?:${source})$`, "u") : null;
  } catch {
    return null;
  }
};

kd.numberPatterns = { integer: "[+\\-]?\\d+", float: "[+\\-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+\\-]?\\d+)?" };

kd.widthInCharacters = function (interaction) {
  const hint = interaction.hints.map((token) => /^qti-input-width-(\d+)$/.exec(token)).find(Boolean);
  const isNumber = interaction.base_type in kd.numberPatterns;
  if (hint) return Number(hint[1]) * 0.62;
  if (interaction.expected_length) return interaction.expected_length * (isNumber ? 0.62 : 1);
  return isNumber ? 6 : 10;
};

kd.kinds["text-entry"] = function (interaction, changed) {
  const warning = kd.el("span", { class: "kd-warning", id: kd.uniqueId("warning"), role: "status" });
  const input = kd.el("input", {
    type: "text", class: ["kd-text", ...interaction.hints].join(" "),
    placeholder: interaction.placeholder || null,
    "aria-label": kd.label("blank"), "aria-describedby": warning.id,
  });
  input.style.setProperty("width", `${Math.min(36, Math.max(2, kd.widthInCharacters(interaction))) + 1.2}em`);
  const pattern = kd.pattern(interaction.pattern || kd.numberPatterns[interaction.base_type]);
  function check(final) {
    const wrong = pattern !== null && input.value !== "" && !pattern.test(input.value.trim());
    if (wrong && !final) return;
    input.setAttribute("aria-invalid", wrong ? "true" : "false");
    warning.textContent = wrong ? kd.label("check_format") : "";
  }
  const field = kd.textField(input, changed, () => check(false));
  input.addEventListener("blur", () => check(true));
  return { node: kd.el("span", { class: "kd-text-entry" }, input, warning), ...field };
};

kd.linesOf = function (interaction) {
  const hint = interaction.hints.map((token) => /^qti-height-lines-(\d+)$/.exec(token)).find(Boolean);
  if (hint) return Number(hint[1]);
  return interaction.expected_lines || Math.ceil(interaction.expected_length / 40) || 6;
};

kd.kinds["extended-text"] = function (interaction, changed) {
  const prompt = kd.parse(interaction.prompt);
  const counter = kd.el("p", { class: "kd-counter", id: kd.uniqueId("counter") });
  const area = kd.el("textarea", {
    class: ["kd-essay", `kd-${interaction.format}`].join(" "),
    rows: Math.min(30, Math.max(2, kd.linesOf(interaction))),
    placeholder: interaction.placeholder || null, "aria-describedby": counter.id,
  });
  area.style.setProperty("--kd-rows", area.rows);
  if (prompt) {
    prompt.classList.add("kd-prompt");
    prompt.id = kd.uniqueId("prompt");
    area.setAttribute("aria-labelledby", prompt.id);
  } else {
    area.setAttribute("aria-label", kd.label("essay"));
  }
  const field = kd.textField(area, changed, () => {
    const characters = [...area.value].filter((character) => !/\s/u.test(character)).length;
    counter.textContent = interaction.expected_length
      ? `${kd.label("characters", characters)} / ${interaction.expected_length}`
      : kd.label("characters", characters);
  });
  field.write([]);
  return { node: kd.el("div", { class: "kd-extended-text" }, prompt, area, counter), ...field };
};

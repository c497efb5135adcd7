/* Hottext: words to be marked in running text. A second click clears. */

kd.kinds["hottext"] = function (interaction, changed) {
  const role = interaction.multiple ? "checkbox" : "radio";
  const most = interaction.max_choices;
  const text = kd.parse(interaction.html);
  text.classList.add("kd-hot-text", `kd-${role}`);
  const words = interaction.words.map((_, number) => {
    const word = text.querySelector(`[data-hottext="${number}"]`);
    word.classList.add("kd-word");
    word.setAttribute("role", role);
    word.tabIndex = -1;
    return word;
  });
  const frame = kd.frame(interaction, interaction.multiple ? "group" : "radiogroup", [
    kd.label(interaction.multiple ? "hottext_many" : "hottext_one"),
    ...(interaction.multiple ? kd.bounds("choose", interaction.min_choices, most, words.length) : []),
  ], text);
  const rove = kd.rove(() => words);
  const isOn = (word) => word.getAttribute("aria-checked") === "true";
  const chosen = () => words.filter(isOn);
  const set = (word, on) => word.setAttribute("aria-checked", on ? "true" : "false");

  function draw() {
    const count = chosen().length;
    frame.say(count ? kd.label("hottext_made", count) : kd.label("unanswered"));
  }

  function toggle(word) {
    const on = !isOn(word);
    if (on && interaction.multiple && most && chosen().length >= most) {
      frame.refuse(kd.label("choose_at_most", most));
      return;
    }
    if (on && !interaction.multiple) for (const other of chosen()) set(other, false);
    set(word, on);
    rove.stop(word);
    draw();
    changed(true);
  }

  text.addEventListener("click", (event) => {
    const word = event.target.closest(".kd-word");
    if (!word) return;
    toggle(word);
    rove.go(word);
  });
  kd.onKeys(text, ".kd-word", (key, word) => {
    if (kd.presses(key)) toggle(word);
    else if (kd.clears(key)) { if (isOn(word)) toggle(word); }
    else return rove.key(key, word);
    return true;
  });

  return {
    node: frame.node,
    read: () => chosen().map((word) => interaction.words[words.indexOf(word)]),
    write(values) {
      words.forEach((word, number) => set(word, values.includes(interaction.words[number])));
      rove.stop(chosen()[0] || words[0]);
      draw();
    },
    focus: () => rove.current().focus(),
  };
};

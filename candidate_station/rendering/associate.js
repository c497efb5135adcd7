/* Associate: choose one option, then the one that belongs to it; or drag one onto the other. The
   pairs stand in a list below and can be taken back there; making a pair again takes it back too. */

kd.kinds["associate"] = function (interaction, changed) {
  const { options, max_associations: most } = interaction;
  const chips = options.map(kd.chip);
  const names = chips.map((chip, index) => kd.nameOf(chip.lastElementChild) || kd.letter(index));
  const pool = kd.el("div", { class: "kd-pool", role: "group", "aria-label": kd.label("pool") }, ...chips);
  const list = kd.el("div", { class: "kd-pairs", role: "list", "aria-label": kd.label("pairs_list") });
  const area = kd.el("div", { class: "kd-associate-area" }, pool, list);
  const possible = (options.length * (options.length - 1)) / 2;
  const frame = kd.frame(interaction, "group", [
    kd.label("associate_rule"), ...kd.bounds("pairs", interaction.min_associations, most, possible),
  ], area);
  let pairs = []; // [option, option], in the order they were made
  let picked = null; // an option
  const roveChips = kd.rove(() => chips);
  const removers = () => [...list.querySelectorAll(".kd-remove")];
  const rovePairs = kd.rove(removers);

  const uses = (option) => pairs.filter((pair) => pair.includes(option)).length;
  const isFull = (option) => options[option].match_max > 0 && uses(option) >= options[option].match_max;

  function pairRow(pair) {
    const parts = pair.map((option) => kd.el("span", { class: "kd-pair-part" },
      kd.el("span", { class: "kd-mark" }, kd.letter(option)), ...kd.copyOf(chips[option].lastElementChild)));
    const named = pair.map((option) => names[option]).join(" — ");
    return kd.el("div", { class: "kd-pair", role: "listitem" }, parts[0],
      kd.el("span", { class: "kd-pair-line", "aria-hidden": "true" }), parts[1],
      kd.el("button", { type: "button", class: "kd-small kd-remove", tabindex: -1,
        "aria-label": kd.label("pair_remove", named) }, "✕"));
  }

  function drawPairs() {
    list.replaceChildren(...pairs.map(pairRow));
    if (pairs.length) rovePairs.stop(removers()[0]);
    draw();
  }

  function draw() {
    chips.forEach((chip, option) => {
      chip.classList.toggle("kd-used", isFull(option));
      chip.setAttribute("aria-pressed", picked === option ? "true" : "false");
      chip.setAttribute("aria-label", isFull(option) ? `${names[option]} ${kd.label("used")}` : names[option]);
    });
    area.classList.toggle("kd-picking", picked !== null);
    if (picked !== null) frame.say(kd.label("associate_now", kd.brief(names[picked])));
    else frame.say(pairs.length ? kd.label("pairs_made", pairs.length) : kd.label("unanswered"));
  }

  function refuse(sentence) {
    picked = null;
    draw();
    frame.refuse(sentence);
  }

  function remove(pair) {
    pairs = pairs.filter((other) => other !== pair);
    drawPairs();
    changed(true);
  }

  function join(one, other) {
    picked = null;
    const same = pairs.find((pair) => pair.includes(one) && pair.includes(other));
    if (same) {
      remove(same);
      return;
    }
    const kept = interaction.multiple ? pairs : [];
    const blocked = interaction.multiple ? [one, other].find(isFull) : undefined;
    if (blocked !== undefined) refuse(kd.label("used_up", kd.brief(names[blocked])));
    else if (most && kept.length >= most) refuse(kd.label("pairs_at_most", most));
    else {
      pairs = [...kept, [one, other]];
      drawPairs();
      changed(true);
    }
  }

  function use(option) {
    if (picked !== null && picked !== option) {
      join(picked, option);
    } else {
      picked = picked === option ? null : option;
      draw();
    }
  }

  pool.addEventListener("click", (event) => {
    const chip = event.target.closest(".kd-chip");
    if (!chip) return;
    use(chips.indexOf(chip));
    roveChips.go(chip);
  });
  kd.onKeys(pool, ".kd-chip", (key, chip) => {
    if (kd.presses(key)) use(chips.indexOf(chip));
    else if (key === "Escape") { picked = null; draw(); }
    else return roveChips.key(key, chip);
    return true;
  });
  function takeBack(button) {
    const at = removers().indexOf(button);
    remove(pairs[at]);
    const left = removers();
    if (left.length) rovePairs.go(left[Math.min(at, left.length - 1)]);
    else roveChips.go(roveChips.current());
  }
  list.addEventListener("click", (event) => {
    const button = event.target.closest(".kd-remove");
    if (button) takeBack(button);
  });
  kd.onKeys(list, ".kd-remove", (key, button) => {
    if (kd.clears(key)) takeBack(button);
    else return rovePairs.key(key, button);
    return true;
  });
  const stopDrag = kd.drag(pool, ".kd-chip", ".kd-chip", (from, over) => {
    join(chips.indexOf(from), chips.indexOf(over));
  });

  roveChips.stop(chips[0]);
  return {
    node: frame.node,
    read: () => pairs.map((pair) => pair.map((option) => options[option].option_id).join(" ")),
    write(values) {
      pairs = values.map((value) => value.split(" ")
        .map((id) => options.findIndex((one) => one.option_id === id))).filter((pair) => !pair.includes(-1));
      picked = null;
      drawPairs();
    },
    focus: () => roveChips.current().focus(),
    close() { stopDrag(); picked = null; draw(); },
    /** The letter of an option, as if it was clicked. */
    pickFocused(index) {
      if (index >= options.length || !area.contains(document.activeElement)) return false;
      use(index);
      roveChips.go(chips[index]);
      return true;
    },
  };
};

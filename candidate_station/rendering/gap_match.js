/* Gap match: choose an option, then a gap, or the other way round, or drag it there. On a gap the
   letter of an option puts it in, Delete takes it out. An option that may be used once moves. */

kd.kinds["gap-match"] = function (interaction, changed) {
  const { options, gaps: gapIds, max_associations: most } = interaction;
  const chips = options.map(kd.chip);
  const names = chips.map((chip, index) => kd.nameOf(chip.lastElementChild) || kd.letter(index));
  const text = kd.parse(interaction.html);
  const placed = new Map(); // gap → option, by number, in the order they were filled
  let picked = null; // {chip: option} or {gap: number}

  const gaps = gapIds.map((_, number) => {
    const place = text.querySelector(`[data-gap="${number}"]`);
    const width = /(?:^| )qti-input-width-(\d+)(?: |$)/.exec(place.className);
    const gap = kd.el("span", { class: "kd-gap", role: "button", tabindex: -1, "data-number": number });
    if (width) gap.style.setProperty("min-width", `${Math.max(2, Number(width[1]) * 0.62)}em`);
    place.replaceWith(gap);
    return gap;
  });
  text.classList.add("kd-gap-text");
  const pool = kd.el("div", { class: "kd-pool", role: "group", "aria-label": kd.label("pool") }, ...chips);
  const area = kd.el("div", { class: "kd-gap-area" }, pool, text);
  const frame = kd.frame(interaction, "group", [
    kd.label("gap_rule"), ...kd.bounds("gaps", interaction.min_associations, most, gaps.length),
  ], area);
  const roveChips = kd.rove(() => chips);
  const roveGaps = kd.rove(() => gaps);

  const uses = (option) => [...placed.values()].filter((held) => held === option).length;

  function drawGap(gap, number) {
    const option = placed.get(number);
    const filled = option !== undefined;
    gap.classList.toggle("kd-filled", filled);
    gap.classList.toggle("kd-picked", picked?.gap === number);
    gap.setAttribute("aria-pressed", picked?.gap === number ? "true" : "false");
    gap.setAttribute("aria-label",
      `${kd.label("gap", number + 1)} ${filled ? names[option] : kd.label("gap_empty")}`);
    gap.replaceChildren(...(filled
      ? kd.copyOf(chips[option].lastElementChild)
      : [kd.el("span", { class: "kd-gap-number" }, number + 1)]));
  }

  function draw() {
    gaps.forEach(drawGap);
    chips.forEach((chip, option) => {
      chip.classList.toggle("kd-used", options[option].match_max > 0 && uses(option) >= options[option].match_max);
      chip.setAttribute("aria-pressed", picked?.chip === option ? "true" : "false");
      chip.setAttribute("aria-label", chip.classList.contains("kd-used")
        ? `${names[option]} ${kd.label("used")}` : names[option]);
    });
    area.classList.toggle("kd-picking", picked !== null);
    if (picked?.chip !== undefined) frame.say(kd.label("gap_now_place", kd.brief(names[picked.chip])));
    else if (picked) frame.say(kd.label("gap_now_choose", picked.gap + 1));
    else frame.say(placed.size ? kd.label("gaps_made", placed.size) : kd.label("unanswered"));
  }

  function pickUp(what) {
    picked = what;
    draw();
  }

  function take(number) {
    picked = null;
    if (placed.delete(number)) changed(true);
    draw();
  }

  function put(option, number) {
    picked = null;
    if (placed.get(number) === option) {
      draw();
      return;
    }
    const bound = options[option].match_max;
    const gone = new Set([number]);
    if (bound > 0 && uses(option) >= bound) {
      if (bound > 1) {
        draw();
        frame.refuse(kd.label("used_up", kd.brief(names[option])));
        return;
      }
      for (const [gap, held] of placed) if (held === option) gone.add(gap);
    }
    if (!interaction.multiple) for (const gap of placed.keys()) gone.add(gap);
    const left = [...placed.keys()].filter((gap) => !gone.has(gap)).length;
    if (most && left >= most) {
      draw();
      frame.refuse(kd.label("gaps_at_most", most));
      return;
    }
    for (const gap of gone) placed.delete(gap);
    placed.set(number, option);
    draw();
    changed(true);
  }

  function useChip(option) {
    if (picked?.gap !== undefined) put(option, picked.gap);
    else pickUp(picked?.chip === option ? null : { chip: option });
  }

  function useGap(number) {
    if (picked?.chip !== undefined) put(picked.chip, number);
    else if (placed.has(number)) take(number);
    else pickUp(picked?.gap === number ? null : { gap: number });
  }

  area.addEventListener("click", (event) => {
    const chip = event.target.closest(".kd-chip");
    const gap = event.target.closest(".kd-gap");
    if (chip) { useChip(chips.indexOf(chip)); roveChips.go(chip); }
    if (gap) { useGap(gaps.indexOf(gap)); roveGaps.go(gap); }
  });
  kd.onKeys(area, ".kd-chip", (key, chip) => {
    if (kd.presses(key)) useChip(chips.indexOf(chip));
    else if (key === "Escape") pickUp(null);
    else return roveChips.key(key, chip);
    return true;
  });
  kd.onKeys(area, ".kd-gap", (key, gap) => {
    if (kd.presses(key)) useGap(gaps.indexOf(gap));
    else if (kd.clears(key)) take(gaps.indexOf(gap));
    else if (key === "Escape") pickUp(null);
    else return roveGaps.key(key, gap);
    return true;
  });
  const stopDrag = kd.drag(area, ".kd-chip, .kd-gap.kd-filled", ".kd-gap, .kd-pool", (from, over) => {
    const origin = gaps.indexOf(from);
    if (over === pool) {
      if (origin >= 0) take(origin);
      return;
    }
    const option = origin < 0 ? chips.indexOf(from) : placed.get(origin);
    if (origin >= 0) placed.delete(origin);
    put(option, gaps.indexOf(over));
  });

  roveChips.stop(chips[0]);
  roveGaps.stop(gaps[0]);
  return {
    node: frame.node,
    read: () => [...placed].map(([gap, option]) => `${options[option].option_id} ${gapIds[gap]}`),
    write(values) {
      placed.clear();
      for (const value of values) {
        const [option, gap] = value.split(" ");
        const [at, number] = [options.findIndex((one) => one.option_id === option), gapIds.indexOf(gap)];
        if (at >= 0 && number >= 0) placed.set(number, at);
      }
      draw();
    },
    focus: () => roveChips.current().focus(),
    close() { stopDrag(); pickUp(null); },
    /** The letter of an option: on a gap it fills it, elsewhere it chooses the option. */
    pickFocused(index) {
      if (index >= options.length || !area.contains(document.activeElement)) return false;
      const gap = gaps.indexOf(document.activeElement);
      if (gap >= 0) {
        put(index, gap);
      } else {
        useChip(index);
        roveChips.go(chips[index]);
      }
      return true;
    },
  };
};

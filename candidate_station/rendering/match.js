/* Match: one row per source, one column per target. A side that may be used once behaves like
   radio buttons, one that may be used more often like check boxes. Short targets head the columns
   of a table; long ones, and those of a table too wide for the screen, stand in a list of letters
   above the rows (B1 style). */

kd.SHORT_TARGET = 14; // characters, a Chinese one counting two
kd.MOST_COLUMNS = 7;

kd.fitsTable = function (interaction, bodies) {
  if (interaction.hints.includes("qti-match-tabular")) return true;
  const width = (text) => [...text].reduce((sum, letter) => sum + (letter > "\u2e80" ? 2 : 1), 0);
  return bodies.length <= kd.MOST_COLUMNS
    && bodies.every((body) => !body.querySelector("img, math, audio, video")
      && width(body.textContent.trim()) <= kd.SHORT_TARGET);
};

kd.kinds["match"] = function (interaction, changed) {
  const { sources, targets, max_associations: most } = interaction;
  const body = (option) => kd.el("span", { class: "kd-match-text", id: kd.uniqueId("match") }, kd.parse(option.html));
  const heads = targets.map(body);
  const labels = sources.map(body);
  const wantsTable = kd.fitsTable(interaction, heads);
  const once = (option) => option.match_max === 1;
  let pairs = []; // [row, column], in the order they were made

  const cells = sources.map((source, row) => targets.map((target, column) => kd.el("span", {
    class: "kd-cell", role: once(source) ? "radio" : "checkbox", "aria-checked": "false", tabindex: -1,
    "aria-labelledby": `${labels[row].id} ${heads[column].id}`, "data-row": row, "data-column": column,
  }, kd.el("span", { class: "kd-mark" }, kd.letter(column)))));
  const lines = sources.map((source, row) => kd.el("div", {
    class: `kd-match-row kd-${once(source) ? "radio" : "checkbox"}`,
    role: once(source) ? "radiogroup" : "group", "aria-labelledby": labels[row].id,
  }, kd.el("div", { class: "kd-match-label" }, labels[row]),
  kd.el("div", { class: "kd-match-places" },
    ...cells[row].map((cell) => kd.el("div", { class: "kd-match-place" }, cell)))));

  const entry = (column, ...content) => kd.el("div", { class: "kd-match-head" },
    kd.el("span", { class: "kd-match-letter" }, kd.letter(column)), ...content);
  const header = kd.el("div", { class: "kd-match-row kd-match-heads", "aria-hidden": "true" },
    kd.el("div", { class: "kd-match-label" }),
    ...heads.map((node, column) => entry(column, kd.el("span", {}, ...kd.copyOf(node)))));
  const legend = kd.el("div", { class: "kd-match-legend" }, ...heads.map((node, column) => entry(column, node)));
  const table = kd.el("div", {}, header, ...lines);
  const scroll = kd.el("div", { class: "kd-scroll" }, table);
  const frame = kd.frame(interaction, "group", [
    kd.label(sources.every(once) ? "match_row_one" : "match_row_many"),
    targets.every(once) ? kd.label("match_column_once") : "",
    ...kd.bounds("pairs", interaction.min_associations, most, sources.length * targets.length),
  ], legend, scroll);

  function arrange(inTable) {
    table.className = inTable ? "kd-match-table" : "kd-match-list";
    legend.classList.toggle("kd-visually-hidden", inTable);
    header.hidden = !inTable;
  }

  let width = 0;
  new ResizeObserver(() => {
    if (frame.node.clientWidth === width) return;
    width = frame.node.clientWidth;
    arrange(wantsTable);
    if (wantsTable && scroll.scrollWidth > scroll.clientWidth + 1) arrange(false);
  }).observe(frame.node);
  arrange(wantsTable);

  const all = cells.flat();
  const place = (cell) => [Number(cell.dataset.row), Number(cell.dataset.column)];
  const has = (row, column) => pairs.some((pair) => pair[0] === row && pair[1] === column);

  function draw() {
    for (const cell of all) cell.setAttribute("aria-checked", has(...place(cell)) ? "true" : "false");
    frame.say(pairs.length ? kd.label("pairs_made", pairs.length) : kd.label("unanswered"));
  }

  /** One tab stop per row: the chosen cell, or the one last visited. */
  function rove(row, column) {
    cells[row].forEach((cell, at) => { cell.tabIndex = at === column ? 0 : -1; });
  }

  function go(row, column) {
    rove(row, column);
    cells[row][column].focus();
  }

  const full = (side, option, index) => option.match_max > 0
    && pairs.filter((pair) => pair[side] === index).length >= option.match_max;

  /** The pairs that give way to a new one, or the sentence why it cannot be made. */
  function room(row, column) {
    const gone = new Set();
    for (const [side, option, index, text] of
      [[0, sources[row], row, labels[row]], [1, targets[column], column, heads[column]]]) {
      if (!full(side, option, index)) continue;
      if (!once(option)) return kd.label("used_up", kd.brief(kd.nameOf(text)));
      for (const pair of pairs) if (pair[side] === index) gone.add(pair);
    }
    if (!interaction.multiple) for (const pair of pairs) gone.add(pair);
    if (most && pairs.length - gone.size >= most) return kd.label("pairs_at_most", most);
    return gone;
  }

  function toggle(cell) {
    const [row, column] = place(cell);
    if (has(row, column)) {
      pairs = pairs.filter((pair) => pair[0] !== row || pair[1] !== column);
    } else {
      const gone = room(row, column);
      if (typeof gone === "string") {
        frame.refuse(gone);
        return;
      }
      pairs = [...pairs.filter((pair) => !gone.has(pair)), [row, column]];
      draw();
      const taken = [...gone].some((pair) => pair[0] !== row);
      if (taken && interaction.multiple) frame.say(kd.label("moved_here", kd.brief(kd.nameOf(heads[column]))));
      rove(row, column);
      changed(true);
      return;
    }
    draw();
    changed(true);
  }

  table.addEventListener("click", (event) => {
    const cell = event.target.closest(".kd-match-place")?.firstElementChild;
    if (!cell) return;
    toggle(cell);
    go(...place(cell));
  });
  kd.onKeys(table, ".kd-cell", (key, cell) => {
    const [row, column] = place(cell);
    const rows = sources.length;
    const columns = targets.length;
    if (kd.presses(key)) toggle(cell);
    else if (key === "ArrowRight") go(row, (column + 1) % columns);
    else if (key === "ArrowLeft") go(row, (column + columns - 1) % columns);
    else if (key === "ArrowDown") go((row + 1) % rows, column);
    else if (key === "ArrowUp") go((row + rows - 1) % rows, column);
    else if (key === "Home") go(row, 0);
    else if (key === "End") go(row, columns - 1);
    else if (kd.clears(key) && has(row, column)) toggle(cell);
    else return false;
    return true;
  });

  return {
    node: frame.node,
    read: () => pairs.map(([row, column]) => `${sources[row].option_id} ${targets[column].option_id}`),
    write(values) {
      pairs = values.map((value) => {
        const [source, target] = value.split(" ");
        return [sources.findIndex((one) => one.option_id === source),
          targets.findIndex((one) => one.option_id === target)];
      }).filter((pair) => !pair.includes(-1));
      sources.forEach((_, row) => rove(row, Math.max(0, targets.findIndex((__, column) => has(row, column)))));
      draw();
    },
    focus: () => cells[0].find((cell) => cell.tabIndex === 0).focus(),
    /** A letter or digit chooses in the row that has the focus. */
    pickFocused(index) {
      const cell = document.activeElement.closest(".kd-cell");
      if (!cell || !table.contains(cell) || index >= targets.length) return false;
      const [row] = place(cell);
      toggle(cells[row][index]);
      go(row, index);
      return true;
    },
  };
};

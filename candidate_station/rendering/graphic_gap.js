/* Pieces put into areas of a picture: pick one up, then choose its place. By mouse two clicks or one
   drag, by keyboard Enter, arrows, Enter. An area pressed with empty hands gives its last piece back. */

kd.kinds["graphic-gap-match"] = function (interaction, changed) {
  const { options: pieces, hotspots } = interaction;
  const picture = kd.picture(interaction.picture);
  const spots = kd.spots(picture, hotspots, "button", press);
  const group = kd.el("div", { class: ["kd-graphic", "kd-gaps", ...interaction.hints].join(" "), role: "group" });
  const { prompt, rule, status } = kd.captions(interaction, group);
  const bank = kd.el("div", { class: "kd-bank", role: "group", "aria-label": kd.label("pieces") },
    ...pieces.map((piece, index) =>
      kd.el("div", { class: "kd-piece", role: "button", "aria-pressed": "false", tabindex: index ? -1 : 0,
        "data-id": piece.option_id },
      kd.parse(piece.html), kd.el("span", { class: "kd-uses" }))));
  const rows = [...bank.children];
  const layers = hotspots.map(() => kd.el("div", { class: "kd-placed" }));
  let placed = []; // [piece index, spot index], oldest first
  let held = -1;

  group.append(...[prompt, rule, bank, picture.node, status].filter(Boolean));
  rule.textContent = kd.label("pick_then_place");

  const on = (spot) => placed.filter((pair) => pair[1] === spot);
  const uses = (piece) => placed.filter((pair) => pair[0] === piece);
  const pieceName = (piece) => pieces[piece].label || kd.letter(piece);

  function copy(piece) {
    const node = kd.el("span", { class: "kd-placed-piece" }, kd.parse(pieces[piece].html));
    const width = pieces[piece].width;
    // The piece keeps its proportion to the picture, whatever size that is drawn at.
    for (const image of width ? node.querySelectorAll("img") : []) {
      image.style.setProperty("width", `${(width / picture.size.width) * 100}cqw`);
    }
    return node;
  }

  function drawSpot(index) {
    const there = on(index).map((pair) => pair[0]);
    const box = kd.boxOf(hotspots[index], picture.size);
    layers[index].replaceChildren(...there.map(copy));
    picture.put(layers[index], box.x + box.width / 2, box.y + box.height / 2);
    layers[index].style.setProperty("max-width", `${Math.max(1, box.width / picture.size.width) * 100}%`);
    layers[index].style.setProperty("width", `${(box.width / picture.size.width) * 100}%`);
    const names = there.map(pieceName).join(kd.label("comma")) || kd.label("empty");
    spots.nodes[index].classList.toggle("kd-filled", there.length > 0);
    spots.nodes[index].setAttribute("aria-label", `${kd.spotName(hotspots[index], index)}：${names}`);
  }

  function draw() {
    rows.forEach((row, index) => {
      const count = uses(index).length;
      const most = pieces[index].match_max;
      row.lastChild.textContent = count ? `✓ ${most === 1 ? kd.label("piece_used") : kd.label("used_times", count)}` : "";
      row.classList.toggle("kd-spent", most > 0 && count >= most);
      row.setAttribute("aria-pressed", index === held ? "true" : "false");
      row.setAttribute("aria-label", [pieceName(index), row.lastChild.textContent].filter(Boolean).join(" "));
    });
    group.classList.toggle("kd-holding", held >= 0);
    picture.onceKnown(() => hotspots.forEach((_, index) => drawSpot(index)));
  }

  function say(words, refused = false) {
    status.textContent = words;
    status.classList.toggle("kd-refused", refused);
  }

  function focusPiece(index) {
    rows.forEach((row, at) => { row.tabIndex = at === index ? 0 : -1; });
    rows[index].focus();
  }

  function take(index, byKeyboard) {
    held = held === index ? -1 : index;
    draw();
    say(held < 0 ? "" : kd.label("picked", pieceName(held)));
    const free = hotspots.findIndex((_, spot) => !on(spot).length);
    if (held >= 0 && byKeyboard) spots.focus(Math.max(0, free));
  }

  /** Room for the held piece: what it or the area has too much of makes way, oldest first. */
  function makeRoom(spot) {
    const drop = (pair) => { placed = placed.filter((other) => other !== pair); };
    const { match_max: times } = pieces[held];
    if (times && uses(held).length >= times) drop(uses(held)[0]);
    const { match_max: room } = hotspots[spot];
    if (room && on(spot).length >= room) drop(on(spot)[0]);
    return !interaction.max_associations || placed.length < interaction.max_associations;
  }

  function place(spot, byKeyboard) {
    const before = placed;
    if (!makeRoom(spot)) {
      placed = before;
      say(kd.label("place_at_most", interaction.max_associations), true);
      return;
    }
    const piece = held;
    placed.push([piece, spot]);
    held = -1;
    draw();
    say(`${pieceName(piece)} → ${kd.spotName(hotspots[spot], spot)}`);
    if (byKeyboard) focusPiece(piece);
    changed(true);
  }

  function press(spot, byKeyboard) {
    if (held >= 0) { place(spot, byKeyboard); return; }
    const last = on(spot).at(-1);
    if (!last) { say(kd.label("pick_first"), true); return; }
    placed = placed.filter((pair) => pair !== last);
    draw();
    say(kd.label("taken_back", pieceName(last[0])));
    changed(true);
  }

  function letGo() {
    const piece = held;
    held = -1;
    draw();
    say("");
    focusPiece(piece);
  }

  let dragged = false; // the click that ends a drag on the piece itself is none
  kd.draggable(rows, (index) => {
    dragged = true;
    if (held !== index) take(index, false);
  }, (target) => {
    setTimeout(() => { dragged = false; });
    const spot = spots.nodes.indexOf(target && target.closest(".kd-spot"));
    if (held >= 0 && spot >= 0) place(spot, false);
    else if (held >= 0) letGo();
  });
  bank.addEventListener("click", (event) => {
    if (dragged) return;
    const index = rows.indexOf(event.target.closest(".kd-piece"));
    if (index < 0) return;
    focusPiece(index);
    take(index, false);
  });
  bank.addEventListener("keydown", (event) => {
    const index = rows.indexOf(event.target.closest(".kd-piece"));
    if (index < 0 || event.ctrlKey || event.altKey || event.metaKey) return;
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step) focusPiece((index + step + rows.length) % rows.length);
    else if (event.key === "Home") focusPiece(0);
    else if (event.key === "End") focusPiece(rows.length - 1);
    else if (event.key === " " || event.key === "Enter") { if (!event.repeat) take(index, true); }
    else return;
    event.preventDefault();
  });
  group.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && held >= 0) { event.preventDefault(); letGo(); }
    if (event.key !== "Delete" && event.key !== "Backspace") return;
    const spot = spots.nodes.indexOf(event.target.closest(".kd-spot"));
    if (spot < 0 || held >= 0 || !on(spot).length) return;
    event.preventDefault();
    press(spot, true);
  });

  return {
    node: group,
    read: () => placed.map(([piece, spot]) => `${pieces[piece].option_id} ${hotspots[spot].option_id}`),
    write(values) {
      const index = (list, id) => list.findIndex((one) => one.option_id === id);
      placed = values.map((value) => value.split(" "))
        .map(([piece, spot]) => [index(pieces, piece), index(hotspots, spot)]);
      held = -1;
      draw();
      say("");
    },
    focus: () => rows.find((row) => row.tabIndex === 0).focus(),
    close: () => { if (held >= 0) { held = -1; draw(); say(""); } },
  };
};

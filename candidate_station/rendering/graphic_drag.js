/* Pieces may be dragged as well as picked up and put down: the same two steps in one movement. */

const PIECE_DRAG_FROM_PX = 6; // less than that is a click

/** Let ``rows`` be dragged. begin(index) when one is on its way, drop(event) where it is let go. */
kd.draggable = function (rows, begin, drop) {
  let start = null; // {index, x, y, ghost}

  function move(event) {
    if (!start.ghost) {
      if (Math.hypot(event.clientX - start.x, event.clientY - start.y) < PIECE_DRAG_FROM_PX) return;
      begin(start.index);
      start.ghost = kd.el("div", { class: "kd-flying", "aria-hidden": "true" },
        ...[...rows[start.index].childNodes].map((child) => child.cloneNode(true)));
      document.body.append(start.ghost);
    }
    start.ghost.style.setProperty("left", `${event.clientX}px`);
    start.ghost.style.setProperty("top", `${event.clientY}px`);
  }

  function end(event) {
    document.removeEventListener("pointermove", move);
    document.removeEventListener("pointerup", end);
    document.removeEventListener("pointercancel", end);
    const { ghost } = start;
    start = null;
    if (!ghost) return;
    ghost.remove();
    drop(event.type === "pointerup" ? document.elementFromPoint(event.clientX, event.clientY) : null);
  }

  rows.forEach((row, index) => row.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || start) return;
    start = { index, x: event.clientX, y: event.clientY, ghost: null };
    document.addEventListener("pointermove", move);
    document.addEventListener("pointerup", end);
    document.addEventListener("pointercancel", end);
  }));
};

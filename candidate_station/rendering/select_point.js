/* Points on a picture: by a click, or by a crosshair that arrow keys move. A second click on a
   point takes it away. The answer is in pixels of the picture as declared. */

const NEAR_PX = 14; // on the screen: a click this close to a point means that point
const COARSE_STEPS = 40; // key strokes across the picture's shorter side

kd.kinds["select-point"] = function (interaction, changed) {
  const picture = kd.picture(interaction.picture);
  const { size } = picture;
  const across = kd.el("span", { class: "kd-hair kd-hair-across" });
  const down = kd.el("span", { class: "kd-hair kd-hair-down" });
  const centre = kd.el("span", { class: "kd-aim" }); // what is kept in view while keys move the crosshair
  const group = kd.el("div", { class: ["kd-graphic", "kd-points", ...interaction.hints].join(" "), role: "group" });
  const { prompt, rule, status } = kd.captions(interaction, group);
  const help = kd.el("p", { class: "kd-help", id: kd.uniqueId("help") }, kd.label("point_help"));
  group.append(...[prompt, rule, picture.node, help, status].filter(Boolean));
  let points = []; // {x, y, mark}
  let aim = null;

  picture.node.setAttribute("tabindex", "0");
  picture.node.setAttribute("role", "application");
  picture.node.setAttribute("aria-describedby", `${rule.id} ${help.id} ${status.id}`);
  if (prompt) picture.node.setAttribute("aria-labelledby", prompt.id);
  else picture.node.setAttribute("aria-label", interaction.picture.alt || kd.label("picture"));

  const scale = () => picture.node.getBoundingClientRect().width / size.width;
  const text = ({ x, y }) => `(${x}, ${y})`;

  function tell(words) {
    const list = points.length ? kd.label("points", points.map(text).join(" ")) : kd.label("none_marked");
    status.textContent = [words, list].filter(Boolean).join(" · ");
  }

  function add(x, y) {
    const mark = kd.el("span", { class: "kd-point" }, kd.el("span", { class: "kd-point-number" }));
    points.push({ x, y, mark });
    picture.onceKnown(() => picture.put(mark, x + 0.5, y + 0.5));
    number();
  }

  function number() {
    points.forEach((point, index) => {
      point.mark.firstChild.textContent = interaction.max_choices === 1 ? "" : index + 1;
    });
  }

  function remove(point) {
    point.mark.remove();
    points = points.filter((other) => other !== point);
    number();
  }

  /** Mark a pixel, or take away the point that is there. */
  function press(x, y) {
    const near = NEAR_PX / scale();
    const away = (point) => Math.hypot(point.x - x, point.y - y);
    const nearest = [...points].sort((one, other) => away(one) - away(other))[0];
    if (nearest && away(nearest) <= near) {
      remove(nearest);
    } else {
      if (interaction.max_choices === 1 && points.length) remove(points[0]);
      if (interaction.max_choices && points.length >= interaction.max_choices) {
        rule.classList.add("kd-refused");
        return;
      }
      add(x, y);
    }
    rule.classList.remove("kd-refused");
    tell("");
    changed(true);
  }

  function aimAt(x, y) {
    aim = { x: Math.max(0, Math.min(size.width - 1, x)), y: Math.max(0, Math.min(size.height - 1, y)) };
    picture.put(across, 0, aim.y + 0.5);
    picture.put(down, aim.x + 0.5, 0);
    picture.put(centre, aim.x + 0.5, aim.y + 0.5);
  }

  function ruleText() {
    const { multiple, min_choices: least, max_choices: most } = interaction;
    if (!multiple) return "";
    const parts = [most ? kd.label("mark_at_most", most) : kd.label("mark_several")];
    if (least) parts.push(kd.label("mark_at_least", least));
    return parts.join(kd.label("comma"));
  }

  picture.node.addEventListener("mousedown", (event) => {
    event.preventDefault(); // no selection; the focus is set here
    if (event.button !== 0 || !size.width) return;
    picture.node.focus({ preventScroll: true });
    const [x, y] = picture.at(event);
    aimAt(x, y);
    press(x, y);
  });
  picture.node.addEventListener("focus", () => {
    if (aim || !size.width) return;
    const start = points[0] || { x: Math.floor(size.width / 2), y: Math.floor(size.height / 2) };
    aimAt(start.x, start.y);
  });
  picture.node.addEventListener("keydown", (event) => {
    if (!aim || event.ctrlKey || event.altKey || event.metaKey) return;
    const coarse = Math.max(1, Math.round(Math.min(size.width, size.height) / COARSE_STEPS));
    const step = event.shiftKey ? 1 : coarse;
    const moves = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
    if (event.key in moves) {
      const [x, y] = moves[event.key];
      aimAt(aim.x + x, aim.y + y);
      centre.scrollIntoView({ block: "nearest", inline: "nearest" });
      tell(kd.label("crosshair", text(aim)));
    } else if (event.key === " " || event.key === "Enter") {
      if (!event.repeat) press(aim.x, aim.y);
    } else if ((event.key === "Delete" || event.key === "Backspace") && points.length) {
      remove(points.at(-1));
      tell("");
      changed(true);
    } else {
      return;
    }
    event.preventDefault();
  });

  rule.textContent = ruleText();
  return {
    node: group,
    read: () => points.map(({ x, y }) => `${x} ${y}`),
    write(values) {
      for (const point of points) point.mark.remove();
      points = [];
      for (const value of values) add(...value.split(" ").map(Number));
      aim = null;
      tell("");
    },
    focus: () => picture.node.focus(),
  };
};

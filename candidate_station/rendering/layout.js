/* Where an item's parts stand: alone, or beside its shared case. Wide: case left, question right,
   each scrolling by itself. Narrow: one at a time, chosen by tabs. */

kd.isWide = window.matchMedia("(min-width: 900px)");

kd.layout = function (stimuli, question) {
  if (!stimuli.length) {
    return kd.el("div", { class: "kd-item kd-alone" }, kd.el("section", { class: "kd-pane" }, question));
  }
  const parts = stimuli.map((stimulus, index) => ({
    title: stimulus.title || kd.label("material", stimuli.length > 1 ? index + 1 : "").trim(),
    content: kd.parse(stimulus.html),
    isQuestion: false,
  }));
  parts.push({ title: kd.label("question"), content: question, isQuestion: true });
  let active = parts.length - 1;
  let material = 0;

  for (const part of parts) {
    const ids = [kd.uniqueId("tab"), kd.uniqueId("pane")];
    part.tab = kd.el("button", { type: "button", class: "kd-tab", role: "tab", id: ids[0],
      "aria-controls": ids[1] }, part.title);
    part.pane = kd.el("section", { class: `kd-pane ${part.isQuestion ? "kd-question" : "kd-material"}`,
      role: "tabpanel", id: ids[1], "aria-labelledby": ids[0], tabindex: part.isQuestion ? null : 0 },
    part.content);
    if (part.isQuestion) part.tab.classList.add("kd-question-tab");
  }
  const tabs = kd.el("div", { class: "kd-tabs", role: "tablist" }, ...parts.map((part) => part.tab));
  const stage = kd.el("div", { class: "kd-item kd-shared" }, tabs, ...parts.map((part) => part.pane));

  function draw() {
    const wide = kd.isWide.matches;
    const selected = wide ? material : active;
    parts.forEach((part, index) => {
      const visible = index === selected || (wide && part.isQuestion);
      part.pane.hidden = !visible;
      part.tab.hidden = wide && part.isQuestion;
      part.tab.setAttribute("aria-selected", index === selected ? "true" : "false");
      part.tab.tabIndex = index === selected ? 0 : -1;
    });
    stage.classList.toggle("kd-wide", wide);
    tabs.classList.toggle("kd-single", wide && stimuli.length === 1);
  }

  function select(index) {
    active = index;
    if (!parts[index].isQuestion) material = index;
    draw();
    parts[index].tab.focus();
  }

  tabs.addEventListener("click", (event) => {
    const index = parts.findIndex((part) => part.tab === event.target.closest(".kd-tab"));
    if (index >= 0) select(index);
  });
  tabs.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const usable = parts.filter((part) => !part.tab.hidden);
    const at = usable.findIndex((part) => part.tab === document.activeElement);
    if (!step || at < 0) return;
    event.preventDefault();
    select(parts.indexOf(usable[(at + step + usable.length) % usable.length]));
  });
  kd.redrawLayout = draw;
  draw();
  return stage;
};

kd.redrawLayout = () => {};
kd.isWide.addEventListener("change", () => kd.redrawLayout());

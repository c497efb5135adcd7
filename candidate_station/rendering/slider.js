/* Slider: the engine's own, so that keys and screen readers work as everywhere. Until it is moved,
   or clicked where it stands, there is no answer, and it shows none. */

kd.MOST_LABEL_LETTERS = 40; // of all step labels together

kd.kinds["slider"] = function (interaction, changed) {
  const { lower, upper, step } = interaction;
  const input = kd.el("input", {
    type: "range", class: "kd-range", min: lower, max: upper, step, "aria-label": kd.label("slider"),
  });
  const shown = kd.el("output", { class: "kd-slider-value", "aria-hidden": "true" });
  const clear = kd.el("button", { type: "button", class: "kd-button" }, kd.label("clear_answer"));
  let touched = false;

  /* Decimal text without the noise of binary fractions. */
  const places = Math.max(...[lower, step].map((text) => (text.split(".")[1] || "").length));
  function marks() {
    const count = Math.floor((Number(upper) - Number(lower)) / Number(step) + 1e-9);
    if (!interaction.step_label || count >= kd.MOST_LABEL_LETTERS) return [lower, upper];
    const all = Array.from({ length: count + 1 }, (_, at) => (Number(lower) + at * Number(step)).toFixed(places));
    return all.join("").length > kd.MOST_LABEL_LETTERS ? [lower, upper] : all;
  }
  const labels = marks().map((text) => kd.el("span", { class: "kd-slider-mark" }, text));
  const scale = kd.el("div", { class: "kd-slider-scale", "aria-hidden": "true" }, ...labels);
  const classes = ["kd-slider-area", `kd-${interaction.orientation}`, interaction.reverse ? "kd-reverse" : ""];
  const frame = kd.frame(interaction, "group", [kd.label("slider_rule")],
    kd.el("div", { class: classes.join(" ").trim() }, kd.el("div", { class: "kd-slider-track" }, input, scale),
      kd.el("div", { class: "kd-slider-side" }, shown, clear)));
  if (frame.node.hasAttribute("aria-labelledby")) {
    input.removeAttribute("aria-label");
    input.setAttribute("aria-labelledby", frame.node.getAttribute("aria-labelledby"));
  }

  function draw() {
    input.classList.toggle("kd-untouched", !touched);
    input.setAttribute("aria-valuetext", touched ? input.value : kd.label("unanswered"));
    shown.textContent = touched ? input.value : "—";
    clear.disabled = !touched;
    frame.say(kd.label(touched ? "answered" : "slider_untouched"));
  }

  function answer(settled) {
    touched = true;
    draw();
    changed(settled);
  }

  input.addEventListener("input", () => answer(false));
  input.addEventListener("change", () => answer(true));
  input.addEventListener("click", () => { if (!touched) answer(true); });
  input.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (kd.clears(event.key)) {
      event.preventDefault();
      if (touched) reset();
    } else if (kd.presses(event.key) && !touched) {
      event.preventDefault();
      answer(true);
    }
  });

  function start() {
    touched = false;
    input.value = String((Number(lower) + Number(upper)) / 2);
    draw();
  }

  function reset() {
    start();
    changed(true);
  }

  clear.addEventListener("click", () => { reset(); input.focus(); });
  return {
    node: frame.node,
    read: () => (touched ? [input.value] : []),
    write(values) {
      start();
      if (values.length) {
        input.value = values[0];
        touched = true;
        draw();
      }
    },
    focus: () => input.focus(),
  };
};

/* 强调显示 (H05): the candidate marks words of the stem and the shared material. Marks are drawn over
   the text by the engine's highlights, so the item itself is never changed.

   A place is a number of UTF-16 units in the item's markable text: every text of its panes in the
   order of the document, prompts included, without what interactions, formulas and media show. That
   text is the same in every language and colour, and whatever the order of the options. */

kd.marks = (() => {
  const MOST = 200;
  const NOT_MARKABLE = "math, audio, video, button, input, textarea, [role=tablist]";
  const words = new Intl.Segmenter("zh", { granularity: "word" });
  let on = false;
  let frozen = false;
  let texts = []; // {node, start, end}
  let spans = []; // [start, end], sorted, apart from each other
  let at = -1; // where the keyboard is: index of a word
  let stage = null;
  let tell = () => {};

  function gather(widgets) {
    texts = [];
    let place = 0;
    const walker = document.createTreeWalker(stage, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const parent = node.parentElement;
      const inside = widgets.some((widget) => widget.contains(parent)) && !parent.closest(".kd-prompt");
      if (inside || !parent.closest(".kd-pane") || parent.closest(NOT_MARKABLE) || !node.data.trim()) continue;
      texts.push({ node, start: place, end: place + node.data.length });
      place += node.data.length;
    }
  }

  const shownNow = (node) => !node.parentElement.closest("[hidden]");

  function allWords() {
    const found = [];
    for (const { node, start } of texts) {
      if (!shownNow(node)) continue;
      for (const one of words.segment(node.data)) {
        if (one.isWordLike) found.push([start + one.index, start + one.index + one.segment.length]);
      }
    }
    return found;
  }

  function ranges(start, end) {
    const found = [];
    for (const text of texts) {
      const [from, to] = [Math.max(start, text.start), Math.min(end, text.end)];
      if (from >= to) continue;
      const range = document.createRange();
      range.setStart(text.node, from - text.start);
      range.setEnd(text.node, to - text.start);
      found.push(range);
    }
    return found;
  }

  /** A paragraph may be taller than its pane: the word itself counts. */
  function bringIntoView(range) {
    const pane = range.startContainer.parentElement.closest(".kd-pane");
    const [word, frame] = [range.getBoundingClientRect(), pane.getBoundingClientRect()];
    if (word.bottom > frame.bottom) pane.scrollTop += word.bottom - frame.bottom + word.height;
    if (word.top < frame.top) pane.scrollTop -= frame.top - word.top + word.height;
  }

  function draw() {
    CSS.highlights.set("kd-mark", new Highlight(...spans.flatMap(([start, end]) => ranges(start, end))));
    const word = on && at >= 0 ? allWords()[at] : null;
    const here = word ? ranges(...word) : [];
    const cursor = new Highlight(...here);
    cursor.priority = 1;
    CSS.highlights.set("kd-word", cursor);
    if (here.length) bringIntoView(here[0]);
  }

  const covered = (start, end) => spans.some(([from, to]) => from <= start && end <= to);

  function without(start, end) {
    return spans.flatMap(([from, to]) => [[from, Math.min(to, start)], [Math.max(from, end), to]])
      .filter(([from, to]) => from < to);
  }

  function joined(start, end) {
    const apart = spans.filter(([from, to]) => to < start || from > end);
    const touching = spans.filter(([from, to]) => to >= start && from <= end);
    const whole = [Math.min(start, ...touching.map((one) => one[0])), Math.max(end, ...touching.map((one) => one[1]))];
    return [...apart, whole].sort((one, other) => one[0] - other[0]);
  }

  function use(next) {
    if (frozen || next.length > MOST) return;
    spans = next;
    draw();
    tell(spans);
  }

  /** Mark a stretch; what is marked already, all of it, is unmarked. */
  const toggle = (start, end) => use(covered(start, end) ? without(start, end) : joined(start, end));

  function selected() {
    const selection = document.getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    const parts = texts.filter((text) => range.intersectsNode(text.node)).map(({ node, start, end }) => [
      range.startContainer === node ? start + range.startOffset : start,
      range.endContainer === node ? start + range.endOffset : end,
    ]).filter(([start, end]) => start < end);
    return parts.length ? [parts[0][0], parts.at(-1)[1]] : null;
  }

  function placeOf(event) {
    const caret = document.caretRangeFromPoint(event.clientX, event.clientY);
    const text = caret && texts.find((one) => one.node === caret.startContainer);
    return text ? text.start + caret.startOffset : -1;
  }

  document.addEventListener("mouseup", (event) => {
    if (!on || event.button !== 0) return;
    const stretch = selected();
    document.getSelection().removeAllRanges();
    if (stretch) { toggle(...stretch); return; }
    const place = placeOf(event);
    const mark = spans.find(([from, to]) => from <= place && place < to);
    if (mark) toggle(...mark); // a click on a mark takes it away
  });

  function keyed(event) {
    if (!on || frozen || event.target !== stage || event.ctrlKey || event.altKey || event.metaKey) return;
    const all = allWords();
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!all.length || !(step || event.key === " ")) return;
    event.preventDefault();
    event.stopPropagation();
    const here = all[at];
    if (here && event.shiftKey && step) use(joined(...here));
    if (here && event.key === " ") toggle(...here);
    if (step) at = Math.max(0, Math.min(all.length - 1, at + step));
    draw();
  }
  document.addEventListener("keydown", keyed, true);

  function arm() {
    document.documentElement.classList.toggle("kd-marking", on);
    if (!stage) return;
    if (on) stage.tabIndex = 0;
    else stage.removeAttribute("tabindex");
  }

  return {
    /** An item was drawn: ``given`` are its marks, ``told`` hears of every change. */
    shown(newStage, widgets, given, told) {
      [stage, spans, tell, at] = [newStage, given, told, -1];
      gather(widgets);
      arm();
      draw();
    },
    forget() {
      [stage, spans, texts, at, tell] = [null, [], [], -1, () => {}];
      draw();
    },
    freeze(wanted) { frozen = wanted; },
    /** Marking begins or is over; when it begins the keyboard goes to the text. */
    use(wanted) {
      on = wanted;
      if (on && at < 0) at = 0;
      arm();
      draw();
      if (on && stage) stage.focus({ preventScroll: true });
    },
    now: () => spans,
  };
})();

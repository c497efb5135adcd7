/* Run in the page by the calibration: looks at what is drawn and leaves its findings, as JSON, in
   globalThis.kaodianMeasured. Changes nothing but that sounds and films are fetched. */

(async function (wanted) {
  globalThis.kaodianMeasured = null;
  const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });
  const until = async (condition, ms) => {
    for (const end = performance.now() + ms; performance.now() < end && !condition();) await pause(15);
    return condition();
  };
  const all = (selector) => [...document.querySelectorAll(selector)];
  const name = (node) => `${node.localName}${node.classList.length ? `.${node.classList[0]}` : ""}`;
  const file = (node) => decodeURIComponent((node.currentSrc || node.src || "").split("/file/").pop());

  async function sized() {
    const fits = () => Math.abs(innerWidth - wanted.width) <= 2
      && Math.round(devicePixelRatio * 100) >= wanted.zoom;
    return until(fits, 3000);
  }

  function pictures() {
    return Object.fromEntries(all("img").map((image) => [file(image), [image.naturalWidth, image.naturalHeight]]));
  }

  async function media() {
    const found = all("audio, video");
    for (const one of found) {
      one.preload = "auto";
      if (one.readyState < HTMLMediaElement.HAVE_FUTURE_DATA) one.load();
    }
    const ready = (one) => one.readyState >= HTMLMediaElement.HAVE_FUTURE_DATA;
    await until(() => found.every((one) => ready(one) || one.error), wanted.media_within_ms);
    return Object.fromEntries(found.map((one) =>
      [file(one), ready(one) && Number.isFinite(one.duration) ? one.duration : null]));
  }

  /** Meant for screen readers only: in, or itself, a box of one pixel. */
  function unseen(node, pane) {
    for (let part = node; part !== pane; part = part.parentElement) {
      if (part.getBoundingClientRect().width <= 1 && getComputedStyle(part).overflowX === "hidden") return true;
    }
    return false;
  }

  /** Whatever is wider than its place: cut off, or reached by sideways scrolling only. */
  function overflowing() {
    const wrong = new Set();
    const root = document.documentElement;
    if (root.scrollWidth > innerWidth + 1) wrong.add("page");
    for (const pane of all(".kd-pane")) {
      const edge = pane.getBoundingClientRect().left + pane.clientWidth;
      for (const node of [pane, ...pane.querySelectorAll("*")]) {
        if (node.closest("svg, math, progress, [popover], .kd-marks") || node.localName === "br") continue;
        if (unseen(node, pane)) continue;
        const clips = getComputedStyle(node).overflowX !== "visible" && node.localName !== "textarea";
        if (clips && node.scrollWidth > node.clientWidth + 1) wrong.add(name(node));
        const box = node.getBoundingClientRect();
        if (node !== pane && box.width && box.right > edge + 1) wrong.add(name(node));
      }
      for (const formula of pane.querySelectorAll("math")) {
        if (formula.scrollWidth > formula.clientWidth + 1 && getComputedStyle(formula).display === "block math") {
          wrong.add("math");
        }
      }
    }
    return [...wrong];
  }

  /** Parts of formulas and ruby that do not stand where they must. */
  function misplaced() {
    const box = (node) => node.getBoundingClientRect();
    const middle = (node) => box(node).top + box(node).height / 2;
    const above = (upper, lower) => middle(upper) < middle(lower) && box(upper).height > 0;
    const wrong = [];
    for (const one of all("mfrac")) if (!above(one.children[0], one.children[1])) wrong.push("mfrac");
    for (const one of all("msup")) if (!above(one.children[1], one.children[0])) wrong.push("msup");
    for (const one of all("munderover")) {
      if (!above(one.children[2], one.children[0]) || !above(one.children[0], one.children[1])) wrong.push("munderover");
    }
    for (const one of all("msqrt")) if (box(one).height <= box(one.children[0]).height) wrong.push("msqrt");
    for (const one of all("ruby > rt")) if (!above(one, one.parentElement)) wrong.push("ruby");
    return wrong;
  }

  /** Characters drawn as nothing or as the box that stands for a missing glyph. */
  function missingGlyphs(text) {
    const characters = [...text];
    const cell = 24;
    const columns = 100;
    const canvas = document.createElement("canvas");
    const rows = Math.ceil((characters.length + 2) / columns);
    [canvas.width, canvas.height] = [columns * cell, rows * cell];
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    pen.font = `18px ${getComputedStyle(document.body).fontFamily}`;
    pen.textBaseline = "middle";
    // Two code points that will never be characters stand for what a missing one looks like.
    const drawn = ["\uFDD0", "\u{1FFFE}", ...characters];
    drawn.forEach((character, index) => {
      pen.save();
      pen.beginPath();
      pen.rect((index % columns) * cell, Math.floor(index / columns) * cell, cell, cell);
      pen.clip();
      pen.fillText(character, (index % columns) * cell + 1, (Math.floor(index / columns) + 0.5) * cell);
      pen.restore();
    });
    const pixels = pen.getImageData(0, 0, canvas.width, canvas.height).data;
    const shape = (index) => {
      const [left, top] = [(index % columns) * cell, Math.floor(index / columns) * cell];
      let marks = "";
      for (let y = top; y < top + cell; y += 1) {
        for (let x = left; x < left + cell; x += 1) marks += pixels[(y * canvas.width + x) * 4 + 3] > 96 ? "1" : "0";
      }
      return marks;
    };
    const empty = "0".repeat(cell * cell);
    const boxes = new Set([empty, shape(0), shape(1)]);
    return characters.filter((_, index) => boxes.has(shape(index + 2))).join("");
  }

  async function look(findings) {
    findings.answers = Object.keys(JSON.parse(globalThis.kaodian.state()).values);
    findings.undrawn = all("[data-slot]").length;
    await until(() => all("img").every((image) => image.complete), 3000);
    findings.pictures = pictures();
    findings.media = wanted.media_within_ms ? await media() : {};
    findings.overflowing = overflowing();
    findings.misplaced = misplaced();
    findings.missing = wanted.glyphs ? missingGlyphs(wanted.glyphs) : "";
  }

  /** Put a spot of this showing's own colour into the corner: a picture that has it is of now. */
  function mark([red, green, blue]) {
    const spot = document.getElementById("kaodian-mark") || document.createElement("div");
    spot.id = "kaodian-mark";
    const look = { position: "fixed", right: "0", bottom: "0", width: "12px", height: "12px", "z-index": "99",
      background: `rgb(${red}, ${green}, ${blue})` };
    for (const [property, value] of Object.entries(look)) spot.style.setProperty(property, value);
    document.body.append(spot);
  }

  const findings = { sized: await sized() };
  try {
    if (wanted.look) {
      await look(findings);
    } else {
      await until(() => all("img").every((image) => image.complete)
        && all("video").every((film) => film.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA), 3000);
      requestAnimationFrame(() => mark(wanted.mark));
    }
  } catch (error) {
    findings.failed = String(error); // the calibration's own content: it may be quoted
  }
  requestAnimationFrame(() => requestAnimationFrame(() => {
    globalThis.kaodianMeasured = JSON.stringify(findings);
  }));
})

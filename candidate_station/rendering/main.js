/* The page's one object, ``kaodian``: Python calls it, it tells Python through the bridge. */

const root = document.getElementById("kd-root");
let shown = null; // {showing, id, widgets: {response id: widget}, edited: by the candidate here}
let frozen = false;

function snapshot() {
  if (!shown) return null;
  const values = Object.create(null); // an id may be __proto__
  const places = Object.create(null); // of media in the middle of a play
  for (const [id, widget] of Object.entries(shown.widgets)) {
    values[id] = widget.read();
    const place = widget.place ? widget.place() : null;
    if (place !== null) places[id] = place;
  }
  return { showing: shown.showing, edited: shown.edited, values, places };
}

function report(settled) {
  if (shown && !frozen) kd.bridge.changed(JSON.stringify({ ...snapshot(), settled }));
}

function changed(showing, settled, edited = true) {
  // What is taken off the screen still loses the focus, and says so.
  if (frozen || !shown || shown.showing !== showing) return;
  shown.edited ||= edited;
  report(settled);
}

/* Calls from Python overtake key strokes that are still on their way from the browser process.
   So Python sends a marker key behind them; what takes the item away waits until it arrives. */
const MARKER = "F24";
const MARKER_WITHIN_MS = 150;
let markers = 0;
let onMarker = () => {};
let turn = Promise.resolve();

window.addEventListener("keydown", (event) => {
  if (event.key !== MARKER) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  markers += 1;
  onMarker();
}, true);

function typedUpTo(marker) {
  if (markers >= marker || !document.hasFocus() || !kd.isTyping(document.activeElement)) return null;
  return new Promise((resolve) => {
    const giveUp = setTimeout(() => { markers = marker; onMarker(); }, MARKER_WITHIN_MS);
    onMarker = () => {
      if (markers < marker) return;
      clearTimeout(giveUp);
      onMarker = () => {};
      resolve();
    };
  });
}

/* A fault of ours: said by name only, it could quote the paper; the next turn must still come. */
const complain = () => kd.bridge.violated("page-error");

/** Do ``work`` after everything typed before ``marker`` has arrived, and in the order asked. */
function inTurn(marker, work) {
  turn = turn.then(() => typedUpTo(marker)).then(() => { report(true); work(); }).catch(complain);
}

function announcePainted(id) {
  requestAnimationFrame(() => {
    const channel = new MessageChannel(); // its task runs right after the frame was produced
    channel.port1.onmessage = () => { if (shown && shown.id === id) kd.bridge.painted(id); };
    channel.port2.postMessage(0);
  });
}

/** The film's size is known, or never will be. */
function sized(film) {
  if (film.readyState > 0 || film.error) return null;
  return new Promise((resolve) => {
    for (const name of ["loadedmetadata", "error"]) film.addEventListener(name, resolve, { once: true });
  });
}

/* Pictures are waited for, so that the text does not move under the pointer; but not for long. */
const PICTURES_WITHIN_MS = 400;

function reveal(stage, id) {
  const pictures = [...stage.querySelectorAll("img")].map((picture) => picture.decode().catch(() => null));
  pictures.push(...[...stage.querySelectorAll("video")].map(sized));
  if (!pictures.length) {
    announcePainted(id);
    return;
  }
  stage.classList.add("kd-loading");
  const enough = new Promise((resolve) => { setTimeout(resolve, PICTURES_WITHIN_MS); });
  Promise.race([Promise.all(pictures), enough]).then(() => {
    stage.classList.remove("kd-loading");
    if (stage.isConnected) announcePainted(id);
  });
}

function build(item, values, places, changedHere) {
  const question = kd.parse(item.html);
  const widgets = Object.create(null);
  for (const slot of question.querySelectorAll("[data-slot]")) {
    const interaction = item.interactions[Number(slot.dataset.slot)];
    const widget = kd.kinds[interaction.kind](interaction, changedHere);
    widget.write(values.get(interaction.response_id) || []);
    if (widget.resume) widget.resume(places.get(interaction.response_id) ?? null);
    widgets[interaction.response_id] = widget;
    slot.replaceWith(widget.node);
  }
  return { widgets, stage: kd.layout(item.stimuli, question) };
}

function applyFrozen() {
  document.documentElement.classList.toggle("kd-frozen", frozen);
  for (const widget of Object.values(shown ? shown.widgets : {})) {
    if (frozen && widget.close) widget.close();
    if (widget.freeze) widget.freeze(frozen);
    widget.node.inert = frozen;
  }
  kd.marks.freeze(frozen);
}

/* ``values`` and ``places`` come as pairs with the id: an object could not hold every id. */
function show(marker, showing, item, values, places, marks) {
  inTurn(marker, () => {
    const here = (...how) => changed(showing, ...how);
    const { widgets, stage } = build(item, new Map(values), new Map(places), here);
    const focused = shown && shown.id === item.item_id
      && Object.keys(shown.widgets).find((id) => shown.widgets[id].node.contains(document.activeElement));
    shown = { showing, id: item.item_id, widgets, edited: false };
    document.documentElement.lang = item.language || "zh-CN";
    root.replaceChildren(stage);
    applyFrozen();
    kd.marks.shown(stage, Object.values(widgets).map((widget) => widget.node), marks,
      (spans) => kd.bridge.marked(JSON.stringify({ item_id: item.item_id, marks: spans })));
    if (focused && widgets[focused]) widgets[focused].focus();
    for (const widget of Object.values(widgets)) if (widget.shown) widget.shown();
    reveal(stage, item.item_id);
  });
}

function clear(marker) {
  inTurn(marker, () => {
    shown = null;
    kd.forgetClipboard();
    kd.marks.forget();
    root.replaceChildren();
  });
}

function setFrozen(marker, wanted) {
  inTurn(marker, () => {
    frozen = wanted;
    applyFrozen();
  });
}

function settle(marker, number) {
  inTurn(marker, () => kd.bridge.settled(number));
}

function focusFirst() {
  const first = shown && Object.values(shown.widgets)[0];
  if (first) first.focus();
}

document.addEventListener("keydown", (event) => {
  if (!shown || frozen || event.defaultPrevented || event.repeat) return;
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  if (kd.isTyping(event.target) || event.target.closest?.("[role=combobox], audio, video")) return;
  const key = event.key.toUpperCase();
  const index = /^[A-Z]$/.test(key) ? key.charCodeAt(0) - 65 : /^[1-9]$/.test(key) ? Number(key) - 1 : -1;
  if (index < 0) return;
  const widgets = Object.values(shown.widgets);
  const inside = widgets.find((widget) => widget.node.contains(event.target));
  const wanted = inside || widgets.find((widget) => widget.pick);
  const pick = wanted && (wanted.pick || wanted.pickFocused);
  if (pick && pick(index)) event.preventDefault();
});

globalThis.kaodian = {
  show,
  clear,
  setFrozen,
  settle,
  focusFirst: () => { turn = turn.then(focusFirst); },
  announce: () => { turn = turn.then(() => { if (shown) announcePainted(shown.id); }); },
  setMarking: (wanted) => { turn = turn.then(() => kd.marks.use(wanted)); },
  state: () => JSON.stringify(snapshot()),
  setLabels: (labels) => { kd.labels = labels; },
  setScheme: (name) => { document.documentElement.dataset.scheme = name; },
};

new QWebChannel(qt.webChannelTransport, (channel) => {
  kd.bridge = channel.objects.bridge;
  kd.bridge.ready();
});

/* The page's one object, ``kaodian``: Python calls it, it tells Python through the bridge. */

const root = document.getElementById("kd-root");
let shown = null; // {id, widgets: {response id: widget}}
let frozen = false;
let revision = 0;

function snapshot() {
  if (!shown) return null;
  const values = {};
  for (const [id, widget] of Object.entries(shown.widgets)) values[id] = widget.read();
  return { item: shown.id, revision: ++revision, values };
}

function changed(settled) {
  if (frozen || !kd.bridge) return;
  kd.bridge.changed(JSON.stringify({ ...snapshot(), settled }));
}

function announcePainted(id) {
  requestAnimationFrame(() => {
    const channel = new MessageChannel(); // its task runs right after the frame was produced
    channel.port1.onmessage = () => { if (shown && shown.id === id) kd.bridge.painted(id); };
    channel.port2.postMessage(0);
  });
}

function build(item, values) {
  const question = kd.parse(item.html);
  const widgets = {};
  for (const slot of question.querySelectorAll("[data-slot]")) {
    const interaction = item.interactions[Number(slot.dataset.slot)];
    const widget = kd.kinds[interaction.kind](interaction, changed);
    widget.write(values[interaction.response_id] || []);
    widgets[interaction.response_id] = widget;
    slot.replaceWith(widget.node);
  }
  return { widgets, stage: kd.layout(item.stimuli, question) };
}

function applyFrozen() {
  document.documentElement.classList.toggle("kd-frozen", frozen);
  for (const widget of Object.values(shown ? shown.widgets : {})) {
    if (frozen && widget.close) widget.close();
    widget.node.inert = frozen;
  }
}

/** Show an item. Returns what the item before it held, so that nothing typed is lost. */
function show(item, values) {
  const left = snapshot();
  const { widgets, stage } = build(item, values);
  shown = { id: item.item_id, widgets };
  document.documentElement.lang = item.language || "zh-CN";
  root.replaceChildren(stage);
  applyFrozen();
  announcePainted(item.item_id);
  return JSON.stringify(left);
}

function clear() {
  const left = snapshot();
  shown = null;
  kd.forgetClipboard();
  root.replaceChildren();
  return JSON.stringify(left);
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
  const choices = Object.values(shown.widgets).filter((widget) => widget.pick);
  const wanted = choices.find((widget) => widget.node.contains(event.target)) || choices[0];
  if (wanted && wanted.pick(index)) event.preventDefault();
});

globalThis.kaodian = {
  show,
  clear,
  focusFirst,
  announce: () => { if (shown) announcePainted(shown.id); },
  state: () => JSON.stringify(snapshot()),
  setLabels: (labels) => { kd.labels = labels; },
  setScheme: (name) => { document.documentElement.dataset.scheme = name; },
  setFrozen(wanted) {
    const state = snapshot();
    frozen = wanted;
    applyFrozen();
    return JSON.stringify(state);
  },
};

new QWebChannel(qt.webChannelTransport, (channel) => {
  kd.bridge = channel.objects.bridge;
  kd.bridge.ready();
});

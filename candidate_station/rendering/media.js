/* A sound or film whose plays are counted. A play counts from its first sound, and its count is
   told at once, so that no restart gives one back. Where plays are limited there is no seeking:
   each second can be heard as often as it may be played. */

const PLACE_EVERY_S = 0.5; // how exactly an unfinished play can be taken up again elsewhere

kd.kinds["media"] = function (interaction, changed) {
  const holder = kd.parse(interaction.html);
  const media = holder.querySelector("audio, video");
  const most = interaction.max_plays;
  const group = kd.el("div", { class: ["kd-media", ...interaction.hints].join(" "), role: "group" });
  const { prompt, rule, status } = kd.captions(interaction, group);
  const button = kd.el("button", { type: "button", class: "kd-play" });
  const seek = kd.el("input", { type: "range", class: "kd-seek", min: 0, max: 1000, step: 1, value: 0,
    "aria-label": kd.label("media_position") });
  const meter = kd.el("progress", { class: "kd-seek", max: 1000, value: 0, "aria-label": kd.label("media_position") });
  const line = most ? meter : seek;
  const clock = kd.el("span", { class: "kd-clock" });
  const volume = kd.el("input", { type: "range", class: "kd-volume", min: 0, max: 100, step: 5, value: 100,
    "aria-label": kd.label("volume") });
  const loudness = kd.el("label", { class: "kd-loudness" }, kd.label("volume"), volume);
  let count = 0;
  let under = false; // a play has begun and is not over
  let beginning = false; // play was asked for, nothing is heard yet
  let told = 0;
  let frozenNow = false;
  let waitsToStart = false;

  media.preload = "auto";
  media.setAttribute("tabindex", "-1");
  group.append(...[prompt, rule, media, kd.el("div", { class: "kd-deck" }, button, line, clock, loudness), status]
    .filter(Boolean));

  const left = () => (most ? Math.max(0, most - count) : Infinity);
  const minutes = (s) => `${Math.floor(s / 60)}:${String(Math.floor(s % 60)).padStart(2, "0")}`;

  function draw() {
    const playing = !media.paused && !media.ended;
    button.textContent = playing ? `⏸ ${kd.label("pause")}` : `▶ ${kd.label(under ? "go_on" : "play")}`;
    button.disabled = !playing && !under && !left();
    const length = Number.isFinite(media.duration) ? media.duration : 0;
    const now = under ? media.currentTime : 0;
    line.value = length ? Math.round((now / length) * 1000) : 0;
    clock.textContent = `${minutes(now)} / ${minutes(length)}`;
    const words = [];
    if (most) words.push(left() ? kd.label("plays_left", left()) : kd.label("no_plays_left"));
    if (interaction.min_plays > count) words.push(kd.label("plays_at_least", interaction.min_plays));
    if (!media.error) status.textContent = words.join(kd.label("comma"));
  }

  function failed() {
    if (!media.error && media.networkState !== HTMLMediaElement.NETWORK_NO_SOURCE) return;
    beginning = false;
    status.textContent = kd.label("media_failed");
    status.classList.add("kd-refused");
    button.disabled = true;
  }

  function start() {
    if (frozenNow || (!under && !left())) return;
    waitsToStart = false;
    if (!under) {
      if (media.currentTime) media.currentTime = 0;
      beginning = true;
    }
    media.play().catch(() => { beginning = false; draw(); failed(); });
  }

  const press = () => { if (media.paused) start(); else media.pause(); };

  media.addEventListener("playing", () => {
    if (beginning) {
      [beginning, under, told] = [false, true, 0];
      count += 1;
      changed(true);
    }
    draw();
  });
  media.addEventListener("timeupdate", () => {
    draw();
    if (under && Math.abs(media.currentTime - told) >= PLACE_EVERY_S) {
      told = media.currentTime;
      changed(false);
    }
  });
  media.addEventListener("pause", () => { draw(); if (under && !media.ended) changed(false); });
  media.addEventListener("ended", () => {
    under = false;
    draw();
    changed(true);
    if (interaction.loop && left()) start();
  });
  for (const name of ["play", "loadedmetadata", "durationchange"]) media.addEventListener(name, draw);
  media.addEventListener("error", failed, true);
  media.addEventListener("click", press);
  button.addEventListener("click", press);
  volume.addEventListener("input", () => { media.volume = volume.value / 100; });
  seek.addEventListener("input", () => {
    if (!under || !Number.isFinite(media.duration)) { draw(); return; }
    media.currentTime = (seek.value / 1000) * media.duration;
  });

  draw();
  return {
    node: group,
    read: () => (count ? [String(count)] : []),
    write(values) { count = Number(values[0] || 0); draw(); },
    /** Seconds into a play that is not over, else null. */
    place: () => (under ? media.currentTime : null),
    /** Go on where a play was left. Called once, before the item is shown. */
    resume(seconds) {
      under = typeof seconds === "number";
      if (under) {
        told = seconds;
        media.currentTime = seconds;
      }
      waitsToStart = interaction.autostart && !count;
      draw();
    },
    /** The item is on the screen. */
    shown() { if (waitsToStart) start(); },
    freeze(frozen) {
      frozenNow = frozen;
      if (frozen) media.pause();
      else if (waitsToStart) start();
    },
    focus: () => button.focus(),
  };
};

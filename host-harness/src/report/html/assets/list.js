// The list of a run's events: only the lines in view are in the page.

const LINE = 22;
const GROUP_NAMES = ["chains", "notifications", "suppression", "registers", "run"];

class EventList {
  constructor(root, hooks) {
    this.hooks = hooks;
    this.shown = new Int32Array(0);
    this.selected = -1;
    this.search = el("input", { type: "search", placeholder: "Find in the events", "aria-label": "Find in the events", oninput: () => this.filter() });
    this.device = el("select", { "aria-label": "Device", onchange: () => this.filter() });
    this.groups = GROUP_NAMES.map((name) => el("label", { class: "check" }, el("input", { type: "checkbox", checked: true, value: name, onchange: () => this.filter() }), ` ${name}`));
    this.count = el("span", { class: "muted count", "aria-live": "polite" });
    this.body = el("div", { class: "lines", role: "rowgroup" });
    this.space = el("div", { class: "space" }, this.body);
    this.scroll = el("div", { class: "scroll", tabindex: "0", role: "grid", "aria-label": "Events of the run", onscroll: framed(() => this.draw()), onkeydown: (event) => this.key(event) }, this.space);
    fill(root, 
      el("div", { class: "list-head" }, this.search, this.device, el("span", { class: "checks" }, this.groups), this.count),
      el("div", { class: "line header", "aria-hidden": "true" }, ["event", "time", "after", "device", "what happened"].map((name) => el("span", {}, name))),
      this.scroll,
    );
    new ResizeObserver(() => this.draw()).observe(this.scroll);
  }

  setModel(model, run, proofs) {
    this.model = model;
    this.run = run;
    this.proofs = new Set(proofs);
    this.selected = -1;
    this.search.value = "";
    this.groups.forEach((label) => (label.firstChild.checked = true));
    fill(this.device, el("option", { value: "" }, "all devices"), ...[...model.devices.values()].map((device) => el("option", { value: device.no }, device.name)));
    this.device.hidden = model.devices.size < 2;
    this.scroll.scrollTop = 0;
    this.filter();
  }

  filter() {
    const { model } = this;
    const wanted = this.search.value.trim().toLowerCase(), device = this.device.value;
    const groups = new Set(this.groups.map((label) => label.firstChild).filter((box) => box.checked).map((box) => box.value));
    const kinds = model.groups.map((group) => groups.has(group));
    const shown = [];
    for (let i = 0; i < model.n; i++) {
      if (!kinds[model.kind[i]] && !this.proofs.has(i)) continue;
      if (device !== "" && model.device[i] !== +device) continue;
      if (wanted && !model.texts.of(i).toLowerCase().includes(wanted)) continue;
      shown.push(i);
    }
    this.shown = Int32Array.from(shown);
    this.space.style.height = `${shown.length * LINE}px`;
    this.count.textContent = shown.length === model.n ? plural(model.n, "event") : `${number(shown.length)} of ${plural(model.n, "event")}`;
    this.scroll.setAttribute("aria-rowcount", shown.length);
    this.reveal(this.selected);
    this.draw();
  }

  select(i) {
    this.selected = i;
    this.reveal(i);
    this.draw();
  }

  reveal(i) {
    if (i < 0) return;
    const y = lowerBound(this.shown, i) * LINE, { scrollTop, clientHeight } = this.scroll;
    if (y < scrollTop || y > scrollTop + clientHeight - LINE) this.scroll.scrollTop = y - clientHeight / 2;
  }

  draw() {
    const { model, scroll } = this;
    if (!model) return;
    const first = Math.max(0, Math.floor(scroll.scrollTop / LINE) - 4);
    const last = Math.min(this.shown.length, Math.ceil((scroll.scrollTop + scroll.clientHeight) / LINE) + 4);
    this.body.style.transform = `translateY(${first * LINE}px)`;
    const lines = [];
    for (let k = first; k < last; k++) lines.push(this.line(k));
    fill(this.body, ...lines);
  }

  line(k) {
    const { model } = this, i = this.shown[k], kind = model.kinds[model.kind[i]];
    const before = k > 0 ? model.time[i] - model.time[this.shown[k - 1]] : 0;
    const proof = this.proofs.has(i);
    const text = model.texts.of(i);
    return el(
      "div",
      { class: `line ${groupOf(kind)}${i === this.selected ? " selected" : ""}${proof ? " proof" : ""}`, role: "row", "aria-rowindex": k + 1, "aria-selected": i === this.selected ? "true" : "false", onclick: (event) => event.target.tagName !== "A" && this.hooks.select(i) },
      el("a", { role: "gridcell", href: `#run=${this.run}&event=${model.seq[i]}`, tabindex: "-1", title: "Link to this event" }, `#${model.seq[i]}`),
      el("span", { role: "gridcell" }, duration(model.time[i])),
      el("span", { role: "gridcell", class: "muted" }, k > 0 ? `+${duration(before)}` : ""),
      el("span", { role: "gridcell" }, model.deviceOf(i).name),
      el("span", { role: "gridcell", class: "what", title: text }, el("i", { class: `sign ${kind}`, "aria-hidden": "true" }, proof ? "✕" : EVENT_SIGNS[kind] ?? "·"), text),
    );
  }

  // The event so many lines from the selected one.
  step(by) {
    if (!this.shown.length) return -1;
    const at = lowerBound(this.shown, this.selected);
    const here = this.shown[at] === this.selected || by < 0 ? at + by : at + by - 1;
    return this.shown[clamp(this.selected < 0 ? 0 : here, 0, this.shown.length - 1)];
  }

  key(event) {
    const page = Math.max(1, Math.floor(this.scroll.clientHeight / LINE) - 1);
    const by = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -this.shown.length, End: this.shown.length }[event.key];
    if (by === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    const i = this.step(by);
    if (i >= 0) this.hooks.select(i);
  }
}

const EVENT_SIGNS = {
  available: "●", used: "■", notify: "▼", notify_data: "▼", interrupt: "▲", vector: "▲", quiet: "◌", altered: "✕",
  suppression: "◆", packed_suppression: "◆", avail_idx: "·", packed_used: "·", status_write: "S", provoke: "◈", finding: "◈",
  device: "▸", end: "▪", queue_enabled: "┃", config_changed: "■",
};

// The slots of a queue's ring at a moment: who has which, and what is in them.

class RingView {
  constructor(root, hooks) {
    this.root = root;
    this.hooks = hooks;
    this.queue = null;
    this.title = el("h3", {}, "Ring");
    this.choice = el("select", { "aria-label": "Queue whose ring is shown", onchange: () => this.choose(this.choice.value) });
    this.facts = el("p", { class: "ring-facts" });
    this.canvas = el("canvas", { class: "ring-canvas", role: "img" });
    this.detail = el("div", { class: "ring-detail" });
    this.legend = el("p", { class: "legend" });
    fill(root, el("div", { class: "panel-head" }, this.title, this.choice), this.facts, this.canvas, this.legend, this.detail);
    this.redraw = framed(() => this.draw());
    this.canvas.addEventListener("pointermove", (event) => this.point(event));
    this.canvas.addEventListener("pointerleave", () => this.tell(null));
    new ResizeObserver(this.redraw).observe(this.canvas);
  }

  setModel(model) {
    this.model = model;
    this.moment = -1;
    this.pinned = false;
    this.queue = model.queues[0] ?? null;
    fill(this.choice, ...model.queues.map((queue, i) => el("option", { value: i }, `${queue.device.name}, queue ${queue.queue}`)));
    this.choice.hidden = model.queues.length < 2;
    this.redraw();
  }

  choose(i) {
    this.pinned = true;
    this.queue = this.model.queues[i];
    this.redraw();
  }

  // Shows the moment of event i, of the queue that the event is about unless the user chose one.
  at(i, queue) {
    this.moment = i;
    if (queue && !this.pinned) this.queue = queue;
    if (this.model) this.choice.value = this.model.queues.indexOf(this.queue);
    this.redraw();
  }

  // What the rings are at the moment.
  state() {
    const { model, queue, moment } = this;
    let enabled = null;
    for (const one of queue.enabled) if (one[0] <= moment) enabled = one;
    if (!enabled) return null;
    const [since, size, packed] = enabled;
    const flying = [];
    for (const c of queue.chains) {
      const chain = model.chains[c];
      if (chain.start > moment) break;
      if (chain.end > moment && chain.start >= since) flying.push(chain);
    }
    const state = { size, packed, flying, avail: new Map(), used: new Map(), availIdx: 0, usedIdx: 0, words: null };
    // Of what was before a gap nothing is known any more.
    let from = since;
    for (const gap of model.gaps.keys()) if (gap <= moment && gap > from) from = gap - 1;
    // Back from the moment to when the queue was enabled, or until every slot has been seen.
    for (let k = model.upTo(queue, moment); k >= 0 && queue.events[k] > from; k--) {
      const i = queue.events[k], kind = model.kinds[model.kind[i]];
      if (kind === "available") {
        const chain = model.chains[model.chainOf[i]];
        if (!state.availSeen) {
          state.availIdx = packed ? behind(chain.slot, chain.places, size) : (chain.slot + 1) & 0xffff;
          state.availSeen = true;
        }
        const slot = (packed ? chain.slot & 0x7fff : chain.slot) % size;
        if (!state.avail.has(slot)) state.avail.set(slot, chain);
      } else if (kind === "used") {
        const slot = model.a[i];
        if (!state.usedSeen) {
          state.usedIdx = packed ? behind(slot, model.d[i], size) : (slot + Math.max(model.d[i], 1)) & 0xffff;
          state.usedSeen = true;
        }
        const at = (packed ? slot & 0x7fff : slot) % size;
        if (!state.used.has(at)) state.used.set(at, i);
      } else if ((kind === "suppression" || kind === "packed_suppression") && !state.words) {
        state.words = [model.a[i], model.b[i], model.c[i], model.d[i]];
      }
      if (state.avail.size >= size && state.used.size >= size && state.words) break;
      if (model.upTo(queue, moment) - k > 6 * size + 500) break;
    }
    const first = from > since ? NaN : packed ? 0x8000 : 0;
    if (!state.availSeen) state.availIdx = first;
    if (!state.usedSeen) state.usedIdx = first;
    state.known = !Number.isNaN(state.availIdx) && !Number.isNaN(state.usedIdx);
    return state;
  }

  draw() {
    const { model, queue, canvas } = this;
    if (!model) return;
    const c = palette(), width = canvas.clientWidth;
    this.cells = [];
    const state = queue && this.moment >= 0 ? this.state() : null;
    this.now = state;
    this.title.textContent = queue ? `Ring of ${queue.device.name}, queue ${queue.queue}` : "Ring";
    if (!state) {
      this.facts.textContent = queue ? "Not enabled at this moment." : "No queue was enabled in this run.";
      canvas.hidden = this.legend.hidden = true;
      fill(this.detail);
      return;
    }
    canvas.hidden = this.legend.hidden = false;
    fill(this.facts, ...this.words(state));
    const columns = state.size <= 16 ? Math.max(state.size, 4) : state.size <= 128 ? 16 : state.size <= 512 ? 32 : 64;
    const cell = clamp(Math.floor((width - 2) / columns), 3, 34);
    const shown = Math.min(state.size, columns * Math.max(4, Math.floor(1400 / columns)));
    const rows = Math.ceil(shown / columns), high = Math.min(cell, 22);
    const grids = state.packed ? ["descriptor ring"] : ["descriptor table", "available ring", "used ring"];
    const part = rows * high + 24, ratio = window.devicePixelRatio || 1;
    canvas.style.height = `${grids.length * part}px`;
    canvas.width = width * ratio;
    canvas.height = grids.length * part * ratio;
    const g = canvas.getContext("2d");
    g.setTransform(ratio, 0, 0, ratio, 0, 0);
    g.clearRect(0, 0, width, grids.length * part);
    const colours = new Map();
    for (const chain of state.flying) {
      for (let k = chain.at; k < chain.at + chain.links; k++) if (!model.links.indirect[k]) colours.set(model.links.index[k], { chain, k });
    }
    grids.forEach((name, which) => {
      const top = which * part;
      g.font = c.font;
      g.textAlign = "left";
      g.textBaseline = "middle";
      g.fillStyle = c.muted;
      g.fillText(shown < state.size ? `${name}, first ${shown} of ${state.size}` : name, 0, top + 9);
      for (let slot = 0; slot < shown; slot++) {
        const x = (slot % columns) * cell, y = top + 18 + Math.floor(slot / columns) * high;
        this.cell(g, c, state, name, slot, x, y, cell - 1, high - 1, colours);
        this.cells.push({ name, slot, x, y, w: cell, h: high, top });
      }
    });
    const text = state.packed
      ? `${state.flying.length} chains in flight; the device has ${state.known ? owned(state) : "an unknown number"} of ${state.size} descriptors`
      : `${state.flying.length} chains in flight; available index ${state.availIdx}, used index ${state.usedIdx}`;
    canvas.setAttribute("aria-label", text);
    fill(this.legend, 
      ...(state.packed
        ? [key("filled", "the device's"), key("open", "the driver's"), key("mark-next", "next available"), key("mark-used", "next used")]
        : [key("filled", "in flight"), key("open", "free or done"), key("mark-next", "available index"), key("mark-used", "used index")]),
    );
    this.tell(null);
  }

  cell(g, c, state, name, slot, x, y, w, h, colours) {
    const { model } = this;
    let colour = null, label = "", next = false, used = false;
    if (name === "descriptor table") {
      const mine = colours.get(slot);
      if (mine) [colour, label] = [chainColour(c, mine.chain), `${mine.chain.id}`];
    } else if (name === "available ring") {
      const chain = state.avail.get(slot);
      if (chain) label = `${chain.id}`;
      if (chain && state.flying.includes(chain)) colour = chainColour(c, chain);
      next = slot === state.availIdx % state.size;
    } else if (name === "used ring") {
      const i = state.used.get(slot);
      if (i !== undefined) label = `${model.b[i]}`;
      used = slot === state.usedIdx % state.size;
    } else {
      const mine = colours.get(slot);
      const device = state.known ? isOwned(state, slot) : mine !== undefined;
      if (mine && device) [colour, label] = [chainColour(c, mine.chain), `${mine.chain.id}`];
      else if (device) colour = c.muted;
      else if (state.used.has(slot)) label = `${model.b[state.used.get(slot)]}`;
      next = state.known && slot === (state.availIdx & 0x7fff);
      used = state.known && slot === (state.usedIdx & 0x7fff);
    }
    g.fillStyle = colour ?? c.empty;
    g.fillRect(x, y, w, h);
    if (label && w >= 15 && h >= 10) {
      g.fillStyle = colour ? c.onChain : c.muted;
      g.font = c.mono;
      g.textAlign = "center";
      g.textBaseline = "middle";
      if (g.measureText(label).width < w) g.fillText(label, x + w / 2, y + h / 2 + 0.5);
    }
    if (next) mark(g, c.driver, x, y, w, h, 0);
    if (used) mark(g, c.device, x, y, w, h, next ? 2.5 : 0);
  }

  words(state) {
    const parts = [];
    const fact = (name, value) => parts.push(el("span", { class: "fact" }, el("span", { class: "name" }, name), " ", value));
    fact("entries", number(state.size));
    fact("in flight", number(state.flying.length));
    if (state.packed) {
      const wrap = (position) => (Number.isNaN(position) ? "not known" : `${position & 0x7fff}, wrap ${position >> 15}`);
      fact("next available", wrap(state.availIdx));
      fact("next used", wrap(state.usedIdx));
      if (state.words) {
        const wants = (off, flags) => ["always", "never", `at ${wrap(off)}`, "reserved"][flags & 3];
        fact("driver wants interrupts", wants(state.words[0], state.words[1]));
        fact("device wants notifications", wants(state.words[2], state.words[3]));
      }
    } else {
      fact("available index", Number.isNaN(state.availIdx) ? "not known" : state.availIdx);
      fact("used index", Number.isNaN(state.usedIdx) ? "not known" : state.usedIdx);
      if (state.words) {
        fact("avail flags", `${state.words[0]}, used_event ${state.words[1]}`);
        fact("used flags", `${state.words[2]}, avail_event ${state.words[3]}`);
      }
    }
    return parts;
  }

  point(event) {
    const box = this.canvas.getBoundingClientRect(), x = event.clientX - box.left, y = event.clientY - box.top;
    this.tell(this.cells.find((cell) => x >= cell.x && x < cell.x + cell.w && y >= cell.y && y < cell.y + cell.h) ?? null);
  }

  // What is in a slot; without one, the chain of the moment's event.
  tell(cell) {
    const { model, now } = this;
    let chain = null, text = "";
    if (cell && now) {
      text = `${cell.name}, slot ${cell.slot}: `;
      if (cell.name === "used ring" || (cell.name === "descriptor ring" && now.known && !isOwned(now, cell.slot))) {
        const i = now.used.get(cell.slot);
        text += i === undefined ? "nothing used here yet" : `used ${model.b[i]}, ${number(model.c[i])} bytes written`;
        if (i !== undefined && model.chainOf[i] >= 0) chain = model.chains[model.chainOf[i]];
      } else {
        chain = cell.name === "available ring" ? now.avail.get(cell.slot) : now.flying.find((one) => {
          for (let k = one.at; k < one.at + one.links; k++) if (!model.links.indirect[k] && model.links.index[k] === cell.slot) return true;
          return false;
        });
        text += chain ? `chain ${chain.id}, ${chain.end > this.moment ? "in flight" : "done"}` : "free";
      }
    } else if (this.moment >= 0 && model.chainOf[this.moment] >= 0) {
      chain = model.chains[model.chainOf[this.moment]];
      text = `chain ${chain.id} of ${chain.queue.device.name}, queue ${chain.queue.queue}: ${HOW[chain.how]}`;
      if (chain.how === USED) text += ` after ${duration(model.time[chain.end] - model.time[chain.start])}`;
    }
    fill(this.detail, ...(text ? [el("p", {}, text)] : []), ...(chain ? [this.descriptors(chain)] : []));
  }

  descriptors(chain) {
    const rows = [], most = 12;
    for (let k = chain.at; k < chain.at + Math.min(chain.links, most); k++) {
      const link = this.model.link(k);
      const flags = [link.flags & 1 && "NEXT", link.flags & 2 && "WRITE", link.flags & 4 && "INDIRECT"].filter(Boolean).join(" ");
      rows.push(el("tr", {}, el("td", {}, (link.indirect ? "↳ " : "") + link.index), el("td", { class: "code" }, link.address), el("td", { class: "num" }, number(link.len)), el("td", {}, link.flags & 2 ? "device writes" : link.flags & 4 ? "table" : "device reads"), el("td", { class: "code" }, flags)));
    }
    if (chain.links > most) rows.push(el("tr", {}, el("td", { colspan: 5 }, `and ${chain.links - most} more`)));
    if (!chain.links) rows.push(el("tr", {}, el("td", { colspan: 5 }, "its descriptors were not kept")));
    return el("table", { class: "descriptors" }, el("thead", {}, el("tr", {}, ["#", "address", "bytes", "who", "flags"].map((name) => el("th", { scope: "col" }, name)))), el("tbody", {}, rows));
  }
}

const key = (kind, text) => el("span", { class: "key" }, el("i", { class: kind, "aria-hidden": "true" }), text);

function mark(g, colour, x, y, w, h, inset) {
  g.strokeStyle = colour;
  g.lineWidth = 2;
  g.strokeRect(x + 1 + inset, y + 1 + inset, w - 2 - 2 * inset, h - 2 - 2 * inset);
}

// The position so many places behind another: bit 15 is the wrap counter (§2.8.1).
function behind(position, places, size) {
  const offset = (position & 0x7fff) + places, wraps = Math.floor(offset / size) & 1;
  return (offset % size) | ((position & 0x8000) ^ (wraps ? 0x8000 : 0));
}
function owned(state) {
  const from = state.usedIdx & 0x7fff, to = state.availIdx & 0x7fff;
  const count = (to - from + state.size) % state.size;
  return count === 0 && (state.availIdx ^ state.usedIdx) & 0x8000 ? state.size : count;
}
function isOwned(state, slot) {
  return (slot - (state.usedIdx & 0x7fff) + state.size) % state.size < owned(state);
}

// What the timeline draws: chains, events one by one, and densities.

const chainColour = (c, chain) => c.chains[chain.id % CHAIN_COLOURS];

function drawChains(timeline, g, c, from, to) {
  const { model } = timeline;
  for (const lane of timeline.lanes) {
    if (!lane.queue) continue;
    if (lane.bottom < timeline.scroll.scrollTop || lane.top > timeline.scroll.scrollTop + timeline.shown) continue;
    const { queue } = lane;
    // Chains begin in order: those that begin behind the view are out of it.
    const visible = [];
    for (const index of queue.chains) {
      const chain = model.chains[index];
      if (chain.start >= to) break;
      if (chain.end >= from) visible.push(chain);
      if (visible.length > 2500) break;
    }
    if (visible.length > 2500 || visible.length * 3 > timeline.width * 2) drawDepth(timeline, g, c, lane);
    else for (const chain of visible) drawChain(timeline, g, c, lane, chain);
  }
}

function drawChain(timeline, g, c, lane, chain) {
  const { model } = timeline;
  const x0 = timeline.pixel(timeline.x(chain.start));
  const x1 = chain.end < model.n ? timeline.pixel(timeline.x(chain.end)) : timeline.pixel(timeline.span()) + 24;
  const row = Math.min(chain.row, lane.rows - 1);
  const y = lane.bars + row * lane.row + 1, h = Math.max(lane.row - 2, 1.5), w = Math.max(x1 - x0, 2);
  const colour = chainColour(c, chain);
  g.fillStyle = colour;
  g.globalAlpha = chain.how === USED ? 0.85 : 0.35;
  g.fillRect(x0, y, w, h);
  g.globalAlpha = 1;
  if (chain.how !== USED && w > 4) {
    // Not used: hatched, so that it shows without colours too.
    g.strokeStyle = colour;
    g.lineWidth = 1;
    g.setLineDash([4, 3]);
    g.strokeRect(x0 + 0.5, y + 0.5, w - 1, h - 1);
    g.setLineDash([]);
  }
  const selected = timeline.selected >= 0 ? model.chainOf[timeline.selected] : -1;
  if (selected >= 0 && model.chains[selected] === chain) {
    g.strokeStyle = c.ink;
    g.lineWidth = 1.5;
    g.strokeRect(x0, y - 0.5, w, h + 1);
  }
  if (w > 34 && h >= 9) {
    g.fillStyle = chain.how === USED ? c.onChain : c.ink;
    g.font = c.mono;
    g.textAlign = "left";
    g.textBaseline = "middle";
    const left = Math.max(x0, GUTTER) + 4;
    const text = `${chain.id}` + (w > 110 ? `  ${sizes(model, chain)}` : "");
    if (x1 - left > g.measureText(text).width + 4) g.fillText(text, left, y + h / 2 + 0.5);
  }
}

// What the chain gives to the device and what it takes.
function sizes(model, chain) {
  let out = 0, back = 0;
  for (let k = chain.at; k < chain.at + chain.links; k++) {
    const flags = model.links.flags[k];
    if (flags & 4 && !model.links.indirect[k]) continue;
    if (flags & 2) back += model.links.len[k];
    else out += model.links.len[k];
  }
  return `${bytes(out)} out, ${bytes(back)} in`;
}

// How many chains are in flight, where they are too many to be drawn one by one.
function drawDepth(timeline, g, c, lane) {
  const { queue } = lane, { depthAt, depth } = queue, { order } = timeline, { time } = timeline.model;
  const width = timeline.width - GUTTER;
  let most = 1;
  for (const d of depth) if (d > most) most = d;
  const top = lane.bars + 3, height = lane.barsHeight - 6, base = top + height;
  const y = (d) => base - (d / most) * height;
  g.beginPath();
  g.moveTo(GUTTER, base);
  let k = 0, now = 0;
  const start = order ? 0 : time[0];
  for (let p = 0; p < width; p++) {
    const end = timeline.place(GUTTER + p + 1) + start;
    let high = now;
    while (k < depthAt.length && (order ? depthAt[k] : time[depthAt[k]]) < end) {
      now = depth[k++];
      if (now > high) high = now;
    }
    g.lineTo(GUTTER + p, y(high));
    g.lineTo(GUTTER + p + 1, y(high));
  }
  g.lineTo(timeline.width, base);
  g.closePath();
  g.fillStyle = c.chains[0];
  g.globalAlpha = 0.45;
  g.fill();
  g.globalAlpha = 1;
  g.strokeStyle = c.chains[0];
  g.lineWidth = 1;
  g.stroke();
  g.fillStyle = c.muted;
  g.font = c.font;
  g.textAlign = "right";
  g.textBaseline = "top";
  g.fillText(`chains in flight, at most ${most}`, timeline.width - 8, top);
}

function drawEvents(timeline, g, c, from, to) {
  const { model } = timeline;
  let labelled = -Infinity;
  for (let i = from; i < to; i++) {
    const p = timeline.pixel(timeline.x(i)), kind = model.kinds[model.kind[i]];
    const lane = timeline.laneOf(i);
    if (lane.queue) drawRingEvent(g, c, model, lane, kind, i, p);
    else labelled = drawRegisterEvent(g, c, model, lane, kind, i, p, labelled);
  }
}

function drawRingEvent(g, c, model, lane, kind, i, p) {
  switch (kind) {
    case "available":
      return dot(g, c.driver, p, lane.driver, 4.5);
    case "used":
      return square(g, c.device, p, lane.below, 4);
    case "notify":
      return arrow(g, c.driver, p, lane.driver, lane.below - 5, false);
    case "interrupt":
      return arrow(g, c.device, p, lane.below, lane.driver + 5, model.b[i] === 1);
    case "altered":
      return cross(g, c.violated, p, lane.driver, 4);
    case "quiet":
      g.strokeStyle = c.device;
      g.lineWidth = 1.5;
      g.beginPath();
      g.arc(p, lane.below, 4, 0, 7);
      return g.stroke();
    case "queue_enabled":
      g.strokeStyle = c.muted;
      g.lineWidth = 1.5;
      return line(g, p, lane.top, p, lane.bottom);
    case "suppression":
    case "packed_suppression":
      return diamond(g, c.muted, p, lane.driver + 6, 3);
    case "packed_used":
      g.fillStyle = c.device;
      return g.fillRect(p - 0.75, lane.below - 9, 1.5, 5);
    default:
      g.fillStyle = c.driver;
      return g.fillRect(p - 0.75, lane.driver - 10, 1.5, 5);
  }
}

const RAW = new Set(["register", "pci_config", "pci_bar"]);

function drawRegisterEvent(g, c, model, lane, kind, i, p, labelled) {
  const middle = lane.top + (LABELS + REGISTERS) / 2;
  switch (kind) {
    case "interrupt":
      arrow(g, c.device, p, lane.bottom - 1, lane.top + LABELS, model.b[i] === 1);
      return labelled;
    case "provoke":
    case "finding":
    case "signal":
      diamond(g, c.accent, p, middle, 5);
      return labelled;
    case "end":
    case "device":
      g.fillStyle = c.ink;
      g.fillRect(p - 1, lane.top + LABELS, 2, REGISTERS - LABELS);
      return labelled;
    case "config_changed":
      square(g, c.device, p, middle, 4);
      return labelled;
    case "status_write":
      g.fillStyle = c.driver;
      g.fillRect(p - 1.5, lane.top + LABELS, 3, REGISTERS - LABELS - 3);
      if (p - labelled > 34) {
        // Above the marks, which would lie over it, and joined to its own.
        g.fillRect(p - 1.5, lane.top + 2, 1.5, LABELS);
        g.font = c.mono;
        g.textAlign = "left";
        g.textBaseline = "middle";
        g.fillText("0x" + model.a[i].toString(16).padStart(2, "0"), p + 3, lane.top + LABELS / 2);
        return p;
      }
      return labelled;
  }
  const write = RAW.has(kind) ? model.a[i] === 1 : kind.endsWith("_write") || kind === "interrupt_ack";
  g.fillStyle = write ? c.driver : c.muted;
  const raw = RAW.has(kind);
  const top = lane.top + LABELS;
  if (write) g.fillRect(p - (raw ? 0.5 : 1), top + (raw ? 3 : 0), raw ? 1 : 2, raw ? 6 : 10);
  else g.fillRect(p - (raw ? 0.5 : 1), top + 8, raw ? 1 : 2, raw ? 6 : 9);
  return labelled;
}

function dot(g, colour, x, y, r) {
  g.fillStyle = colour;
  g.beginPath();
  g.arc(x, y, r, 0, 7);
  g.fill();
}
function square(g, colour, x, y, r) {
  g.fillStyle = colour;
  g.fillRect(x - r, y - r, 2 * r, 2 * r);
}
function diamond(g, colour, x, y, r) {
  g.fillStyle = colour;
  g.beginPath();
  g.moveTo(x, y - r);
  g.lineTo(x + r, y);
  g.lineTo(x, y + r);
  g.lineTo(x - r, y);
  g.fill();
}
function cross(g, colour, x, y, r) {
  g.strokeStyle = colour;
  g.lineWidth = 2;
  line(g, x - r, y - r, x + r, y + r);
  line(g, x - r, y + r, x + r, y - r);
}
function arrow(g, colour, x, from, to, hollow) {
  const down = to > from ? 1 : -1;
  g.strokeStyle = colour;
  g.fillStyle = colour;
  g.lineWidth = 1.4;
  if (hollow) g.setLineDash([2, 2]);
  line(g, x, from, x, to - down * 5);
  g.setLineDash([]);
  g.beginPath();
  g.moveTo(x, to);
  g.lineTo(x - 4, to - down * 7);
  g.lineTo(x + 4, to - down * 7);
  g.closePath();
  if (hollow) g.stroke();
  else g.fill();
}

// Where events are denser than pixels: how many of a kind are at each pixel, by how tall its mark is.
const STRIPS = 5; // register accesses, available, notifications, interrupts, used
function drawDensity(timeline, g, c, from, to) {
  const { model, lanes } = timeline, width = Math.ceil(timeline.width - GUTTER) + 1;
  const counts = new Uint32Array(width * STRIPS * lanes.length);
  const strip = Uint8Array.from(model.kinds, (kind) => ({ available: 1, notify: 2, interrupt: 3, used: 4 })[kind] ?? 0);
  const ofQueue = Uint8Array.from(lanes, (lane) => (lane.queue ? 1 : 0));
  const scale = (timeline.width - GUTTER) / (timeline.view[1] - timeline.view[0]);
  const { laneNumber, order } = timeline, { kind, time } = model;
  const origin = timeline.view[0] + (order ? 0 : time[0]);
  for (let i = from; i < to; i++) {
    const p = (((order ? i : time[i]) - origin) * scale) | 0;
    if (p < 0 || p >= width) continue;
    const lane = laneNumber[i], s = strip[kind[i]];
    // In a queue's lanes only these four are drawn; the rest is too fine.
    if (ofQueue[lane]) {
      if (s !== 0) counts[(lane * STRIPS + s) * width + p]++;
    } else counts[lane * STRIPS * width + p]++;
  }
  for (const [place, lane] of lanes.entries()) {
    if (lane.head) continue;
    const array = counts.subarray(place * STRIPS * width, (place + 1) * STRIPS * width);
    if (lane.registers) strips(g, c.muted, array, 0, width, lane.bottom - 2, -(REGISTERS - 4));
    else {
      strips(g, c.driver, array, 1, width, lane.top + 11, -9);
      strips(g, c.driver, array, 2, width, lane.top + 13, 8);
      strips(g, c.device, array, 3, width, lane.bottom - 13, -8);
      strips(g, c.device, array, 4, width, lane.bottom - 11, 9);
    }
  }
}

function strips(g, colour, array, strip, width, base, height) {
  let most = 1;
  const from = strip * width;
  for (let p = 0; p < width; p++) if (array[from + p] > most) most = array[from + p];
  g.fillStyle = colour;
  const full = Math.log2(1 + most);
  g.beginPath();
  for (let p = 0; p < width; p++) {
    const count = array[from + p];
    if (!count) continue;
    const h = height * (0.35 + (0.65 * Math.log2(1 + count)) / full);
    g.rect(GUTTER + p, Math.min(base, base + h), 1, Math.abs(h));
  }
  g.fill();
}

// The timeline: a lane of registers a device, a driver lane and a device lane a queue, chains as bars in between.
// What is in view is drawn one by one while there is room for it, and as densities when there is not.

const GUTTER = 132, AXIS = 26, REGISTERS = 36, LABELS = 13, LANE = 22, HEAD = 22, GAP = 10;
const CHAIN_COLOURS = 8;

class Timeline {
  constructor(canvas, scroll, hooks) {
    Object.assign(this, { canvas, scroll, hooks });
    this.context = canvas.getContext("2d");
    this.order = true;
    this.view = [0, 1];
    this.selected = this.hover = -1;
    this.cursor = null;
    this.proofs = [];
    this.draws = 0;
    this.redraw = framed(() => this.draw());
    this.retouch = framed(() => this.draw(false));
    this.listen();
    new ResizeObserver(() => this.resize()).observe(scroll);
  }

  setModel(model, proofs) {
    this.model = model;
    this.proofs = proofs; // places of violating events
    this.selected = this.hover = -1;
    this.cursor = null;
    this.fit();
    this.layout();
    this.resize();
  }

  setOrder(order) {
    const middle = this.selected >= 0 ? this.selected : this.at((this.view[0] + this.view[1]) / 2);
    const share = (this.view[1] - this.view[0]) / this.span();
    this.order = order;
    const width = share * this.span(), x = this.x(middle);
    this.show(x - width / 2, x + width / 2);
  }

  x(i) {
    return this.order ? i : this.model.time[Math.min(i, this.model.n - 1)] - this.model.time[0];
  }
  // Event at or behind this place of the axis.
  at(x) {
    const n = this.model.n;
    return this.order ? clamp(Math.round(x), 0, n - 1) : Math.min(lowerBound(this.model.time, x + this.model.time[0]), n - 1);
  }
  span() {
    return Math.max(this.x(this.model.n - 1), 1);
  }
  pixel(x) {
    return GUTTER + ((x - this.view[0]) / (this.view[1] - this.view[0])) * (this.width - GUTTER);
  }
  place(pixel) {
    return this.view[0] + ((pixel - GUTTER) / (this.width - GUTTER)) * (this.view[1] - this.view[0]);
  }

  fit() {
    const margin = this.span() * 0.01;
    this.show(-margin, this.span() + margin);
  }
  show(from, to) {
    const span = this.span(), least = this.order ? 6 : 100, most = span * 1.04 + 2;
    let width = clamp(to - from, least, Math.max(most, least));
    const middle = clamp((from + to) / 2, 0, span);
    this.view = [middle - width / 2, middle + width / 2];
    this.redraw();
    this.hooks.viewed?.();
  }
  zoom(factor, pixel = (GUTTER + this.width) / 2) {
    const x = this.place(pixel), [from, to] = this.view;
    this.show(x - (x - from) * factor, x + (to - x) * factor);
  }
  pan(share) {
    const by = (this.view[1] - this.view[0]) * share;
    this.show(this.view[0] + by, this.view[1] + by);
  }
  // Brings event i into view.
  reveal(i, closer = false) {
    const x = this.x(i), [from, to] = this.view, width = to - from;
    const room = this.order ? 120 : this.span() / 50;
    if (closer && width > room) this.show(x - room / 2, x + room / 2);
    else if (x < from + width * 0.05 || x > to - width * 0.05) this.show(x - width / 2, x + width / 2);
    else this.redraw();
    const lane = this.laneOf(i);
    if (lane && (lane.top < this.scroll.scrollTop || lane.bottom > this.scroll.scrollTop + this.scroll.clientHeight)) {
      this.scroll.scrollTop = Math.max(0, lane.top - AXIS);
    }
  }

  layout() {
    this.lanes = []; // {device, queue, top, bottom, ...}
    let y = AXIS + 4;
    const queues = this.model.queues.length || 1;
    const room = (this.scroll.clientHeight || 400) - AXIS - this.model.devices.size * (HEAD + REGISTERS + GAP);
    for (const device of this.model.devices.values()) {
      const head = { device, head: true, top: y, bottom: y + HEAD };
      const registers = { device, registers: true, top: y + HEAD, bottom: y + HEAD + REGISTERS };
      device.lane = registers;
      this.lanes.push(head, registers);
      y = registers.bottom;
      for (const queue of [...device.queues.values()].sort((a, b) => a.queue - b.queue)) {
        const rows = clamp(queue.rows, 1, MOST_ROWS);
        const bars = clamp(room / queues - 2 * LANE - GAP, Math.min(36, rows * 12), Math.max(rows * 13, 40));
        const top = y + 6;
        const lane = { device, queue, top, bottom: top + 2 * LANE + bars, driver: top + LANE / 2, bars: top + LANE, rows, row: Math.min(bars / rows, 13), barsHeight: bars, below: top + LANE + bars + LANE / 2 };
        queue.lane = lane;
        this.lanes.push(lane);
        y = lane.bottom;
      }
      y += GAP;
    }
    this.height = y;
    // Which lane an event is in, by number: densities ask for a hundred thousand of them.
    const places = new Map(this.lanes.map((lane, place) => [lane, place]));
    const { model } = this;
    this.laneNumber = Uint16Array.from({ length: model.n }, (_, i) => places.get(this.laneOf(i)));
  }

  laneOf(i) {
    return this.model.queueOf[i]?.lane ?? this.model.deviceOf(i).lane;
  }

  resize() {
    if (!this.model || !this.scroll.clientWidth) return;
    const ratio = window.devicePixelRatio || 1;
    this.layout();
    this.width = this.scroll.clientWidth;
    this.shown = this.scroll.clientHeight;
    this.scroll.firstElementChild.style.height = `${Math.max(this.height, this.shown)}px`;
    this.canvas.width = Math.round(this.width * ratio);
    this.canvas.height = Math.round(this.shown * ratio);
    this.canvas.style.width = `${this.width}px`;
    this.canvas.style.height = `${this.shown}px`;
    // At once: with its size the canvas lost what was on it, and the frame may be one that is kept, as for a picture of the page.
    this.draw();
    this.hooks.viewed?.();
  }

  // Draws what is in view. What does not follow the cursor is kept in a picture, which is drawn again only if `all` of it may have changed.
  draw(all = true) {
    const { context: g, model, canvas } = this;
    if (!model || !this.width) return;
    const began = performance.now();
    const c = palette();
    if (all || !this.still || this.still.width !== canvas.width || this.still.height !== canvas.height) {
      this.still ??= new OffscreenCanvas(canvas.width, canvas.height);
      if (this.still.width !== canvas.width) this.still.width = canvas.width;
      if (this.still.height !== canvas.height) this.still.height = canvas.height;
      this.drawStill(this.still.getContext("2d"), c);
    }
    g.setTransform(1, 0, 0, 1, 0, 0);
    g.drawImage(this.still, 0, 0);
    const ratio = window.devicePixelRatio || 1;
    g.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.drawCursor(g, c);
    this.lastDraw = performance.now() - began;
    this.draws++;
  }

  drawStill(g, c) {
    const { model } = this;
    const ratio = window.devicePixelRatio || 1;
    g.setTransform(ratio, 0, 0, ratio, 0, 0);
    g.fillStyle = c.surface;
    g.fillRect(0, 0, this.width, this.shown);
    const from = this.order ? clamp(Math.floor(this.view[0]), 0, model.n) : this.at(this.view[0]);
    const to = Math.min(model.n, (this.order ? Math.ceil(this.view[1]) : this.at(this.view[1])) + 1);
    g.save();
    g.beginPath();
    g.rect(GUTTER, 0, this.width - GUTTER, this.shown);
    g.clip();
    g.translate(0, -this.scroll.scrollTop);
    this.drawGrid(g, c);
    this.drawLanes(g, c);
    this.dense = to - from > (this.width - GUTTER) / 2;
    drawChains(this, g, c, from, to);
    if (this.dense) drawDensity(this, g, c, from, to);
    else drawEvents(this, g, c, from, to);
    g.restore();
    g.save();
    g.beginPath();
    g.rect(GUTTER, 0, this.width - GUTTER, this.shown);
    g.clip();
    this.drawGaps(g, c, from, to);
    this.drawProofs(g, c);
    this.drawSelected(g, c);
    g.restore();
    this.drawGutter(g, c);
    this.drawAxis(g, c);
  }

  ticks() {
    const [from, to] = this.view, about = (this.width - GUTTER) / 110;
    const raw = (to - from) / about, power = 10 ** Math.floor(Math.log10(raw));
    let step = [1, 2, 5, 10].map((f) => f * power).find((s) => s >= raw);
    if (this.order) step = Math.max(1, Math.round(step));
    const ticks = [];
    for (let x = Math.max(0, Math.ceil(from / step) * step); x <= Math.min(to, this.span()); x += step) ticks.push(x);
    return ticks;
  }
  drawGrid(g, c) {
    g.strokeStyle = c.grid;
    g.lineWidth = 1;
    g.beginPath();
    for (const x of this.ticks()) {
      const p = Math.round(this.pixel(x)) + 0.5;
      g.moveTo(p, 0);
      g.lineTo(p, Math.max(this.height, this.shown));
    }
    g.stroke();
  }
  drawLanes(g, c) {
    for (const lane of this.lanes) {
      if (lane.head) continue;
      g.fillStyle = lane.registers ? c.lane : c.driverLane;
      if (lane.registers) g.fillRect(GUTTER, lane.top, this.width, REGISTERS);
      else {
        g.fillRect(GUTTER, lane.top, this.width, LANE);
        g.fillStyle = c.deviceLane;
        g.fillRect(GUTTER, lane.bottom - LANE, this.width, LANE);
      }
    }
  }
  drawAxis(g, c) {
    g.fillStyle = c.raised;
    g.fillRect(0, 0, this.width, AXIS);
    g.fillStyle = c.line;
    g.fillRect(0, AXIS - 1, this.width, 1);
    g.fillRect(GUTTER - 1, 0, 1, this.shown);
    g.font = c.font;
    g.fillStyle = c.muted;
    g.textBaseline = "middle";
    g.textAlign = "left";
    g.fillText(this.order ? "event / time" : "time", 10, AXIS / 2);
    g.textAlign = "center";
    for (const x of this.ticks()) {
      const p = this.pixel(x);
      if (p < GUTTER + 24 || p > this.width - 30) continue;
      const i = this.at(x);
      g.fillText(this.order ? `#${this.model.seq[i]} · ${duration(this.model.time[i])}` : duration(x), p, AXIS / 2);
    }
  }
  drawGutter(g, c) {
    g.save();
    g.fillStyle = c.raised;
    g.fillRect(0, 0, GUTTER - 1, this.shown);
    g.translate(0, -this.scroll.scrollTop);
    g.textAlign = "left";
    g.textBaseline = "middle";
    for (const lane of this.lanes) {
      if (lane.head) {
        g.font = c.strong;
        g.fillStyle = c.ink;
        g.fillText(fitted(g, `${lane.device.name}`, GUTTER - 20), 10, lane.top + HEAD / 2 + 2);
        continue;
      }
      g.font = c.font;
      g.fillStyle = c.muted;
      if (lane.registers) {
        g.fillText("registers", 18, lane.top + REGISTERS / 2);
        continue;
      }
      g.fillStyle = c.driver;
      g.fillText(`driver`, 18, lane.driver);
      g.fillStyle = c.device;
      g.fillText(`device`, 18, lane.below);
      g.fillStyle = c.ink;
      const middle = lane.bars + lane.barsHeight / 2;
      g.fillText(`queue ${lane.queue.queue}`, 18, lane.barsHeight > 34 ? middle - 7 : middle);
      g.fillStyle = c.muted;
      if (lane.barsHeight > 34) g.fillText(`${lane.queue.packed ? "packed" : "split"}, ${lane.queue.size}`, 18, middle + 8);
    }
    g.restore();
  }
  drawGaps(g, c, from, to) {
    for (const [i, events] of this.model.gaps) {
      if (i < from || i > to) continue;
      const p = this.pixel(this.order ? i - 0.5 : this.x(i));
      g.fillStyle = c.gap;
      g.fillRect(p - 5, AXIS, 10, this.shown);
      g.fillStyle = c.muted;
      g.font = c.font;
      g.textAlign = "left";
      g.fillText(`${number(events)} events not kept`, p + 8, this.shown - 12);
    }
  }
  drawProofs(g, c) {
    g.font = c.strong;
    g.textAlign = "center";
    g.textBaseline = "middle";
    let last = -Infinity;
    for (const i of this.proofs) {
      const p = this.pixel(this.x(i));
      if (p < GUTTER || p > this.width || p - last < 3) continue;
      last = p;
      g.strokeStyle = c.violated;
      g.lineWidth = 1.5;
      g.setLineDash([5, 3]);
      line(g, p, AXIS, p, this.shown);
      g.setLineDash([]);
      g.fillStyle = c.violated;
      g.beginPath();
      g.arc(p, AXIS + 9, 8, 0, 7);
      g.fill();
      g.fillStyle = c.surface;
      g.fillText("✕", p, AXIS + 9.5);
    }
  }
  drawSelected(g, c) {
    if (this.selected < 0) return;
    const p = Math.round(this.pixel(this.x(this.selected))) + 0.5;
    g.strokeStyle = c.accent;
    g.lineWidth = 2;
    line(g, p, AXIS, p, this.shown);
  }
  drawCursor(g, c) {
    if (this.cursor !== null && this.cursor >= GUTTER) {
      g.strokeStyle = c.muted;
      g.lineWidth = 1;
      g.setLineDash([2, 2]);
      line(g, Math.round(this.cursor) + 0.5, AXIS, Math.round(this.cursor) + 0.5, this.shown);
      g.setLineDash([]);
    }
  }
}

function line(g, x0, y0, x1, y1) {
  g.beginPath();
  g.moveTo(x0, y0);
  g.lineTo(x1, y1);
  g.stroke();
}

function fitted(g, text, width) {
  if (g.measureText(text).width <= width) return text;
  let end = text.length;
  while (end > 1 && g.measureText(text.slice(0, end) + "…").width > width) end--;
  return text.slice(0, end) + "…";
}

// The colours of the style sheet, as they are now.
let paletteNow = null;
function palette() {
  if (paletteNow) return paletteNow;
  const style = getComputedStyle(document.documentElement);
  const of = (name) => style.getPropertyValue(`--${name}`).trim();
  const family = of("mono");
  paletteNow = {
    surface: of("surface"), raised: of("raised"), ink: of("ink"), muted: of("muted"), line: of("line"), grid: of("grid"), accent: of("accent"),
    driver: of("driver"), device: of("device"), violated: of("violated"), pass: of("pass"), lane: of("lane"), driverLane: of("driver-lane"), deviceLane: of("device-lane"), gap: of("gap"), empty: of("empty"),
    chains: Array.from({ length: CHAIN_COLOURS }, (_, i) => of(`chain-${i}`)), onChain: of("on-chain"),
    font: `11px ${of("sans")}`, strong: `600 11px ${of("sans")}`, mono: `10px ${family}`,
  };
  return paletteNow;
}
const forgetPalette = () => (paletteNow = null);

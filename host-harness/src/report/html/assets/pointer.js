// Mouse, wheel and keys on the timeline; and the overview above it.

Timeline.prototype.listen = function () {
  const { scroll } = this;
  let drag = null;
  const local = (event) => event.clientX - scroll.getBoundingClientRect().left;
  scroll.addEventListener(
    "wheel",
    (event) => {
      if (!this.model) return;
      event.preventDefault();
      const step = event.deltaMode === 1 ? event.deltaY * 30 : event.deltaY;
      if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) this.pan((event.shiftKey ? step || event.deltaX : event.deltaX) / 1000);
      else if (event.altKey) scroll.scrollTop += step;
      else this.zoom(Math.exp(clamp(step, -400, 400) / 400), local(event));
    },
    { passive: false },
  );
  scroll.addEventListener("scroll", this.redraw);
  scroll.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !this.model || event.offsetX >= scroll.clientWidth) return;
    drag = { x: event.clientX, y: event.clientY, view: [...this.view], top: scroll.scrollTop, moved: false };
    scroll.setPointerCapture(event.pointerId);
  });
  scroll.addEventListener("pointermove", (event) => {
    if (!this.model) return;
    if (drag) {
      const dx = event.clientX - drag.x, dy = event.clientY - drag.y;
      if (Math.abs(dx) + Math.abs(dy) > 4) drag.moved = true;
      if (drag.moved) {
        const by = (-dx / (this.width - GUTTER)) * (drag.view[1] - drag.view[0]);
        scroll.scrollTop = drag.top - dy;
        this.show(drag.view[0] + by, drag.view[1] + by);
        scroll.classList.add("dragging");
        return;
      }
    }
    this.point(local(event), event.clientY - scroll.getBoundingClientRect().top);
  });
  const drop = (event) => {
    scroll.classList.remove("dragging");
    if (drag && !drag.moved && event.type === "pointerup") {
      const hit = this.hit(local(event), event.clientY - scroll.getBoundingClientRect().top);
      if (hit.event >= 0) this.hooks.select(hit.event);
    }
    drag = null;
  };
  scroll.addEventListener("pointerup", drop);
  scroll.addEventListener("pointercancel", drop);
  scroll.addEventListener("pointerleave", () => {
    this.cursor = null;
    this.hooks.hover(-1, null);
    this.retouch();
  });
  scroll.addEventListener("dblclick", (event) => this.zoom(0.25, local(event)));
};

// The moment under the cursor, and what is there.
Timeline.prototype.point = function (x, y) {
  this.cursor = x;
  const hit = this.hit(x, y);
  this.hooks.hover(hit.moment, { x, y, event: hit.near, chain: hit.chain });
  this.retouch();
};

Timeline.prototype.hit = function (x, y) {
  if (x < GUTTER) return { event: -1, near: -1, moment: -1, chain: null };
  const { model } = this, at = this.place(x);
  const perPixel = (this.view[1] - this.view[0]) / (this.width - GUTTER);
  const absolute = y + this.scroll.scrollTop;
  const lane = this.lanes.find((l) => !l.head && absolute >= l.top - 3 && absolute < l.bottom + 3);
  const from = this.at(at - 7 * perPixel), to = this.at(at + 7 * perPixel);
  let near = -1, best = Infinity;
  for (let i = from; i <= to && i - from < 4000; i++) {
    if (lane && this.laneOf(i) !== lane) continue;
    const kind = model.kinds[model.kind[i]];
    let distance = Math.abs(this.x(i) - at) / perPixel;
    if (distance > 7) continue;
    if (lane?.queue) {
      const high = kind === "available" ? lane.driver : kind === "used" ? lane.below : absolute;
      distance += Math.abs(high - absolute) / 4 + (/available|used$|notify|interrupt/.test(kind) ? 0 : 1);
    }
    if (distance < best) [near, best] = [i, distance];
  }
  let chain = null;
  if (lane?.queue && absolute > lane.bars && absolute < lane.bars + lane.barsHeight) {
    const row = Math.floor((absolute - lane.bars) / lane.row);
    for (const index of lane.queue.chains) {
      const one = model.chains[index];
      if (this.x(one.start) > at) break;
      if (one.row === row && (one.end >= model.n || this.x(one.end) >= at)) chain = one;
    }
  }
  const moment = clamp(this.order ? Math.floor(at + 0.5) : lowerBound(model.time, at + model.time[0] + 0.5) - 1, 0, model.n - 1);
  const event = near >= 0 ? near : chain ? chain.start : this.at(at);
  return { event, near, chain, moment };
};

class Overview {
  constructor(canvas, timeline) {
    Object.assign(this, { canvas, timeline });
    this.redraw = framed(() => this.draw());
    let from = null;
    const x = (event) => {
      const box = canvas.getBoundingClientRect();
      return ((event.clientX - box.left) / box.width) * timeline.span();
    };
    const move = (event) => {
      const [a, b] = timeline.view, to = x(event) + from;
      timeline.show(to - (b - a) / 2, to + (b - a) / 2);
    };
    canvas.addEventListener("pointerdown", (event) => {
      if (!timeline.model) return;
      const [a, b] = timeline.view, at = x(event);
      from = at > a && at < b ? (a + b) / 2 - at : 0;
      canvas.setPointerCapture(event.pointerId);
      move(event);
    });
    canvas.addEventListener("pointermove", (event) => from !== null && move(event));
    for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => (from = null));
    canvas.addEventListener(
      "wheel",
      (event) => {
        if (!timeline.model) return;
        event.preventDefault();
        timeline.zoom(Math.exp(clamp(event.deltaY, -400, 400) / 400));
      },
      { passive: false },
    );
    new ResizeObserver(() => this.forget()).observe(canvas);
  }

  forget() {
    this.image = null;
    this.redraw();
  }

  draw() {
    const { canvas, timeline } = this, { model } = timeline;
    const width = canvas.clientWidth, height = canvas.clientHeight, ratio = window.devicePixelRatio || 1;
    if (!model || !width) return;
    const key = `${width} ${height} ${timeline.order}`;
    if (!this.image || this.key !== key || this.model !== model) {
      this.image = this.whole(width, height, ratio);
      this.key = key;
      this.model = model;
    }
    canvas.width = width * ratio;
    canvas.height = height * ratio;
    const g = canvas.getContext("2d"), c = palette();
    g.drawImage(this.image, 0, 0);
    g.scale(ratio, ratio);
    const span = timeline.span(), [a, b] = timeline.view.map((x) => (x / span) * width);
    g.fillStyle = c.gap;
    g.fillRect(0, 0, Math.max(a, 0), height);
    g.fillRect(b, 0, width - b, height);
    g.strokeStyle = c.accent;
    g.lineWidth = 2;
    g.strokeRect(Math.max(a, 1), 1, Math.max(Math.min(b, width - 1) - Math.max(a, 1), 3), height - 2);
    if (timeline.selected >= 0) {
      g.fillStyle = c.accent;
      g.fillRect((timeline.x(timeline.selected) / span) * width - 1, 0, 2, height);
    }
    for (const proof of timeline.proofs) {
      const p = (timeline.x(proof) / span) * width;
      g.fillStyle = c.violated;
      g.beginPath();
      g.moveTo(p - 4, 0);
      g.lineTo(p + 4, 0);
      g.lineTo(p, 9);
      g.fill();
      g.fillRect(p - 0.5, 0, 1, height);
    }
  }

  // What happened in all of the run: driver above, device below, the rest behind.
  whole(width, height, ratio) {
    const { timeline } = this, { model } = timeline, c = palette();
    const image = new OffscreenCanvas(width * ratio, height * ratio), g = image.getContext("2d");
    g.scale(ratio, ratio);
    g.fillStyle = c.surface;
    g.fillRect(0, 0, width, height);
    const side = model.kinds.map((kind) => ({ available: 0, notify: 0, used: 1, interrupt: 1 })[kind] ?? 2);
    const counts = [0, 1, 2].map(() => new Uint32Array(width + 1)), span = timeline.span();
    for (let i = 0; i < model.n; i++) counts[side[model.kind[i]]][((timeline.x(i) / span) * width) | 0]++;
    let most = 1;
    counts.forEach((array) => array.forEach((count) => (most = Math.max(most, count))));
    const middle = height / 2, tall = (count) => (Math.log2(1 + count) / Math.log2(1 + most)) * (middle - 3);
    [[2, c.line, 1], [2, c.line, -1], [0, c.driver, -1], [1, c.device, 1]].forEach(([which, colour, up]) => {
      g.fillStyle = colour;
      counts[which].forEach((count, p) => {
        if (count) g.fillRect(p, up < 0 ? middle - tall(count) : middle, 1, tall(count));
      });
    });
    return image;
  }
}

// The events of a run, unpacked, and what follows from them: queues, chains and what became of these.

const OPEN = 0, USED = 1, RESET = 2, LOST = 3;
const HOW = ["in flight at the end", "used", "taken back by a reset", "unknown: events are left out here"];

function running(deltas) {
  const values = new Float64Array(deltas.length);
  let sum = 0;
  for (let i = 0; i < deltas.length; i++) values[i] = sum += deltas[i];
  return values;
}

// The texts of events, put together from forms and numbers when asked for.
class Texts {
  constructor(packed) {
    const DECIMAL = "\u0001", HEX = "\u0002";
    this.parts = packed.forms.map((form) => form.split(/[\u0001\u0002]/));
    this.hex = packed.forms.map((form) => [...form].filter((c) => c === DECIMAL || c === HEX).map((c) => c === HEX));
    this.form = packed.form;
    this.at = new Uint32Array(packed.form.length);
    this.numbers = new Float64Array(packed.numbers.length);
    const last = this.hex.map((marks) => new Float64Array(marks.length));
    let next = 0;
    packed.form.forEach((form, i) => {
      this.at[i] = next;
      const before = last[form];
      for (let k = 0; k < before.length; k++, next++) this.numbers[next] = before[k] += packed.numbers[next];
    });
    this.made = new Array(packed.form.length);
  }

  of(i) {
    if (this.made[i] !== undefined) return this.made[i];
    const form = this.form[i], parts = this.parts[form], hex = this.hex[form];
    let text = parts[0];
    for (let k = 0; k < hex.length; k++) {
      const value = this.numbers[this.at[i] + k];
      text += (hex[k] ? "0x" + value.toString(16) : value) + parts[k + 1];
    }
    return (this.made[i] = text);
  }
}

// Kinds by what the list can show or hide.
const GROUPS = {
  notify: "notifications", notify_data: "notifications", interrupt: "notifications", vector: "notifications", quiet: "notifications",
  available: "chains", used: "chains", packed_used: "chains", avail_idx: "chains", altered: "chains",
  suppression: "suppression", packed_suppression: "suppression",
  device: "run", provoke: "run", finding: "run", signal: "run", dropped: "run", end: "run",
};
const groupOf = (name) => GROUPS[name] ?? "registers";

class Queue {
  constructor(device, queue) {
    Object.assign(this, { device, queue, size: 0, packed: false, inOrder: false, rows: 0 });
    this.enabled = []; // [event, size, packed]
    this.events = [];
    this.chains = [];
    this.depthAt = [];
    this.depth = [];
    this.flight = new Map();
    this.order = [];
    this.first = 0;
    this.busy = [];
    this.count = 0;
  }
}

const MOST_ROWS = 48;

class Model {
  constructor(packed) {
    const n = packed.kind.length;
    this.n = n;
    this.kinds = packed.kinds;
    this.kind = Uint8Array.from(packed.kind);
    this.groups = packed.kinds.map(groupOf);
    this.device = Uint16Array.from(packed.device);
    this.queueNo = Float64Array.from(packed.queue);
    this.seq = running(packed.seq_delta);
    this.time = running(packed.time_delta);
    for (const column of ["a", "b", "c", "d"]) this[column] = this.numbers(packed, packed[column + "_delta"]);
    this.texts = new Texts(packed.texts);
    this.gaps = new Map(packed.gaps);
    this.links = { ...packed.links, low: running(packed.links.addr_low_delta) };
    this.devices = new Map();
    for (const device of packed.devices) {
      const known = this.devices.get(device.device);
      if (!known) this.devices.set(device.device, { ...device, no: device.device, queues: new Map(), vectors: new Map(), features: [0, 0, 0, 0], lastUsed: null, lastReasons: 0 });
    }
    this.queueOf = new Array(n).fill(null); // of arrows and of what belongs to a queue
    this.chainOf = new Int32Array(n).fill(-1);
    this.chains = []; // {queue, start, end, how, id, slot, at, links, places, row, length, broken}
    this.follow(packed);
    this.queues = [...this.devices.values()].flatMap((device) => [...device.queues.values()]);
    this.queues.forEach((queue) => (queue.events = Int32Array.from(queue.events)));
  }

  // Columns hold differences from the last event of the same kind and queue.
  numbers(packed, deltas) {
    const values = new Float64Array(deltas.length), last = new Map();
    for (let i = 0; i < deltas.length; i++) {
      const key = packed.kind[i] * 2 ** 33 + packed.queue[i];
      const value = (last.get(key) ?? 0) + deltas[i];
      last.set(key, value);
      values[i] = value;
    }
    return values;
  }

  deviceOf(i) {
    const no = this.device[i];
    let device = this.devices.get(no);
    if (!device) {
      device = { no, name: `device ${no}`, device_type: 0, transport: "?", queues: new Map(), vectors: new Map(), features: [0, 0, 0, 0], lastUsed: null, lastReasons: 0 };
      this.devices.set(no, device);
    }
    return device;
  }

  queueAt(device, no) {
    if (!device.queues.has(no)) device.queues.set(no, new Queue(device, no));
    return device.queues.get(no);
  }

  follow(packed) {
    const does = Object.fromEntries(Object.getOwnPropertyNames(Model.prototype).filter((name) => name.startsWith("on_")).map((name) => [name.slice(3), this[name]]));
    const handler = this.kinds.map((name) => does[name]);
    const ofRing = new Set(["available", "used", "packed_used", "avail_idx", "altered", "suppression", "packed_suppression", "quiet", "notify", "notify_data", "queue_enabled"]);
    const ring = this.kinds.map((name) => ofRing.has(name));
    this.nextLink = 0;
    for (let i = 0; i < this.n; i++) {
      if (this.gaps.has(i)) this.devices.forEach((device) => device.queues.forEach((queue) => this.land(queue, i, LOST)));
      const kind = this.kind[i], device = this.deviceOf(i);
      if (this.kinds[kind] === "queue_enabled") this.queueAt(device, this.queueNo[i]);
      // A queue is drawn once it has been enabled; a notification of any other number is an access like others.
      const queue = ring[kind] ? device.queues.get(this.queueNo[i]) : undefined;
      if (queue) {
        this.queueOf[i] = queue;
        queue.events.push(i);
      } else if (ring[kind]) continue;
      handler[kind]?.call(this, i, device, queue);
    }
  }

  // Every chain in flight ends here.
  land(queue, i, how) {
    for (const list of queue.flight.values()) list.forEach((c) => this.end(queue, c, i, how));
    queue.flight.clear();
    queue.order = [];
    queue.first = 0;
    this.deep(queue, i);
  }

  end(queue, c, i, how) {
    const chain = this.chains[c];
    chain.end = i;
    chain.how = how;
    if (chain.row < MOST_ROWS) queue.busy[chain.row] = false;
    queue.count--;
  }

  deep(queue, i) {
    const last = queue.depthAt.length - 1;
    if (queue.depthAt[last] === i) queue.depth[last] = queue.count;
    else {
      queue.depthAt.push(i);
      queue.depth.push(queue.count);
    }
  }

  on_device(i, device) {
    device.queues.forEach((queue) => this.land(queue, i, RESET));
  }
  on_status_write(i, device) {
    if (this.a[i] !== 0) return;
    device.queues.forEach((queue) => this.land(queue, i, RESET));
    device.features = [0, 0, 0, 0];
    device.vectors.clear();
  }
  on_driver_features_write(i, device) {
    device.features[this.a[i] & 3] = this.b[i];
  }
  on_queue_ready_write(i, device) {
    const queue = device.queues.get(this.queueNo[i]);
    if (queue && this.a[i] === 0) this.land(queue, i, RESET);
  }
  on_queue_reset_write(i, device) {
    const queue = device.queues.get(this.queueNo[i]);
    if (queue && this.a[i] === 1) this.land(queue, i, RESET);
  }
  on_queue_enabled(i, device, queue) {
    this.land(queue, i, RESET);
    queue.size = this.a[i];
    queue.packed = this.b[i] === 1;
    queue.inOrder = (device.features[1] & 8) !== 0; // VIRTIO_F_IN_ORDER, bit 35
    queue.enabled.push([i, queue.size, queue.packed]);
  }
  on_vector_write(i, device) {
    device.vectors.set(this.queueNo[i], this.a[i]);
  }

  on_available(i, device, queue) {
    const at = this.nextLink, links = this.c[i];
    this.nextLink += links;
    let places = 0;
    for (let k = 0; k < links; k++) places += this.links.indirect[at + k] ? 0 : 1;
    let row = 0;
    while (row < MOST_ROWS && queue.busy[row]) row++;
    if (row < MOST_ROWS) queue.busy[row] = true;
    queue.rows = Math.max(queue.rows, Math.min(row + 1, MOST_ROWS));
    const c = this.chains.length;
    this.chains.push({ queue, start: i, end: this.n, how: OPEN, id: this.b[i], slot: this.a[i], at, links, places: Math.max(places, 1), row, length: 0, broken: this.d[i] === 1 });
    queue.chains.push(c);
    this.chainOf[i] = c;
    const list = queue.flight.get(this.b[i]);
    if (list) list.push(c);
    else queue.flight.set(this.b[i], [c]);
    queue.order.push(c);
    queue.count++;
    this.deep(queue, i);
  }

  on_used(i, device, queue) {
    device.lastUsed = queue;
    const id = this.b[i], list = queue.flight.get(id);
    this.d[i] = 1;
    if (!list?.length) return;
    const c = list[0];
    this.chainOf[i] = c;
    this.chains[c].length = this.c[i];
    // In order, one used element stands for every chain up to its own (§2.7.9, §2.8.8).
    const landed = [c];
    if (queue.inOrder) {
      while (queue.first < queue.order.length && queue.order[queue.first] !== c) {
        const earlier = queue.order[queue.first++];
        if (this.chains[earlier].how === OPEN && this.chains[earlier].end === this.n) landed.push(earlier);
      }
      queue.first++;
    }
    let places = 0;
    for (const one of landed) {
      const chain = this.chains[one], others = queue.flight.get(chain.id);
      others.splice(others.indexOf(one), 1);
      if (!others.length) queue.flight.delete(chain.id);
      places += chain.places;
      this.end(queue, one, i, USED);
    }
    this.d[i] = queue.packed ? places : landed.length;
    this.deep(queue, i);
  }

  on_interrupt(i, device) {
    device.lastInterrupt = i;
    // Which queue it is about: the one that was used last, unless the vector that follows says better.
    if (this.a[i] & 1 || this.b[i]) this.queueOf[i] = device.lastUsed ?? device.queues.values().next().value ?? null;
  }
  on_vector(i, device) {
    if (device.lastInterrupt === undefined || this.a[i] < 0) return;
    const mapped = [...device.vectors].filter(([queue, vector]) => vector === this.a[i] && queue >= 0).map(([queue]) => queue);
    const interrupt = device.lastInterrupt;
    if (mapped.length === 1 && this.queueOf[interrupt]) this.queueOf[interrupt] = device.queues.get(mapped[0]) ?? this.queueOf[interrupt];
  }

  link(k) {
    const l = this.links;
    const address = l.addr_high[k] === 0 ? l.low[k].toString(16) : l.addr_high[k].toString(16) + l.low[k].toString(16).padStart(8, "0");
    return { index: l.index[k], indirect: l.indirect[k] === 1, address: "0x" + address, len: l.len[k], flags: l.flags[k], next: l.next[k] };
  }

  // Place of the event with this number, or of the next one that is here.
  find(seq) {
    return Math.min(lowerBound(this.seq, seq), Math.max(this.n - 1, 0));
  }

  // Last of a queue's events up to event i (place in queue.events), or -1.
  upTo(queue, i) {
    return lowerBound(queue.events, i + 1) - 1;
  }
}

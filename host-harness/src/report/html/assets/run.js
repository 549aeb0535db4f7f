// The page of a run: its facts, the timeline, the ring, the events.

class RunPage {
  constructor(root, report) {
    this.report = report;
    this.root = root;
    this.open = -1;
    this.cache = new Map();
    const timelineBox = byId("timeline-scroll");
    this.tip = byId("tip");
    this.timeline = new Timeline(byId("timeline"), timelineBox, {
      select: (i) => this.select(i),
      hover: (moment, hit) => this.hovered(moment, hit),
      viewed: () => this.overview?.redraw(),
    });
    this.overview = new Overview(byId("overview"), this.timeline);
    this.ring = new RingView(byId("ring"), {});
    this.list = new EventList(byId("events"), { select: (i) => this.select(i) });
    byId("zoom-in").onclick = () => this.timeline.zoom(0.5);
    byId("zoom-out").onclick = () => this.timeline.zoom(2);
    byId("zoom-fit").onclick = () => this.timeline.fit();
    byId("axis").onclick = () => this.setOrder(!this.timeline.order);
    byId("violation-next").onclick = () => this.violation(1);
    byId("violation-before").onclick = () => this.violation(-1);
    byId("run-before").onclick = () => this.go(-1);
    byId("run-next").onclick = () => this.go(1);
    byId("run-choice").onchange = () => (location.hash = `#run=${byId("run-choice").value}`);
    fill(byId("run-choice"), ...report.runs.map((run, i) => el("option", { value: i }, `${run.scenario} — ${run.outcome}`)));
    root.addEventListener("keydown", (event) => this.key(event));
  }

  async model(no) {
    if (!this.cache.has(no)) {
      const packed = await unpack(`run-${no}`);
      // A run takes tens of megabytes when it is unpacked: the last few are kept.
      if (this.cache.size >= 4) this.cache.delete(this.cache.keys().next().value);
      this.cache.set(no, { model: new Model(packed.events), log: packed.log });
    }
    return this.cache.get(no);
  }

  async show(no, seq) {
    const run = this.report.runs[no];
    if (!run) {
      this.open = -1;
      this.nobody();
      return this.problem("There is no such run in this report: runs are chosen above.");
    }
    if (this.open !== no) {
      this.open = -1;
      this.head(no, run);
      byId("run-body").hidden = run.events_kept === 0;
      if (run.events_kept === 0) return this.note(no, run);
      byId("run-note").textContent = "Unpacking the events…";
      const began = performance.now();
      let unpacked;
      try {
        unpacked = await this.model(no);
      } catch (error) {
        return this.problem(`The events of this run cannot be unpacked: ${error.message}`);
      }
      if (this.wanted !== no) return;
      this.open = no;
      const { model, log } = unpacked;
      this.proofs = run.findings.map((finding) => finding.seq).filter((s) => model.n && model.seq[model.find(s)] === s).map((s) => model.find(s));
      this.proofs = [...new Set(this.proofs)].sort((a, b) => a - b);
      this.timeline.setModel(model, this.proofs);
      this.overview.forget();
      this.ring.setModel(model);
      this.list.setModel(model, no, this.proofs);
      byId("guest-log").textContent = log || "The guest said nothing.";
      byId("violation-next").disabled = byId("violation-before").disabled = this.proofs.length === 0;
      this.note(no, run);
      this.opened = performance.now() - began;
      if (seq === null) this.select(this.proofs[0] ?? Math.max(0, model.chains[0]?.start ?? 0), { quiet: true, still: this.proofs.length === 0 });
    }
    if (seq !== null) {
      const i = this.timeline.model.find(seq);
      this.select(i, { closer: true, quiet: true });
      const found = this.timeline.model.seq[i];
      if (found !== seq) byId("run-note").textContent = `Event #${seq} is not kept in this report; this is #${found}, the next one.`;
    }
    this.timeline.resize();
  }

  head(no, run) {
    byId("run-choice").value = no;
    byId("run-before").disabled = no === 0;
    byId("run-next").disabled = no === this.report.runs.length - 1;
    fill(byId("run-outcome"), badge(run.outcome));
    byId("run-summary").textContent = run.end === run.outcome ? "" : run.end;
    const fact = (name, value) => el("div", {}, el("dt", {}, name), el("dd", {}, value));
    fill(byId("run-facts"), 
      ...[
        ["ran on", `${run.backend}, ${run.bus}`],
        ["negotiated", run.negotiated.length ? run.negotiated.map((one) => el("div", {}, one)) : "nothing: no device went live"],
        ["took", run.ms === null ? "–" : duration(run.ms * 1e6)],
        ["exits", run.exits === null ? "–" : number(run.exits)],
        ["doorbells", number(run.doorbells)],
        ["interrupts", number(run.interrupts)],
        ["requests", number(run.requests)],
        ["events", number(run.events)],
      ].map(([name, value]) => fact(name, value)),
    );
    const trouble = byId("run-troubles");
    fill(trouble, ...run.troubles.map((text) => el("li", {}, text)));
    trouble.hidden = run.troubles.length === 0;
    const findings = byId("run-findings");
    findings.hidden = run.findings.length === 0;
    fill(findings, 
      ...run.findings.map((finding) =>
        el("li", {}, el("a", { href: `#run=${no}&event=${finding.seq}` }, el("span", { class: "sign proof", "aria-hidden": "true" }, "✕ "), finding.id), ` at #${finding.seq}${finding.count > 1 ? `, ${number(finding.count)} times` : ""}: ${finding.seen}`),
      ),
    );
  }

  // Nothing is left of the run that was shown before.
  nobody() {
    byId("run-choice").value = "";
    byId("run-before").disabled = byId("run-next").disabled = true;
    byId("run-summary").textContent = "";
    for (const id of ["run-outcome", "run-facts"]) fill(byId(id));
    byId("run-troubles").hidden = byId("run-findings").hidden = true;
  }

  note(no, run) {
    const left = run.events - run.events_kept;
    byId("run-note").textContent = run.events_kept === 0 ? "No events of this run are in the report." : left > 0 ? `${number(left)} of ${number(run.events)} events are not in this report: the beginning, the end and what is around violations is kept.` : "";
  }

  problem(text) {
    byId("run-note").textContent = text;
    byId("run-body").hidden = true;
  }

  go(by) {
    const no = this.open + by;
    if (this.report.runs[no]) location.hash = `#run=${no}`;
  }

  violation(by) {
    const { proofs } = this, here = this.timeline.selected;
    if (!proofs?.length) return;
    const next = by > 0 ? proofs.find((i) => i > here) : proofs.findLast((i) => i < here);
    this.select(next ?? (by > 0 ? proofs[0] : proofs.at(-1)), { closer: true });
  }

  setOrder(order) {
    this.timeline.setOrder(order);
    this.overview.forget();
    byId("axis").textContent = order ? "Axis: events" : "Axis: time";
  }

  select(i, { closer = false, quiet = false, still = false } = {}) {
    const { timeline } = this, { model } = timeline;
    if (!model?.n) return;
    timeline.selected = i;
    if (still) timeline.redraw();
    else timeline.reveal(i, closer);
    this.list.select(i);
    this.ring.at(i, model.queueOf[i]);
    this.overview.redraw();
    this.tell(i);
    if (!quiet) history.replaceState(null, "", `#run=${this.open}&event=${model.seq[i]}`);
  }

  // The selected event in full.
  tell(i) {
    const { model } = this.timeline, seq = model.seq[i];
    const findings = this.report.runs[this.open].findings.filter((finding) => finding.seq === seq);
    fill(byId("event-detail"), 
      el("div", { class: "panel-head" }, el("h3", {}, `Event #${seq}`), el("a", { href: `#run=${this.open}&event=${seq}` }, "link"), el("span", { class: "muted" }, `${duration(model.time[i])} · ${model.deviceOf(i).name}`)),
      el("p", { class: "event-text" }, model.texts.of(i)),
      ...findings.map((finding) => violationBox(this.report, finding, this.open)),
    );
  }

  hovered(moment, hit) {
    const { timeline, tip } = this, { model } = timeline;
    if (moment < 0 || !hit) {
      tip.hidden = true;
      if (timeline.selected >= 0 && model) this.ring.at(timeline.selected, model.queueOf[timeline.selected]);
      return;
    }
    const lane = timeline.lanes.find((l) => l.queue && hit.y + timeline.scroll.scrollTop >= l.top && hit.y + timeline.scroll.scrollTop < l.bottom);
    this.ring.at(moment, lane?.queue ?? model.queueOf[moment]);
    const words = [];
    if (hit.event >= 0) words.push(`#${model.seq[hit.event]} · ${duration(model.time[hit.event])}`, model.texts.of(hit.event));
    else if (hit.chain) {
      const { chain } = hit;
      words.push(`chain ${chain.id}: #${model.seq[chain.start]} to ${chain.end < model.n ? "#" + model.seq[chain.end] : "the end"}`, `${HOW[chain.how]}${chain.end < model.n ? ", " + duration(model.time[chain.end] - model.time[chain.start]) : ""}; ${sizes(model, chain)}`);
    } else {
      tip.hidden = true;
      return;
    }
    fill(tip, ...words.map((word, k) => el(k ? "span" : "b", {}, word)));
    tip.hidden = false;
    const wide = timeline.scroll.clientWidth;
    tip.style.left = `${clamp(hit.x + 14, 0, Math.max(0, wide - tip.offsetWidth - 8))}px`;
    tip.style.top = `${hit.y + 18 + tip.offsetHeight > timeline.shown ? hit.y - tip.offsetHeight - 10 : hit.y + 18}px`;
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
    const { timeline } = this;
    if (!timeline.model) return;
    const does = {
      ArrowRight: () => (event.shiftKey ? timeline.pan(0.2) : this.select(this.list.step(1))),
      ArrowLeft: () => (event.shiftKey ? timeline.pan(-0.2) : this.select(this.list.step(-1))),
      "+": () => timeline.zoom(0.5, this.middle()),
      "=": () => timeline.zoom(0.5, this.middle()),
      "-": () => timeline.zoom(2, this.middle()),
      0: () => timeline.fit(),
      f: () => timeline.fit(),
      t: () => this.setOrder(!timeline.order),
      n: () => this.violation(1),
      p: () => this.violation(-1),
      Home: () => this.select(0),
      End: () => this.select(timeline.model.n - 1),
    }[event.key];
    if (!does) return;
    event.preventDefault();
    does();
  }

  // Where keys zoom: at the selected event if it is in view.
  middle() {
    const { timeline } = this, p = timeline.selected >= 0 ? timeline.pixel(timeline.x(timeline.selected)) : -1;
    return p > GUTTER && p < timeline.width ? p : undefined;
  }
}

// A violation with its evidence; the context leads to the events.
function violationBox(report, finding, no, more = []) {
  const requirement = report.requirements[finding.requirement];
  return el(
    "section", { class: "violation" },
    el("h4", {}, el("span", { class: "sign", "aria-hidden": "true" }, "✕ "), el("a", { href: `#requirements&id=${requirement.id}` }, requirement.id), el("span", { class: "muted" }, ` ${requirement.strength} · VIRTIO 1.4 §${requirement.section}${finding.count > 1 ? ` · ${number(finding.count)} times` : ""}`)),
    el("p", {}, requirement.text),
    el("dl", { class: "evidence" }, el("dt", {}, "expected"), el("dd", {}, finding.expected), el("dt", {}, "seen"), el("dd", {}, finding.seen)),
    ...more,
    finding.context.length > 0 && el(
      "ol", { class: "context", "aria-label": "Events around it" },
      finding.context.map((event) =>
        el("li", { class: event.proof ? "proof" : "" }, el("a", { href: `#run=${no}&event=${event.seq}` }, `#${event.seq}`), el("span", { class: "muted" }, duration(event.time_ns)), el("span", {}, event.proof && el("span", { class: "sign" }, "✕ "), event.text, event.times > 1 && el("span", { class: "muted" }, ` ×${number(event.times)}`))),
      ),
    ),
  );
}

// Summary, requirements and runs.

const VERDICTS = ["violated", "pass", "not exercised", "not observable"];

const cell = (content, name) => el("td", name ? { class: name } : {}, content);

function options(select, values, all) {
  fill(select, el("option", { value: "" }, all), ...values.map((value) => el("option", { value }, value)));
}

// A bar of verdicts; what it says is in its text too.
function coverageBar(counts) {
  const total = VERDICTS.reduce((sum, verdict) => sum + counts[verdict], 0) || 1;
  const words = VERDICTS.map((verdict) => `${counts[verdict]} ${verdict}`).join(", ");
  const bar = el("span", { class: "bar", role: "img", "aria-label": words, title: words });
  for (const verdict of ["pass", "violated", "not exercised", "not observable"]) {
    if (!counts[verdict]) continue;
    const part = el("i", { class: verdict.replaceAll(" ", "-") });
    part.style.flexGrow = counts[verdict] / total;
    bar.append(part);
  }
  return bar;
}

const none = () => Object.fromEntries(VERDICTS.map((verdict) => [verdict, 0]));

function counted(requirements) {
  const counts = none();
  requirements.forEach((one) => counts[one.verdict]++);
  return counts;
}

class Summary {
  constructor(report) {
    const outcomes = { passed: 0, violated: 0, failed: 0, cancelled: 0 };
    report.runs.forEach((run) => outcomes[run.outcome]++);
    const counts = counted(report.requirements);
    byId("subject").textContent = report.subject;
    fill(byId("verdict"), 
      report.conforms ? badge("passed") : badge(outcomes.violated ? "violated" : "failed"),
      el("span", {}, report.conforms ? "Every run passed, and no MUST was violated." : `${plural(outcomes.violated, "run violates", "runs violate")} a MUST, ${plural(outcomes.failed, "run")} failed.`),
    );
    const tile = (value, name, kind, href) => el("a", { class: `tile ${kind}`, href, "data-count": value, "data-name": name }, el("b", {}, number(value)), el("span", {}, name));
    fill(byId("run-tiles"), 
      tile(report.runs.length, "runs", "", "#runs"),
      tile(outcomes.passed, "passed", "passed", "#runs&outcome=passed"),
      tile(outcomes.violated, "violated", "violated", "#runs&outcome=violated"),
      tile(outcomes.failed, "failed", "failed", "#runs&outcome=failed"),
      outcomes.cancelled > 0 && tile(outcomes.cancelled, "cancelled", "cancelled", "#runs&outcome=cancelled"),
    );
    const classOf = (verdict) => verdict.replaceAll(" ", "-");
    fill(byId("requirement-tiles"), 
      tile(report.requirements.length, "requirements", "", "#requirements"),
      ...["pass", "violated", "not exercised", "not observable"].map((verdict) => tile(counts[verdict], verdict, classOf(verdict), `#requirements&verdict=${encodeURIComponent(verdict)}`)),
    );
    fill(byId("about"), ...report.about.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));
    this.violations(report);
    const failed = report.runs.map((run, no) => ({ run, no })).filter(({ run }) => run.outcome === "failed" || run.outcome === "cancelled");
    byId("failures-part").hidden = failed.length === 0;
    fill(byId("failures"), 
      ...failed.slice(0, 100).map(({ run, no }) =>
        el("article", { class: "card" }, el("h3", {}, el("a", { href: `#run=${no}` }, run.scenario), " ", badge(run.outcome)), el("p", {}, run.end), run.troubles.length > 0 && el("ul", {}, run.troubles.map((text) => el("li", {}, text))), run.log_end && el("details", {}, el("summary", {}, "the end of the guest's log"), el("pre", {}, run.log_end))),
      ),
    );
    fill(byId("areas"), ...judgedAreas(report.requirements));
  }

  violations(report) {
    const by = new Map();
    report.runs.forEach((run, no) => run.findings.forEach((finding) => {
      if (!by.has(finding.requirement)) by.set(finding.requirement, []);
      by.get(finding.requirement).push({ run, no, finding });
    }));
    const must = (index) => (report.requirements[index].strength.startsWith("MUST") ? 0 : 1);
    const all = [...by].sort(([a], [b]) => must(a) - must(b) || a - b);
    byId("no-violations").hidden = all.length > 0;
    fill(byId("violations"), 
      ...all.map(([, places]) => {
        const { no, finding } = places[0];
        const links = places.map(({ run, no, finding }) => el("li", {}, el("a", { href: `#run=${no}&event=${finding.seq}` }, `${run.scenario}, event #${finding.seq}`), finding.count > 1 && el("span", { class: "muted" }, ` ${number(finding.count)} times`)));
        const where = el("div", { class: "where" }, el("span", { class: "muted" }, "where: "), el("ul", { class: "inline" }, links.slice(0, 8)), links.length > 8 && el("details", {}, el("summary", {}, `and ${links.length - 8} more`), el("ul", { class: "inline" }, links.slice(8, 500))));
        return el("article", { class: "card", "data-id": report.requirements[finding.requirement].id }, violationBox(report, finding, no, [where]));
      }),
    );
  }
}

// The areas in which anything is judged; of the others only how many they are.
function judgedAreas(requirements) {
  const judged = new Set(requirements.filter((one) => one.verdict !== "not observable").map((one) => one.area));
  const others = requirements.filter((one) => !judged.has(one.area)), names = new Set(others.map((one) => one.area));
  const rows = areaRows(requirements.filter((one) => judged.has(one.area)));
  if (names.size) rows.push(el("tr", {}, el("td", { colspan: 6, class: "muted" }, `${plural(names.size, "area")} in which nothing is judged: ${[...names].join(", ")}`), cell(number(others.length), "num")));
  return rows;
}

function areaRows(requirements) {
  const areas = new Map();
  requirements.forEach((one) => {
    if (!areas.has(one.area)) areas.set(one.area, []);
    areas.get(one.area).push(one);
  });
  return [...areas].map(([area, list]) => {
    const counts = counted(list);
    return el(
      "tr", { "data-area": area },
      el("th", { scope: "row" }, el("a", { href: `#requirements&area=${encodeURIComponent(area)}` }, area)),
      cell(coverageBar(counts), "bar-cell"),
      ["pass", "violated", "not exercised", "not observable"].map((verdict) => cell(number(counts[verdict]), `num ${counts[verdict] && verdict === "violated" ? "violated" : ""}`)),
      cell(number(list.length), "num"),
    );
  });
}

// Why nothing is known of it: that it cannot be seen is not the same as that nobody looks.
const WHY = { permission: "a permission", no_checker: "no checker", out_of_scope: "out of scope, no checker" };
const why = (one) => WHY[one.unjudged] && el("span", { class: "muted small" }, ` ${WHY[one.unjudged]}`);

// Most of the catalogue is about other devices: it is shown when it is asked for, or when something is known of it.
const isShown = (one) => one.in_scope || one.verdict !== "not observable";

class Requirements {
  constructor(report) {
    this.report = report;
    this.box = Object.fromEntries(["text", "area", "side", "verdict", "strength", "scope"].map((name) => [name, byId(`requirement-${name}`)]));
    const distinct = (name) => [...new Set(report.requirements.map((one) => one[name]))];
    options(this.box.area, distinct("area"), "every area");
    options(this.box.side, distinct("side"), "every side");
    options(this.box.strength, distinct("strength"), "every strength");
    options(this.box.verdict, VERDICTS, "every verdict");
    for (const box of Object.values(this.box)) box.addEventListener("input", () => this.filter());
    byId("requirement-clear").onclick = () => this.show(new URLSearchParams());
    // Which runs exercised what: by requirement, the run, how often kept, how often broken.
    this.runs = report.requirements.map(() => []);
    report.runs.forEach((run, no) => run.verdicts.forEach(([index, passed, violated]) => this.runs[index].push([no, passed, violated])));
    this.rows = report.requirements.map((one, index) => this.row(one, index));
    fill(byId("requirement-rows"), ...this.rows);
  }

  row(one, index) {
    const toggle = el("button", { class: "toggle", "aria-expanded": "false", onclick: () => this.expand(index) }, el("span", { class: "twist", "aria-hidden": "true" }, "▸"), one.id);
    return el(
      "tr", { class: one.in_scope ? "" : "outside", "data-id": one.id },
      cell(toggle), cell(one.section, "num"), cell(one.side), cell(one.strength), cell(one.text, "text"), el("td", {}, badge(one.verdict), why(one)),
      cell(one.passed ? number(one.passed) : "", "num"), cell(one.violated ? number(one.violated) : "", "num violated"),
    );
  }

  expand(index, open) {
    const row = this.rows[index], toggle = row.querySelector(".toggle");
    const is = toggle.getAttribute("aria-expanded") === "true", will = open ?? !is;
    if (is === will) return;
    toggle.setAttribute("aria-expanded", will ? "true" : "false");
    if (will) row.after(this.detail(index));
    else row.nextElementSibling.remove();
  }

  detail(index) {
    const one = this.report.requirements[index], runs = this.runs[index];
    const findings = this.report.runs.flatMap((run, no) => run.findings.filter((finding) => finding.requirement === index).map((finding) => ({ run, no, finding })));
    const link = ([no, passed, violated]) => el("li", {}, el("a", { href: `#run=${no}` }, this.report.runs[no].scenario), el("span", { class: "muted" }, ` ${violated ? `${number(violated)} broken, ` : ""}${number(passed)} kept`));
    return el(
      "tr", { class: "detail" },
      el("td", { colspan: 8 },
        el("p", { class: "text" }, one.text),
        el("p", { class: "muted" }, `VIRTIO 1.4 §${one.section} · ${one.strength} · for the ${one.side} · can be seen: ${one.observability}${one.in_scope ? "" : " · outside what a modern driver for a guest has to meet"}`),
        one.reason && el("p", {}, `Not judged: ${one.reason}.`),
        findings.slice(0, 8).map(({ run, no, finding }) => violationBox(this.report, finding, no, [el("p", { class: "where" }, el("span", { class: "muted" }, "where: "), el("a", { href: `#run=${no}&event=${finding.seq}` }, `${run.scenario}, event #${finding.seq}`))])),
        runs.length > 0 ? el("div", {}, el("h4", {}, `Exercised in ${plural(runs.length, "run")}`), el("ul", { class: "inline" }, runs.slice(0, 60).map(link)), runs.length > 60 && el("details", {}, el("summary", {}, `and ${runs.length - 60} more`), el("ul", { class: "inline" }, runs.slice(60).map(link)))) : el("p", { class: "muted" }, "No run exercised it."),
      ),
    );
  }

  show(parameters) {
    for (const name of ["area", "side", "verdict", "strength"]) this.box[name].value = parameters.get(name) ?? "";
    this.box.text.value = parameters.get("q") ?? parameters.get("id") ?? "";
    const wanted = this.report.requirements.findIndex((one) => one.id === parameters.get("id"));
    if (wanted >= 0) this.box.scope.checked = this.box.scope.checked || !isShown(this.report.requirements[wanted]);
    this.filter();
    if (wanted >= 0) this.expand(wanted, true);
  }

  filter() {
    const { box } = this, words = box.text.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    const shown = [];
    this.report.requirements.forEach((one, index) => {
      const hay = `${one.id} ${one.section} ${one.text}`.toLowerCase();
      const is = ["area", "side", "verdict", "strength"].every((name) => !box[name].value || one[name] === box[name].value) && (box.scope.checked || isShown(one)) && words.every((word) => hay.includes(word));
      const row = this.rows[index];
      if (!is) this.expand(index, false);
      row.hidden = !is;
      if (is) shown.push(one);
    });
    byId("requirement-count").textContent = `${number(shown.length)} of ${plural(this.report.requirements.length, "requirement")}`;
    fill(byId("requirement-areas"), ...areaRows(shown));
    byId("requirement-none").hidden = shown.length > 0;
  }
}

class Runs {
  constructor(report) {
    this.report = report;
    this.box = Object.fromEntries(["text", "outcome", "bus", "ring"].map((name) => [name, byId(`runs-${name}`)]));
    const distinct = (name) => [...new Set(report.runs.map((run) => run[name]))];
    options(this.box.outcome, distinct("outcome"), "every outcome");
    options(this.box.bus, distinct("bus"), "every transport");
    options(this.box.ring, distinct("ring"), "every ring");
    for (const box of Object.values(this.box)) box.addEventListener("input", () => this.filter());
    this.rows = report.runs.map((run, no) => {
      const broken = run.findings.length;
      return el(
        "tr", { "data-run": no },
        el("th", { scope: "row" }, el("a", { href: `#run=${no}` }, run.scenario)),
        cell(run.bus), cell(run.ring), cell(run.negotiated.join("; "), "text small"), cell(badge(run.outcome)),
        cell(broken ? number(broken) : "", "num violated"),
        ...["ms", "exits", "doorbells", "interrupts", "requests", "events"].map((name) => cell(run[name] === null ? "–" : number(run[name]), "num")),
      );
    });
    fill(byId("runs-rows"), ...this.rows);
    byId("runs-head").addEventListener("click", (event) => {
      const column = event.target.closest("button")?.dataset.by;
      if (column) this.sort(column);
    });
  }

  sort(column) {
    const down = this.by === column && !this.down;
    [this.by, this.down] = [column, down];
    const value = (no) => {
      const run = this.report.runs[no];
      return column === "findings" ? run.findings.length : column === "negotiated" ? run.negotiated.join(" ") : run[column] ?? -1;
    };
    const order = this.report.runs.map((_, no) => no).sort((a, b) => {
      const [x, y] = [value(a), value(b)], by = typeof x === "number" ? x - y : String(x).localeCompare(String(y));
      return (down ? -by : by) || a - b;
    });
    fill(byId("runs-rows"), ...order.map((no) => this.rows[no]));
    for (const button of byId("runs-head").querySelectorAll("button")) {
      const is = button.dataset.by === column;
      button.parentElement.setAttribute("aria-sort", is ? (down ? "descending" : "ascending") : "none");
    }
  }

  show(parameters) {
    this.box.outcome.value = parameters.get("outcome") ?? "";
    this.filter();
  }

  filter() {
    const { box } = this, words = box.text.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    this.report.runs.forEach((run, no) => {
      const hay = `${run.scenario} ${run.negotiated.join(" ")}`.toLowerCase();
      const is = ["outcome", "bus", "ring"].every((name) => !box[name].value || run[name] === box[name].value) && words.every((word) => hay.includes(word));
      this.rows[no].hidden = !is;
      shown += is;
    });
    byId("runs-count").textContent = `${number(shown)} of ${plural(this.report.runs.length, "run")}`;
  }
}

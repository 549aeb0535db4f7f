//! The report as a page, in a real browser: it says what the report says, it can be used, and nothing that a guest says runs in it.
//!
//! The tests run in a browser without a window and are left out where there is none. Pages and pictures stay in `target/tmp/html-report`.

mod pages;

use std::path::Path;

use pages::{HOSTILE, broken, folder, hostile, judged, long, page, scenarios};
use parakit_harness::judge::{Verdict, ledger};
use parakit_harness::observe::{Event, EventKind};
use parakit_harness::report::html::HtmlWriter;
use parakit_harness::scenario::{Outcome, RunRecord};
use parakit_tests::browser::{Browser, browser_or_left_out};
use serde_json::Value;

const READY: &str = "document.documentElement?.dataset.ready === 'yes'";
const LARGE: (u32, u32) = (1400, 900);
const SMALL: (u32, u32) = (900, 700);

/// A script: how much of what the element `id`, a canvas, shows differs from its most frequent colour, in parts of 1000.
fn ink(id: &str) -> String {
    format!(
        "(() => {{ const shown = document.getElementById('{id}'), {{ width, height }} = shown; \
         const copy = new OffscreenCanvas(width, height).getContext('2d', {{ willReadFrequently: true }}); \
         copy.drawImage(shown, 0, 0); \
         const data = new Uint32Array(copy.getImageData(0, 0, width, height).data.buffer); \
         const colours = new Map(); \
         for (const colour of data) colours.set(colour, (colours.get(colour) ?? 0) + 1); \
         return Math.round(1000 * (data.length - Math.max(...colours.values())) / data.length); }})()"
    )
}

fn number(value: &Value) -> u64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number")) as u64
}

/// Opens a page; the browser has nothing to complain of.
fn opened(browser: &mut Browser, path: &Path) {
    browser.open(path, READY);
    assert_eq!(browser.told(), Vec::<String>::new());
}

/// Goes to a place in the page and waits until it is there.
fn go(browser: &mut Browser, hash: &str, there: &str) {
    browser.ask(&format!("location.hash = {}; 0", Value::from(hash)));
    browser.wait(there);
}

const RUN_OPEN: &str = "parakit.pages.run.open >= 0 && parakit.pages.run.timeline.draws > 0";

#[test]
fn browser_shows_what_the_report_says() {
    let Some(path) = browser_or_left_out("the page says what the report says") else { return };
    let mut runs = scenarios(&["blk-rw", "blk-qd32", "console-echo", "entropy", "blk-qd32.pci.packed"]);
    runs.extend(broken(24));
    let events: Vec<u64> = runs.iter().map(|(_, events)| events.len() as u64).collect();
    let (file, report) = page("summary.html", runs, HtmlWriter::EVENTS);
    let mut browser = Browser::start(&path, LARGE);
    opened(&mut browser, &file);

    let tile = |browser: &mut Browser, part: &str, name: &str| {
        number(&browser.ask(&format!("+document.querySelector('#{part} [data-name=\"{name}\"]').dataset.count")))
    };
    let outcomes = |wanted| report.runs.iter().filter(|run| run.outcome() == wanted).count() as u64;
    assert_eq!(tile(&mut browser, "run-tiles", "runs"), report.runs.len() as u64);
    assert_eq!(tile(&mut browser, "run-tiles", "passed"), outcomes(Outcome::Passed));
    assert_eq!(tile(&mut browser, "run-tiles", "violated"), outcomes(Outcome::Violated));
    assert!(outcomes(Outcome::Violated) > 10 && outcomes(Outcome::Passed) >= 5, "both kinds are shown");
    let verdicts: Vec<&str> = ["pass", "violated", "not exercised", "not observable"].to_vec();
    let all = tile(&mut browser, "requirement-tiles", "requirements");
    let each: Vec<u64> = verdicts.iter().map(|name| tile(&mut browser, "requirement-tiles", name)).collect();
    let ledger = ledger(&report.verdicts());
    assert_eq!(all, ledger.len() as u64);
    for (name, shown) in verdicts.iter().zip(each) {
        assert_eq!(shown, ledger.iter().filter(|(_, verdict)| verdict.name() == *name).count() as u64, "{name}");
    }
    let mut violated: Vec<&str> =
        report.runs.iter().flat_map(|run| run.violations().map(|(id, _)| id.get().id)).collect();
    violated.sort_unstable();
    violated.dedup();
    let shown =
        browser.ask("[...document.querySelectorAll('#violations [data-id]')].map((card) => card.dataset.id).sort()");
    assert_eq!(shown, Value::from(violated.clone()));
    let text = browser.ask("document.getElementById('violations').textContent");
    for (_, entry) in report.runs.iter().flat_map(|run| run.violations()).take(3) {
        let first = &entry.evidence[0];
        assert!(text.as_str().unwrap().contains(&first.expected), "{}", first.expected);
        assert!(text.as_str().unwrap().contains(&first.context[0].text), "{}", first.context[0].text);
    }
    assert!(
        browser.ask("document.getElementById('about').textContent").as_str().unwrap().contains(&u64::MAX.to_string())
    );
    browser.picture(&folder().join("summary.png"));

    go(&mut browser, "#runs", "!document.getElementById('page-runs').hidden");
    let rows = browser.ask(
        "[...document.querySelectorAll('#runs-rows tr')].map((row) => row.lastChild.textContent.replaceAll(',', ''))",
    );
    let expected: Vec<String> = events.iter().map(ToString::to_string).collect();
    assert_eq!(rows, Value::from(expected), "events of each run");
    browser.ask("document.querySelector('#runs-head [data-by=events]').click(); 0");
    let sorted = browser.ask(
        "[...document.querySelectorAll('#runs-rows tr')].map((row) => +row.lastChild.textContent.replaceAll(',', ''))",
    );
    let mut expected = events.clone();
    expected.sort_unstable();
    assert_eq!(sorted, Value::from(expected), "sorted by events");
    browser.picture(&folder().join("runs.png"));

    browser.size(SMALL.0, SMALL.1);
    browser.picture(&folder().join("runs-small.png"));
    go(&mut browser, "#summary", "!document.getElementById('page-summary').hidden");
    browser.picture(&folder().join("summary-small.png"));
    browser.dark(true);
    browser.picture(&folder().join("summary-dark.png"));
    assert_eq!(browser.told(), Vec::<String>::new());
}

#[test]
fn browser_filters_requirements() {
    let Some(path) = browser_or_left_out("requirements are filtered") else { return };
    let (file, report) = page("requirements.html", broken(16), HtmlWriter::EVENTS);
    let mut browser = Browser::start(&path, LARGE);
    opened(&mut browser, &file);
    go(&mut browser, "#requirements", "!document.getElementById('page-requirements').hidden");
    let shown = "[...document.querySelectorAll('#requirement-rows > tr[data-id]')].filter((row) => !row.hidden).map((row) => row.dataset.id)";
    let count = |browser: &mut Browser| number(&browser.ask(&format!("{shown}.length")));
    let rows = || parakit_abi::requirement::RequirementId::all().map(parakit_abi::requirement::RequirementId::get);
    let ledger = ledger(&report.verdicts());
    let judged = |verdict: &Verdict| !matches!(verdict, Verdict::NotObservable { .. });
    let at_first = ledger.iter().filter(|(id, verdict)| id.get().kit_scope || judged(verdict)).count();
    assert_eq!(count(&mut browser), at_first as u64);
    browser.ask("document.getElementById('requirement-scope').click(); 0");
    assert_eq!(count(&mut browser), rows().count() as u64, "with what is out of scope");
    let choose = |browser: &mut Browser, name: &str, value: &str| {
        browser.ask(&format!("(() => {{ const box = document.getElementById('requirement-{name}'); box.value = '{value}'; box.dispatchEvent(new Event('input')); }})()"));
    };
    choose(&mut browser, "area", "VQ-SPLIT");
    choose(&mut browser, "strength", "MUST NOT");
    let expected = rows().filter(|row| row.area == "VQ-SPLIT" && row.strength.name() == "MUST NOT").count() as u64;
    assert_eq!(count(&mut browser), expected);
    assert!(expected > 0);
    choose(&mut browser, "text", "no such words anywhere");
    assert_eq!(count(&mut browser), 0);
    browser.ask("document.getElementById('requirement-clear').click(); 0");
    choose(&mut browser, "verdict", "violated");
    let mut violated: Vec<&str> =
        report.runs.iter().flat_map(|run| run.violations().map(|(id, _)| id.get().id)).collect();
    violated.sort_unstable();
    violated.dedup();
    assert_eq!(browser.ask(&format!("{shown}.sort()")), Value::from(violated.clone()));

    // A row opens to its evidence, whose link leads to the event.
    browser.ask(&format!(
        "document.querySelector('#requirement-rows tr[data-id=\"{}\"] .toggle').click(); 0",
        violated[0]
    ));
    let link = browser.ask("document.querySelector('#requirement-rows .detail .violation .where a').hash");
    browser.ask("document.querySelector('#requirement-rows .detail').scrollIntoView({ block: 'center' }); 0");
    browser.picture(&folder().join("requirements.png"));
    browser.size(SMALL.0, SMALL.1);
    browser.picture(&folder().join("requirements-small.png"));
    browser.ask("document.querySelector('#requirement-rows .detail .violation .where a').click(); 0");
    browser.wait(RUN_OPEN);
    let selected = number(&browser.ask("(({ timeline }) => timeline.model.seq[timeline.selected])(parakit.pages.run)"));
    assert!(link.as_str().unwrap().ends_with(&format!("event={selected}")), "{link} leads to {selected}");
    assert_eq!(browser.told(), Vec::<String>::new());
}

#[test]
fn browser_draws_timelines() {
    let Some(path) = browser_or_left_out("timelines are drawn") else { return };
    let mut runs = scenarios(&["blk-qd32", "blk-qd32.pci.packed", "console-echo", "smp-share.pci"]);
    runs.extend(broken(8));
    let broken_at = runs.iter().skip(4).position(|(run, _)| run.violations().count() > 0).expect("a broken driver") + 4;
    let (file, report) = page("timelines.html", runs.clone(), HtmlWriter::EVENTS);
    let mut browser = Browser::start(&path, LARGE);
    opened(&mut browser, &file);
    for (no, (record, events)) in runs.iter().enumerate() {
        let there = format!("parakit.pages.run.open === {no} && parakit.pages.run.timeline.draws > 0");
        go(&mut browser, &format!("#run={no}"), &there);
        let name = &record.scenario;
        assert_eq!(number(&browser.ask("parakit.pages.run.timeline.model.n")), events.len() as u64, "{name}");
        assert_eq!(
            browser.ask("parakit.pages.run.timeline.model.seq[parakit.pages.run.timeline.model.n - 1]"),
            events.last().unwrap().seq as f64
        );
        // What the page makes of the chains is what the harness counts.
        let used =
            number(&browser.ask("parakit.pages.run.timeline.model.chains.filter((chain) => chain.how === 1).length"));
        assert_eq!(used, record.traffic.requests, "{name}: chains used");
        browser.wait(&format!("{} > 5", ink("timeline")));
        browser.wait(&format!("{} > 5", ink("overview")));
    }
    // Another size leaves no frame empty: the one at hand may be the one that is kept.
    let resized = browser.ask(&format!("(parakit.pages.run.timeline.resize(), {})", ink("timeline")));
    assert!(number(&resized) > 5, "{resized}");
    // Every text, put together again, is what the decoder says.
    go(&mut browser, "#run=1", "parakit.pages.run.open === 1");
    let texts = browser.ask(
        "(({ model }) => Array.from({ length: model.n }, (_, i) => model.texts.of(i)))(parakit.pages.run.timeline)",
    );
    let mut decoder = parakit_harness::observe::decode::Decoder::default();
    for (event, text) in runs[1].1.iter().zip(texts.as_array().unwrap()) {
        decoder.event(event);
        assert_eq!(
            text.as_str().unwrap(),
            parakit_harness::observe::decode::describe(event, &decoder),
            "event {}",
            event.seq
        );
    }

    for (no, name) in [(0, "split"), (1, "packed"), (3, "two-queues")] {
        go(&mut browser, &format!("#run={no}"), &format!("parakit.pages.run.open === {no}"));
        browser.picture(&folder().join(format!("timeline-{name}-whole.png")));
        let middle = number(&browser.ask(
            "(({ model }) => model.seq[model.chains[model.chains.length >> 1].start])(parakit.pages.run.timeline)",
        ));
        go(
            &mut browser,
            &format!("#run={no}&event={middle}"),
            &format!("parakit.pages.run.timeline.model.seq[parakit.pages.run.timeline.selected] === {middle}"),
        );
        // The moment under the cursor is drawn in the ring.
        browser.mouse("mouseMoved", 620.0, 400.0, 0.0);
        browser.wait("parakit.pages.run.ring.now !== null");
        browser.wait(&format!("{} > 5", "document.querySelector('.ring-canvas').height"));
        browser.picture(&folder().join(format!("timeline-{name}.png")));
    }
    let slots = browser.ask("(({ ring }) => [...new Set(ring.cells.map((cell) => cell.name))])(parakit.pages.run)");
    assert!(!slots.as_array().unwrap().is_empty(), "slots are drawn");

    // Violations are marked, and the keys go from one to the next.
    go(&mut browser, &format!("#run={broken_at}"), &format!("parakit.pages.run.open === {broken_at}"));
    let proofs: Vec<u64> =
        report.runs[broken_at].violations().flat_map(|(_, e)| e.evidence.iter().map(|v| v.seq)).collect();
    let selected = "(({ timeline }) => timeline.model.seq[timeline.selected])(parakit.pages.run)";
    assert!(proofs.contains(&number(&browser.ask(selected))), "a run with a violation opens at it");
    browser.ask("document.getElementById('timeline-scroll').focus(); 0");
    browser.key("n");
    assert!(proofs.contains(&number(&browser.ask(selected))));
    browser.picture(&folder().join("timeline-violation.png"));
    let before = number(&browser.ask(selected));
    browser.key("ArrowLeft");
    assert!(number(&browser.ask(selected)) < before, "the arrow steps back");
    let width = |browser: &mut Browser| {
        browser.ask("parakit.pages.run.timeline.view[1] - parakit.pages.run.timeline.view[0]").as_f64().unwrap()
    };
    browser.key("0");
    let whole = width(&mut browser);
    browser.key("+");
    assert!(width(&mut browser) < whole * 0.6, "the key zooms");
    browser.key("0");
    browser.mouse("mouseWheel", 500.0, 400.0, -200.0);
    browser.wait(&format!("parakit.pages.run.timeline.view[1] - parakit.pages.run.timeline.view[0] < {}", whole * 0.8));
    let from = browser.ask("parakit.pages.run.timeline.view[0]").as_f64().unwrap();
    for (kind, x) in [
        ("mouseMoved", 600.0),
        ("mousePressed", 600.0),
        ("mouseMoved", 520.0),
        ("mouseMoved", 400.0),
        ("mouseReleased", 400.0),
    ] {
        browser.mouse(kind, x, 400.0, 0.0);
    }
    assert!(browser.ask("parakit.pages.run.timeline.view[0]").as_f64().unwrap() > from, "dragging pans");
    browser.key("t");
    assert_eq!(browser.ask("parakit.pages.run.timeline.order"), false);
    browser.wait(&format!("{} > 5", ink("timeline")));
    browser.key("t");

    browser.dark(true);
    go(&mut browser, "#run=0", "parakit.pages.run.open === 0");
    browser.ask("parakit.pages.run.select(parakit.pages.run.timeline.model.chains[40].start, { closer: true }); 0");
    browser.mouse("mouseMoved", 620.0, 400.0, 0.0);
    browser.picture(&folder().join("timeline-dark.png"));
    browser.size(SMALL.0, SMALL.1);
    browser.picture(&folder().join("timeline-dark-small.png"));
    browser.dark(false);
    browser.picture(&folder().join("timeline-small.png"));
    assert_eq!(browser.told(), Vec::<String>::new());
}

/// On a narrow page everything is one below the other, and the page scrolls to it.
#[test]
fn browser_shows_timelines_on_narrow_pages() {
    let Some(path) = browser_or_left_out("narrow pages are usable") else { return };
    let mut runs = scenarios(&["blk-qd32"]);
    runs.extend(broken(24));
    // A violation of a driver that has a ring by then.
    let at = |(run, events): &(RunRecord, Vec<Event>)| {
        let enabled = events.iter().find(|event| matches!(event.kind, EventKind::QueueEnabled(_)))?.seq;
        let proofs = run.violations().flat_map(|(_, entry)| entry.evidence.iter().map(|violation| violation.seq));
        proofs.filter(|seq| *seq > enabled).min()
    };
    let (no, event) = runs.iter().enumerate().find_map(|(no, run)| Some((no, at(run)?))).expect("a broken driver");
    let (file, _) = page("narrow.html", runs, HtmlWriter::EVENTS);
    for (width, height) in [(375, 1100), (600, 900)] {
        let mut browser = Browser::start(&path, (width, height));
        opened(&mut browser, &file);
        browser.picture(&folder().join(format!("narrow-{width}-summary.png")));
        go(&mut browser, &format!("#run={no}&event={event}"), &format!("parakit.pages.run.open === {no}"));
        browser.wait("document.querySelector('#events .line.selected') && parakit.pages.run.ring.cells?.length > 0");
        browser.picture(&folder().join(format!("narrow-{width}-top.png")));
        let across = number(&browser.ask("document.documentElement.scrollWidth"));
        assert!(across <= u64::from(width), "{across} pixels across at {width}");
        for (part, least) in [("timeline-scroll", 200), ("events", 300)] {
            let inside = browser.ask(&format!(
                "(() => {{ const part = document.getElementById('{part}'); part.scrollIntoView({{ block: 'center' }}); \
                 const box = part.getBoundingClientRect(); return box.top >= 0 && box.bottom <= innerHeight && box.height >= {least}; }})()"
            ));
            assert_eq!(inside, true, "{part} can be seen whole at {width}");
            browser.picture(&folder().join(format!("narrow-{width}-{part}.png")));
        }
        // Whole rows are in view, with words in them, and so are the ring's slots and the navigation.
        let rows = "(() => { const box = document.querySelector('#events .scroll').getBoundingClientRect(); \
                    return [...document.querySelectorAll('#events .scroll .line')].filter((line) => { \
                    const { top, bottom } = line.getBoundingClientRect(); \
                    return top >= box.top && bottom <= box.bottom && line.querySelector('.what').clientWidth > 120; }).length; })()";
        let rows = number(&browser.ask(rows));
        assert!(rows >= 8, "{rows} rows of events at {width}");
        let ring = "(() => { const ring = document.querySelector('.ring-canvas'); ring.scrollIntoView({ block: 'center' }); \
                    const { top, bottom, height } = ring.getBoundingClientRect(), box = document.getElementById('ring').getBoundingClientRect(); \
                    return height > 30 && top >= 0 && bottom <= innerHeight && bottom <= box.bottom; })()";
        assert_eq!(browser.ask(ring), true, "slots can be seen at {width}");
        browser.picture(&folder().join(format!("narrow-{width}-ring.png")));
        let tabs = "[...document.querySelectorAll('#tabs a')].every((tab) => tab.scrollWidth <= tab.clientWidth && tab.getBoundingClientRect().right <= innerWidth)";
        assert_eq!(browser.ask(tabs), true, "navigation is whole at {width}");
        let outcome = "(() => { const { left, right, width } = document.querySelector('#run-outcome .badge').getBoundingClientRect(); return width > 30 && left >= 0 && right <= innerWidth; })()";
        assert_eq!(browser.ask(outcome), true, "the outcome is told at {width}");
        let choice = number(&browser.ask("document.getElementById('run-choice').clientWidth"));
        assert!(choice > 100, "the run is named at {width}: {choice} pixels");
        assert_eq!(browser.told(), Vec::<String>::new());
    }
}

#[test]
fn browser_opens_a_run_of_100_000_events() {
    let Some(path) = browser_or_left_out("a long run is opened") else { return };
    let (record, events) = long(100_000);
    let middle = events[50_000].seq;
    let (file, _) = page("long.html", vec![(record, events)], HtmlWriter::EVENTS);
    let mut browser = Browser::start(&path, LARGE);
    opened(&mut browser, &file);
    go(&mut browser, "#run=0", RUN_OPEN);
    assert_eq!(number(&browser.ask("parakit.pages.run.timeline.model.n")), 100_000);
    browser.wait(&format!("{} > 5", ink("timeline")));
    browser.picture(&folder().join("timeline-long.png"));
    let draw = "(() => { const { timeline } = parakit.pages.run; let most = 0, sum = 0; \
                for (let i = 0; i < 20; i++) { timeline.draw(); sum += timeline.lastDraw; most = Math.max(most, timeline.lastDraw); } \
                return `${(sum / 20).toFixed(1)} ms a frame, at most ${most.toFixed(1)} ms`; })()";
    let opening = browser.ask("parakit.pages.run.opened").as_f64().unwrap();
    println!("100,000 events: {} bytes of page, opened in {opening:.0} ms", std::fs::metadata(&file).unwrap().len());
    println!("whole run: {}", browser.ask(draw));
    for (share, name) in [(0.1, "a tenth"), (0.01, "a hundredth"), (0.001, "a thousandth")] {
        browser.ask(&format!("(({{ timeline }}) => timeline.show(timeline.span() / 2, timeline.span() * ({share} + 0.5)))(parakit.pages.run); 0"));
        println!("{name}: {}", browser.ask(draw));
        browser.wait(&format!("{} > 5", ink("timeline")));
    }
    go(&mut browser, &format!("#run=0&event={middle}"), "parakit.pages.run.timeline.selected === 50000");
    let view = browser.ask("parakit.pages.run.timeline.view");
    assert!(
        view[0].as_f64().unwrap() < 50_000.0 && view[1].as_f64().unwrap() > 50_000.0,
        "the event is in view: {view}"
    );
    let row = format!("document.querySelector('#events .line.selected a')?.textContent === '#{middle}'");
    browser.wait(&row);
    browser.ask("(() => { const box = document.querySelector('#events input[type=search]'); box.value = 'makes available'; box.dispatchEvent(new Event('input')); })()");
    let left = number(&browser.ask("parakit.pages.run.list.shown.length"));
    assert!(left < 100_000, "the list is filtered: {left}");
    assert_eq!(browser.told(), Vec::<String>::new());
}

#[test]
fn browser_is_told_what_was_left_out() {
    let Some(path) = browser_or_left_out("a cut run is opened") else { return };
    let (record, events) = long(30_000);
    let (last, gone) = (events.last().unwrap().seq, events[20_000].seq);
    let (file, _) = page("cut.html", vec![(record, events)], 10_000);
    let mut browser = Browser::start(&path, LARGE);
    opened(&mut browser, &file);
    go(&mut browser, "#run=0", RUN_OPEN);
    assert_eq!(number(&browser.ask("parakit.pages.run.timeline.model.n")), 10_000);
    let note = browser.ask("document.getElementById('run-note').textContent");
    assert!(note.as_str().unwrap().contains("20,000 of 30,000 events are not in this report"), "{note}");
    assert_eq!(number(&browser.ask("(({ model }) => model.seq[model.n - 1])(parakit.pages.run.timeline)")), last);
    go(
        &mut browser,
        &format!("#run=0&event={gone}"),
        "document.getElementById('run-note').textContent.includes('is not kept')",
    );
    browser.picture(&folder().join("timeline-cut.png"));
    assert_eq!(browser.told(), Vec::<String>::new());
}

#[test]
fn browser_runs_nothing_that_a_guest_says() {
    let Some(path) = browser_or_left_out("hostile texts are inert") else { return };
    let (file, _) = page("hostile.html", vec![hostile(), hostile()], HtmlWriter::EVENTS);
    let source = std::fs::read_to_string(&file).unwrap();
    assert!(!source.contains("window.taken"), "nothing of a guest is in the page as text");
    let mut browser = Browser::start(&path, LARGE);
    opened(&mut browser, &file);
    let says = |browser: &mut Browser, id: &str| {
        let text = browser.ask(&format!("document.getElementById('{id}').textContent"));
        assert!(text.as_str().unwrap().contains("</script><script>window.taken=1</script><img src=x"), "{id}: {text}");
    };
    says(&mut browser, "violations");
    says(&mut browser, "failures");
    browser.picture(&folder().join("hostile.png"));
    go(&mut browser, "#runs", "!document.getElementById('page-runs').hidden");
    says(&mut browser, "runs-rows");
    go(&mut browser, "#run=0", RUN_OPEN);
    says(&mut browser, "run-choice");
    says(&mut browser, "guest-log");
    says(&mut browser, "event-detail");
    let names = browser.ask("[...parakit.pages.run.timeline.model.devices.values()].map((device) => device.name)");
    assert_eq!(names[0], HOSTILE);
    browser.picture(&folder().join("hostile-run.png"));
    for hash in [
        "#run=99",
        "#run=-1",
        "#run=x&event=y",
        "#<img src=x onerror=window.taken=5>",
        "#constructor",
        "#run=0&event=1e308",
    ] {
        browser.ask(&format!("location.hash = {}; 0", Value::from(hash)));
        browser.ask("new Promise((done) => setTimeout(done, 50))");
    }
    // Of a run that is not there nothing is shown, of another one neither.
    for hash in ["#run=99", "#run=-1", "#run=0x0", "#run="] {
        go(&mut browser, "#run=0", RUN_OPEN);
        go(&mut browser, hash, "document.getElementById('run-body').hidden");
        assert_eq!(browser.ask("document.getElementById('run-choice').selectedIndex"), -1, "{hash}");
        assert_eq!(browser.ask("document.getElementById('run-facts').childElementCount"), 0, "{hash}");
        let note = browser.ask("document.getElementById('run-note').textContent");
        assert!(note.as_str().unwrap().contains("no such run"), "{hash}: {note}");
    }
    assert_eq!(
        number(&browser.ask("document.images.length + document.querySelectorAll('iframe,object,embed,link').length")),
        0
    );
    assert_eq!(browser.ask("typeof window.taken"), "undefined", "no script of the guest ran");
    // Even a script that got into the page does not run, and nothing is fetched.
    let blocked = "(() => { const s = document.createElement('script'); s.textContent = 'window.taken=6'; document.body.append(s); return typeof window.taken; })()";
    assert_eq!(browser.told(), Vec::<String>::new());
    assert_eq!(browser.ask(blocked), "undefined");
    let fetched = browser.ask("fetch('https://example.invalid/').then(() => 'fetched', () => 'refused')");
    assert_eq!(fetched, "refused");
    assert!(browser.told().iter().any(|text| text.contains("Content Security Policy")), "the policy is what stops it");
}

#[test]
fn a_page_needs_nothing_else() {
    let (file, _) = page("plain.html", vec![judged("nothing", Vec::new())], HtmlWriter::EVENTS);
    let source = std::fs::read_to_string(&file).unwrap();
    assert!(source.starts_with("<!doctype html>"));
    assert!(source.contains("default-src 'none'"));
    for outside in ["http://", "https://", "url(", "@import", "<link", " src="] {
        assert!(!source.contains(outside), "{outside}");
    }
}

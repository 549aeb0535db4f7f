//! The instructions that order memory and registers on processors whose order is weaker than that of the machine that runs the tests.
//!
//! The functions of this package are compiled for each processor, and the stores, the loads that order something and the barriers
//! of each are looked at, in their order.

use std::{path::Path, process::Command};

/// A processor and how its instructions are told from one another.
struct Processor {
    target: &'static str,
    /// Beginnings of stores without an order.
    stores: &'static [&'static str],
    /// Beginnings of everything else that matters: barriers, and accesses with an order.
    orders: &'static [&'static str],
    /// Beginnings of what is nowhere in these functions: operations that memory which is not cached may not have, or that cost more than
    /// what is needed.
    never: &'static [&'static str],
}

const AARCH64: Processor = Processor {
    target: "aarch64-unknown-none",
    stores: &["str", "stp", "stur"],
    orders: &["dmb", "dsb", "stlr", "ldar", "ldapr"],
    never: &["ldxr", "ldaxr", "stxr", "stlxr", "swp", "cas", "ldadd", "bl __aarch64"],
};

const RISCV64: Processor = Processor {
    target: "riscv64gc-unknown-none-elf",
    stores: &["sb ", "sh ", "sw ", "sd "],
    orders: &["fence"],
    never: &["lr.", "sc.", "amo"],
};

const X86_64: Processor = Processor {
    target: "x86_64-unknown-none",
    stores: &[],
    orders: &["xchg", "mfence", "lfence", "sfence", "lock"],
    never: &["mfence"],
};

/// What a function does, as far as it matters: `store` for those without an order, and the orders as they are written.
type Trace = Vec<String>;

impl Processor {
    /// The assembly of all functions; `None` where the compiler has no library for the processor.
    fn assembly(&self) -> Option<String> {
        let sysroot = Command::new("rustc").args(["--print", "sysroot"]).output().expect("rustc starts");
        let sysroot = String::from_utf8(sysroot.stdout).unwrap();
        if !Path::new(sysroot.trim()).join("lib/rustlib").join(self.target).is_dir() {
            let required = std::env::var_os("PARAKIT_REQUIRE_TARGETS").is_some_and(|value| value == "1");
            assert!(!required, "no library for {0}: run `rustup target add {0}`", self.target);
            println!("LEFT OUT: no library for {0}; `rustup target add {0}` adds it", self.target);
            return None;
        }
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(self.target);
        std::fs::create_dir_all(&folder).unwrap();
        let file = folder.join("functions.s");
        let output = Command::new(env!("CARGO"))
            .args([
                "rustc",
                "--quiet",
                "--package",
                env!("CARGO_PKG_NAME"),
                "--lib",
                "--release",
                "--target",
                self.target,
            ])
            .arg("--target-dir")
            .arg(&folder)
            .args(["--", "-Ccodegen-units=1", "-Cdebuginfo=0"])
            .arg(format!("--emit=asm={}", file.display()))
            .env_remove("RUSTFLAGS")
            .env_remove("RUSTC_WRAPPER")
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()
            .expect("cargo starts");
        assert!(output.status.success(), "{}: {}", self.target, String::from_utf8_lossy(&output.stderr));
        Some(std::fs::read_to_string(file).unwrap())
    }

    fn trace(&self, assembly: &str, function: &str) -> Trace {
        let code = code(assembly, function, 0);
        assert!(!code.is_empty(), "{}: there is no {function}", self.target);
        let starts = |line: &String, with: &[&str]| with.iter().any(|start| line.starts_with(start));
        let never: Vec<_> = code.iter().filter(|line| starts(line, self.never)).collect();
        assert!(never.is_empty(), "{}, {function}: {never:?}", self.target);
        let of_note = code.iter().filter_map(|line| {
            if starts(line, self.orders) {
                // Of an access the kind, of a barrier all of it.
                let access = starts(line, &["stl", "lda", "xchg", "lock"]);
                let kind = if access { line.split(' ').next().unwrap() } else { line };
                Some(kind.to_owned())
            } else {
                starts(line, self.stores).then(|| "store".to_owned())
            }
        });
        of_note.collect()
    }
}

/// The instructions of a function, and of those that it calls where it calls them. `depth`: how many called one another.
fn code(assembly: &str, function: &str, depth: usize) -> Vec<String> {
    let label = format!("{function}:");
    let body = assembly.lines().skip_while(|line| *line != label).skip(1);
    let body = body.take_while(|line| !line.starts_with(".Lfunc_end")).map(str::trim);
    let is_code = |line: &&str| !line.is_empty() && !line.starts_with(['.', '/', '#']) && !line.ends_with(':');
    let mut all = Vec::new();
    for line in body.filter(is_code) {
        let mut words = line.split_whitespace();
        let call = words.next().is_some_and(|word| ["bl", "b", "call", "tail", "callq", "jmp"].contains(&word));
        let called = words.next().filter(|name| call && depth < 4 && name.starts_with('_'));
        all.push(line.split_whitespace().collect::<Vec<_>>().join(" "));
        all.extend(called.map(|name| code(assembly, name, depth + 1)).into_iter().flatten());
    }
    all
}

/// Whether `steps` come in the trace in this order, one right behind the other: but for other steps of `between`.
fn has(trace: &[String], steps: &[&str], between: &[&str]) -> bool {
    (0..trace.len()).any(|from| {
        let mut rest = steps.iter().peekable();
        for step in &trace[from..] {
            if rest.next_if(|next| **next == step).is_none() && !between.contains(&step.as_str()) {
                break;
            }
        }
        rest.peek().is_none()
    })
}

/// What a function must have: steps that follow one another, and what may be between them.
struct Must {
    function: &'static str,
    steps: &'static [&'static str],
    between: &'static [&'static str],
}

const fn must(function: &'static str, steps: &'static [&'static str], between: &'static [&'static str]) -> Must {
    Must { function, steps, between }
}

/// Between a store and the load that it comes before is `dmb osh` where the ring has ORDER_PLATFORM, and else `dmb ish`, which emulators
/// need (`Reach::extend_between`); a store is where the driver keeps something for itself.
const ON_AARCH64: &[Must] = &[
    must("kick_split", &["stlrh", "ldarh"], &["dmb osh", "dmb ish"]),
    must("kick_split", &["stlrh", "dmb ish"], &["dmb osh"]),
    must("kick_split", &["ldarh", "dmb osh", "store"], &[]),
    must("kick_packed", &["stlrh", "ldarh"], &["dmb osh", "dmb ish", "store", "stlrh"]),
    must("kick_packed", &["stlrh", "dmb ish"], &["dmb osh"]),
    must("kick_packed", &["ldarh", "dmb osh", "store"], &[]),
    must("poll_split", &["ldarh"], &[]),
    must("poll_packed", &["ldarh"], &[]),
    must("arm_split", &["stlrh", "ldarh"], &["dmb osh", "dmb ish"]),
    must("arm_split", &["dmb ish", "ldarh"], &[]),
    must("arm_packed", &["stlrh", "ldarh"], &["dmb osh", "dmb ish", "store", "stlrh"]),
    must("arm_packed", &["stlrh", "dmb ish"], &["dmb osh"]),
    must("write_register", &["dmb osh", "store"], &[]),
    must("read_register", &["dmb oshld"], &[]),
    must("acknowledge", &["dmb oshld"], &[]),
    must("acknowledge", &["dmb osh", "store", "dsb sy"], &[]),
    must("write_port", &["dmb osh", "store"], &[]),
    must("read_port", &["dmb oshld"], &[]),
    must("notify_port", &["dmb osh", "store"], &[]),
    must("write_config", SELECTED_ON_AARCH64, &[]),
    must("read_config", &["store", "store", "store", "dmb oshld"], &[]),
    must("notify_config", SELECTED_ON_AARCH64, &[]),
];

/// Through configuration space three stores say which register is meant; the barrier is before the one that reaches it.
const SELECTED_ON_AARCH64: &[&str] = &["store", "store", "store", "dmb osh", "store"];
const SELECTED_ON_RISCV64: &[&str] = &["store", "store", "store", "fence rw, o", "store"];

const ON_RISCV64: &[Must] = &[
    must("kick_split", &["fence rw, w", "store", "fence rw, rw", "fence r, rw"], &["fence rw, rw"]),
    must("kick_split", &["fence r, rw", "fence rw, o", "store"], &[]),
    must("kick_packed", &["fence rw, w", "store", "fence rw, rw", "fence r, rw"], &["fence rw, rw", "store"]),
    must("kick_packed", &["fence r, rw", "fence rw, o", "store"], &[]),
    must("poll_split", &["fence r, rw"], &[]),
    must("poll_packed", &["fence r, rw"], &[]),
    must("arm_split", &["fence rw, w", "store", "fence rw, rw", "fence r, rw"], &["fence rw, rw"]),
    must("arm_packed", &["store", "fence rw, w", "store", "fence rw, rw", "fence r, rw"], &["fence rw, rw", "store"]),
    must("write_register", &["fence rw, o", "store"], &[]),
    must("read_register", &["fence i, iorw"], &[]),
    must("acknowledge", &["fence i, iorw"], &[]),
    must("acknowledge", &["fence rw, o", "store", "fence"], &[]),
    must("write_port", &["fence rw, o", "store"], &[]),
    must("read_port", &["fence i, iorw"], &[]),
    must("notify_port", &["fence rw, o", "store"], &[]),
    must("write_config", SELECTED_ON_RISCV64, &[]),
    must("read_config", &["store", "store", "store", "fence i, iorw"], &[]),
    must("notify_config", SELECTED_ON_RISCV64, &[]),
];

/// One locked exchange a publication, and nothing else but where registers come before memory.
const ON_X86_64: &[(&str, &[&str])] = &[
    ("kick_split", &["xchgw"]),
    ("kick_packed", &["xchgw"]),
    ("poll_split", &[]),
    ("poll_packed", &[]),
    ("write_register", &[]),
    ("read_register", &[]),
    ("acknowledge", &["lock"]),
    ("write_port", &[]),
    ("read_port", &[]),
    ("notify_port", &[]),
    ("write_config", &[]),
    ("read_config", &[]),
    ("notify_config", &[]),
];

/// Holds the functions against what they must have, and shows that no step could be left out without being missed.
fn holds(processor: &Processor, all: &[Must]) {
    let Some(assembly) = processor.assembly() else { return };
    for &Must { function, steps, between } in all {
        let trace = processor.trace(&assembly, function);
        assert!(has(&trace, steps, between), "{}, {function}: {trace:?} has no {steps:?}", processor.target);
        for left_out in steps.iter().filter(|step| **step != "store") {
            let without: Trace = trace.iter().filter(|step| step != left_out).cloned().collect();
            assert!(!has(&without, steps, between), "{}, {function}: {left_out} is not missed", processor.target);
        }
    }
}

#[test]
fn aarch64() {
    holds(&AARCH64, ON_AARCH64);
}

#[test]
fn riscv64() {
    holds(&RISCV64, ON_RISCV64);
}

#[test]
fn x86_64() {
    let Some(assembly) = X86_64.assembly() else { return };
    for (function, orders) in ON_X86_64 {
        let trace = X86_64.trace(&assembly, function);
        assert_eq!(trace, *orders, "{function}");
    }
}

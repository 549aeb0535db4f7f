//! Bad input: each gets one clear sentence, exit status 2, and nothing is changed on disk.

use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::Path;

use parakit_tests::command::{harness, harness_path, kvm_or_left_out, run, sha256, test_kernel};
use tempfile::TempDir;

#[test]
fn the_device_node_is_missing() {
    run(harness(&["--backend", "kvm"]).env("PARAKIT_KVM_DEVICE", "/nonexistent/kvm")).assert_refused(&[
        "there is no /nonexistent/kvm",
        "kvm_intel",
        "--backend loopback",
    ]);
}

#[test]
fn auto_falls_back_and_says_so() {
    let ran = run(harness(&["blk-read", "boot-pvh"]).env("PARAKIT_KVM_DEVICE", "/nonexistent/kvm"));
    ran.assert_success();
    assert!(ran.stderr.contains("note: there is no /nonexistent/kvm"), "{ran:#?}");
    assert!(ran.stderr.contains("note: running in loopback instead"), "{ran:#?}");
    assert!(ran.stdout.contains("left out: boot-pvh needs KVM"), "{ran:#?}");
}

#[test]
fn a_scenario_that_needs_what_is_not_there() {
    run(&mut harness(&["--backend", "loopback", "boot-pvh"])).assert_refused(&["loopback", "need KVM"]);
}

/// As root nothing is forbidden, so root becomes nobody for this.
#[test]
fn the_device_node_is_forbidden() {
    let directory = TempDir::new().unwrap();
    let device = directory.path().join("kvm");
    std::fs::write(&device, "").unwrap();
    std::fs::set_permissions(&device, std::fs::Permissions::from_mode(0o000)).unwrap();
    std::fs::set_permissions(directory.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let copy = directory.path().join("parakit-harness");
    // By a process of its own: a copy that this one had open for writing could be inherited by what another test starts
    // at that moment, and an executable that somebody has open for writing does not start.
    assert!(std::process::Command::new("cp").arg(harness_path()).arg(&copy).status().unwrap().success());
    let mut command = std::process::Command::new(&copy);
    command.args(["--backend", "kvm"]).env("PARAKIT_KVM_DEVICE", &device).env_remove("PARAKIT_KERNEL");
    // SAFETY: geteuid has no preconditions.
    if unsafe { libc::geteuid() } == 0 {
        command.uid(65534).gid(65534);
    }
    run(&mut command).assert_refused(&["no permission to open", "kvm", "group", "--backend loopback"]);
}

#[test]
fn the_device_node_is_something_else() {
    run(harness(&["--backend", "kvm"]).env("PARAKIT_KVM_DEVICE", "/dev/null"))
        .assert_refused(&["/dev/null is not a KVM device", "PARAKIT_KVM_DEVICE"]);
}

#[test]
fn kvm_without_a_capability() {
    if !kvm_or_left_out("kvm_without_a_capability") {
        return;
    }
    run(harness(&["--backend", "kvm"]).env("PARAKIT_TEST_WITHOUT_CAP", "KVM_CAP_IRQFD"))
        .assert_refused(&["lacks KVM_CAP_IRQFD", "--backend loopback"]);
}

#[test]
fn an_unknown_scenario() {
    run(&mut harness(&["blk-raed"])).assert_refused(&["no scenario `blk-raed`", "did you mean `blk-read`?", "--list"]);
}

#[test]
fn a_filter_that_nothing_fits_or_that_means_nothing() {
    run(&mut harness(&["--filter", "ring:packed,ring:split", "--list"])).assert_refused(&[
        "no scenario",
        "--filter ring:packed,ring:split",
        "--list",
    ]);
    run(&mut harness(&["--filter", "transport:pci", "entropy"]))
        .assert_refused(&["no scenario", "--filter transport:pci"]);
    for (filter, says) in [("ring:round", "split or packed"), ("colour:red", "no `colour`"), ("", "a term is empty")] {
        let ran = run(&mut harness(&["--list", "--filter", filter]));
        assert_eq!(ran.status, Some(2), "{ran:#?}");
        assert!(ran.stderr.contains(says) && ran.stdout.is_empty(), "{ran:#?}");
    }
    let ran = run(&mut harness(&["--list", "--filter", "transport:pci,ring:packed,!name~blk"]));
    ran.assert_success();
    assert!(ran.stdout.lines().count() > 0 && !ran.stdout.contains("blk"), "{ran:#?}");
}

#[test]
fn a_report_that_cannot_be_written() {
    for arguments in [&["--list"][..], &["--backend", "loopback", "entropy"]] {
        let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
        let output = harness(arguments).stdout(full).stderr(std::process::Stdio::piped()).spawn().unwrap();
        parakit_tests::command::Ran::from(output.wait_with_output().unwrap())
            .assert_refused(&["standard output", "No space left"]);
    }
}

#[test]
fn no_disk_image() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("missing.img");
    run(harness(&["--disk"]).arg(&path)).assert_refused(&["missing.img", "No such file", "check the path"]);
    assert!(!path.exists(), "a missing image is not made");
    let ran = run(harness(&["--disk"]).arg(&path));
    assert_eq!(ran.stderr.matches("No such file").count(), 1, "the cause is said once: {ran:#?}");
}

#[test]
fn a_directory_as_disk_image() {
    let directory = TempDir::new().unwrap();
    run(harness(&["--disk"]).arg(directory.path())).assert_refused(&["is not a regular file", "give an image file"]);
}

#[test]
fn a_disk_image_that_is_not_whole_sectors() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("odd.img");
    std::fs::write(&path, [7; 1000]).unwrap();
    let before = sha256(&path);
    run(harness(&["--disk-write", "blk-rw", "--disk"]).arg(&path)).assert_refused(&["odd.img", "1000", "512"]);
    assert_eq!(sha256(&path), before);
}

#[test]
fn an_empty_disk_image() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("empty.img");
    std::fs::write(&path, []).unwrap();
    run(harness(&["--disk"]).arg(&path)).assert_refused(&["empty.img is empty", "truncate"]);
    assert_eq!(std::fs::metadata(&path).unwrap().len(), 0);
}

#[test]
fn a_trace_that_would_replace_the_image_or_the_kernel() {
    let directory = TempDir::new().unwrap();
    let (image, link) = (directory.path().join("disk.img"), directory.path().join("link"));
    std::fs::write(&image, [7; 65536]).unwrap();
    std::os::unix::fs::symlink(&image, &link).unwrap();
    for trace in [&image, &link] {
        let mut command = harness(&["--backend", "loopback", "blk-read", "--disk"]);
        run(command.arg(&image).arg("--trace").arg(trace)).assert_refused(&["disk image of this run", "--trace"]);
    }
    let mut command = harness(&["--backend", "loopback", "blk-read", "--trace"]);
    run(command.arg(&image).env("PARAKIT_KERNEL", &image)).assert_refused(&["kernel of this run", "--trace"]);
    assert_eq!(std::fs::read(&image).unwrap(), [7; 65536]);
}

#[test]
fn coverage_of_what_it_does_not_cover() {
    for option in [&["--list"][..], &["--console"], &["--disk", "disk.img"], &["--trace", "trace"]] {
        run(harness(&["coverage"]).args(option)).assert_refused(&["coverage", option[0]]);
    }
}

#[test]
fn nobody_listens_to_standard_error() {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut command = harness(&["--backend", "loopback", "blk-read", "entropy"]);
    let output =
        command.stdout(std::process::Stdio::piped()).stderr(writer).spawn().unwrap().wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&output.stdout).contains("2 passed"));
}

#[test]
fn a_disk_image_of_one_sector() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("one.img");
    std::fs::write(&path, [7; 512]).unwrap();
    let ran = run(harness(&["--backend", "loopback", "--disk"]).arg(&path));
    ran.assert_success();
    assert!(ran.stdout.contains("blk-read ") && ran.stdout.contains("left out: blk-sg needs an image of 32768 bytes"));
    run(harness(&["--backend", "loopback", "blk-sg", "--disk"]).arg(&path)).assert_refused(&[
        "the image has 512 bytes",
        "blk-sg",
        "32768",
    ]);
    assert_eq!(std::fs::read(&path).unwrap(), [7; 512]);
}

#[test]
fn writing_without_naming_what_may_write() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("disk.img");
    std::fs::write(&path, [7; 1024]).unwrap();
    run(harness(&["--disk-write", "--disk"]).arg(&path)).assert_refused(&["SCENARIO", "--disk-write"]);
}

/// What the parser finds is said in one sentence too.
#[test]
fn options_that_contradict_one_another() {
    for (arguments, parts) in [
        (&["--list", "--json", "x"][..], &["--list", "--json"][..]),
        (&["-q", "-v"], &["--quiet and --verbose"]),
        (&["--seed", "-1"], &["--seed", "whole number"]),
        (&["--param", "0=1", "--param", "0=2"], &["parameter 0 twice"]),
        (&["--param", "x"], &["INDEX=VALUE"]),
        (&["--nonsense"], &["--nonsense", "--help"]),
        (&["--html", "-"], &["--html -", "only --json"]),
        (&["--json", "-", "--junit", "-"], &["--junit -", "only --json"]),
    ] {
        run(&mut harness(arguments)).assert_refused(parts);
    }
}

/// The files that `--json` and its like are to make, in a folder, and the arguments that ask for them.
fn reports(folder: &Path) -> (Vec<std::path::PathBuf>, Vec<String>) {
    let options = ["--json", "--junit", "--html", "--perfetto", "--coverage", "--trace"];
    let files: Vec<_> = options.iter().map(|option| folder.join(&option[2..])).collect();
    let arguments =
        options.iter().zip(&files).flat_map(|(option, file)| [(*option).to_owned(), file.display().to_string()]);
    (files.clone(), arguments.collect())
}

/// What became of the runs is not thrown away because somebody did not read all of the terminal's part.
#[test]
fn reports_are_written_whatever_becomes_of_the_others() {
    let folder = TempDir::new().unwrap();
    let (files, arguments) = reports(folder.path());
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut command = harness(&["--backend", "loopback", "blk-read"]);
    let child = command.args(&arguments).stdout(writer).stderr(std::process::Stdio::piped()).spawn().unwrap();
    parakit_tests::command::Ran::from(child.wait_with_output().unwrap()).assert_refused(&["standard output"]);
    assert!(files.iter().all(|file| file.metadata().is_ok_and(|file| file.len() > 0)), "{files:?}");

    for full in 0..files.len() {
        // Its first page is written before anything is run.
        if arguments[2 * full] == "--html" {
            continue;
        }
        let folder = TempDir::new().unwrap();
        let (files, mut arguments) = reports(folder.path());
        arguments[2 * full + 1] = "/dev/full".to_owned();
        let ran = run(harness(&["--backend", "loopback", "blk-read"]).args(&arguments));
        ran.assert_refused(&["/dev/full", "No space left"]);
        let written = files.iter().filter(|file| file.exists()).count();
        assert_eq!(written, files.len() - 1, "all but {:?}: {ran:#?}", files[full]);
    }
}

#[test]
fn standard_output_that_is_closed() {
    let mut command = std::process::Command::new("sh");
    command.arg("-c").arg("exec \"$0\" --backend loopback --json - entropy >&-").arg(harness_path());
    let ran = run(command.env_remove("PARAKIT_KERNEL"));
    ran.assert_refused(&["JSON report", "standard output, which is closed"]);
}

#[test]
fn pipes_that_nobody_serves() {
    let folder = TempDir::new().unwrap();
    let pipe = folder.path().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    run(harness(&["--backend", "loopback", "entropy", "--json"]).arg(&pipe)).assert_refused(&["nobody reads"]);
    run(harness(&["replay"]).arg(&pipe)).assert_refused(&["not a regular file"]);
}

fn with_kernel(path: &Path) -> std::process::Command {
    let mut command = harness(&["--kernel"]);
    command.arg(path);
    command
}

#[test]
fn no_kernel() {
    run(&mut with_kernel(Path::new("/nonexistent/kernel")))
        .assert_refused(&["there is no kernel at /nonexistent/kernel"]);
}

#[test]
fn a_kernel_that_is_no_elf_file() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("kernel");
    for contents in [&b"#!/bin/sh\n"[..], &[], &[0x7f], &b"\x7fELF"[..]] {
        std::fs::write(&path, contents).unwrap();
        let ran = run(&mut with_kernel(&path));
        ran.assert_refused(&["ELF"]);
    }
}

/// An object file is for a linker, whatever else is in it.
#[test]
fn a_kernel_that_was_not_linked() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("kernel");
    let mut bytes = std::fs::read(test_kernel("conforming")).unwrap();
    for kind in [1_u16, 4] {
        bytes[16..18].copy_from_slice(&kind.to_le_bytes());
        std::fs::write(&path, &bytes).unwrap();
        run(&mut with_kernel(&path)).assert_refused(&["an object file or a core dump"]);
    }
}

/// The first 64 bytes of an ELF file: enough to say for what it is.
fn elf_header(class: u8, machine: u16) -> Vec<u8> {
    let mut header = vec![0; 64];
    header[..4].copy_from_slice(b"\x7fELF");
    (header[4], header[5], header[6]) = (class, 1, 1);
    header[16..18].copy_from_slice(&2u16.to_le_bytes());
    header[18..20].copy_from_slice(&machine.to_le_bytes());
    header[20..24].copy_from_slice(&1u32.to_le_bytes());
    header[52..54].copy_from_slice(&64u16.to_le_bytes());
    header[54..56].copy_from_slice(&56u16.to_le_bytes());
    header
}

#[test]
fn a_kernel_for_another_machine() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("kernel");
    for (class, machine) in [(2, 183), (1, 3)] {
        std::fs::write(&path, elf_header(class, machine)).unwrap();
        run(&mut with_kernel(&path)).assert_refused(&["is built for", "x86-64"]);
    }
}

/// An ordinary program is an ELF file for x86-64 too, and has neither of the notes that a kernel needs.
#[test]
fn a_kernel_without_an_entry() {
    run(&mut with_kernel(&harness_path())).assert_refused(&["no entry that the harness can use", "PVH"]);
}

/// The harness with a kernel that knows nothing of Parakit.
fn with_foreign(arguments: &[&str]) -> std::process::Command {
    let mut command = with_kernel(&test_kernel("conforming"));
    command.args(arguments);
    command
}

#[test]
fn options_that_contradict_a_foreign_kernel() {
    for (arguments, parts) in [
        (&["blk-read"][..], &["runs no scenarios", "leave out `blk-read`"][..]),
        (&["--full"], &["--full is for scenarios", "leave --full out"]),
        (&["--param", "0=1"], &["--param is for scenarios"]),
        (&["--disk", "x.img"], &["--disk is for scenarios", "--device block=IMAGE"]),
        (&["--console"], &["--console is for scenarios", "--input FILE"]),
        (&["--backend", "loopback"], &["loopback has no guest", "leave out --backend loopback"]),
    ] {
        run(&mut with_foreign(arguments)).assert_refused(parts);
    }
}

#[test]
fn options_that_make_no_sense_for_a_foreign_kernel() {
    for (arguments, parts) in [
        (&["--device", "blok"][..], &["--device blok", "did you mean `block`?"][..]),
        (&["--device", "block=x.img,ro,write"], &["`ro` and `write` contradict"]),
        (&["--device", "block,queue-size=8,queue-size=16"], &["`queue-size` is given twice"]),
        (&["--ring", "packed", "--ring", "split"], &["--ring", "give it once"]),
        (&["--for", "-3s"], &["--for -3s is no time"]),
        (&["--memory", "-5M"], &["--memory -5M is no size"]),
        (&["--list"], &["runs no scenarios", "--list"]),
        (&["--arch", "x86_64"], &["--arch is for runs under another VMM"]),
        (&["--device", "block,color=red"], &["no option `color`", "its options are"]),
        (&["--device", "block=nowhere.img"], &["nowhere.img", "No such file"]),
        (&["--device", "block,name=a", "--device", "net,name=a"], &["two devices are called `a`"]),
        (&["--transport", "usb"], &["no such transport", "mmio, mmio-legacy or pci"]),
        (&["--transport", "mmio", "--vectors", "4"], &["MSI-X vectors are of PCI"]),
        (&["--vectors", "5000"], &["5000", "2048"]),
        (&["--vectors", "many"], &["--vectors many makes no sense"]),
        (&["--offer", "packed"], &["neither + nor -", "write `+packed`"]),
        (&["--offer", "+pakced"], &["no feature `pakced`", "did you mean `packed`?"]),
        (&["--offer", "+packed,-packed"], &["offered and left out at once"]),
        (&["--offer", "-net.mrg_rxbuf"], &["`net.mrg_rxbuf`", "add such a device"]),
        (&["--offer", "+blk.zoned"], &["block0 has nothing behind the feature `block.zoned`"]),
        (&["--ring", "split", "--offer", "+packed"], &["--ring and --offer contradict"]),
        (&["--ring", "packed", "--transport", "mmio-legacy"], &["cannot be offered over mmio-legacy"]),
        (&["--ring", "round"], &["no such ring", "split or packed"]),
        (&["--for", "soon"], &["--for soon is no time", "30s"]),
        (&["--for", "0s"], &["for no time"]),
        (&["--memory", "lots"], &["--memory lots is no size", "256M"]),
        (&["--memory", "0"], &["0 bytes", "not possible"]),
        (&["--memory", "1M"], &["1048576", "not possible"]),
        (&["--cpus", "0"], &["0 CPUs", "not possible"]),
        (&["--initrd", "nowhere"], &["initial RAM disk nowhere cannot be read"]),
        (&["--input", "nowhere"], &["input script nowhere cannot be read"]),
        (&["--expect-exit", "all"], &["--expect-exit all makes no sense"]),
    ] {
        // What the machine cannot be is known when it is made, and what a device cannot offer when the device is.
        let late = ["1M", "0", "+blk.zoned"].contains(arguments.last().expect("an option"));
        if late && !kvm_or_left_out("options_that_make_no_sense_for_a_foreign_kernel") {
            continue;
        }
        let ran = run(&mut with_foreign(arguments));
        ran.assert_refused(parts);
        assert_eq!(ran.stdout, "", "nothing was run");
    }
}

#[test]
fn two_devices_on_one_image() {
    let directory = TempDir::new().unwrap();
    let [image, soft, hard] = ["disk.img", "soft", "hard"].map(|name| directory.path().join(name));
    std::fs::write(&image, [7; 65536]).unwrap();
    std::os::unix::fs::symlink(&image, &soft).unwrap();
    std::fs::hard_link(&image, &hard).unwrap();
    for other in [&image, &soft, &hard] {
        for (one, two) in [(",write", ",write"), ("", ",write"), (",write", ",ro")] {
            let devices = [format!("block={}{one}", image.display()), format!("block={}{two}", other.display())];
            run(&mut with_foreign(&["--device", &devices[0], "--device", &devices[1]]))
                .assert_refused(&["block0 and block1 are on one file", "leave out `write`"]);
        }
    }
    assert_eq!(std::fs::read(&image).unwrap(), [7; 65536]);
}

#[test]
fn an_input_script_that_makes_no_sense() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("script");
    for (text, parts) in [
        ("wait a\nsned b\n", &["line 2 of the input script", "did you mean `send`?"][..]),
        ("capacity block7 8\n", &["line 1", "no device `block7`; it has block0, console0, entropy0"]),
        ("capacity console0 8\n", &["line 1", "type console"]),
        ("send \\q", &["line 1"]),
    ] {
        std::fs::write(&path, text).unwrap();
        run(with_foreign(&["--input"]).arg(&path)).assert_refused(parts);
    }
    std::fs::write(&path, [0xff, 0xfe]).unwrap();
    run(with_foreign(&["--input"]).arg(&path)).assert_refused(&["no text in UTF-8"]);
}

#[test]
fn options_for_foreign_kernels_without_one() {
    for arguments in [["--device", "block"], ["--for", "1s"], ["--offer", "-event_idx"], ["--ring", "packed"]] {
        let mut command = harness(&arguments);
        run(command.env_remove("PARAKIT_KERNEL")).assert_refused(&[
            "a kernel of your own",
            "--kernel FILE",
            arguments[0],
        ]);
        let mut command = harness(&arguments);
        run(command.arg("--list")).assert_refused(&["--list shows scenarios", arguments[0]]);
        // The kernel of this tree, which runs scenarios.
        run(&mut harness(&arguments)).assert_refused(&["runs scenarios", arguments[0]]);
    }
}

#[test]
fn a_foreign_kernel_larger_than_its_memory() {
    if !kvm_or_left_out("a_foreign_kernel_larger_than_its_memory") {
        return;
    }
    let directory = TempDir::new().unwrap();
    let initrd = directory.path().join("initrd");
    std::fs::File::create(&initrd).unwrap().set_len(8 << 20).unwrap();
    run(with_foreign(&["--memory", "4M", "--initrd"]).arg(&initrd))
        .assert_refused(&["initrd of 8388608 bytes", "memory"]);
}

#[test]
fn a_trace_that_would_replace_what_a_foreign_run_reads() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("file");
    for (arguments, what) in [(["--input"], "input script"), (["--initrd"], "initial RAM disk")] {
        std::fs::write(&path, "# nothing\n").unwrap();
        run(with_foreign(&arguments).arg(&path).arg("--trace").arg(&path)).assert_refused(&[what, "--trace"]);
    }
    std::fs::write(&path, [7; 1024]).unwrap();
    let device = format!("block={}", path.display());
    for option in ["--json", "--html", "--perfetto", "--trace"] {
        let picture = format!("gpu,png={}", path.display());
        run(with_foreign(&["--device", &picture, option]).arg(&path))
            .assert_refused(&["is where png= of --device goes", &format!("give {option} a file of its own")]);
        let socket = directory.path().join("socket").display().to_string();
        run(harness(&["serve", "--device", &picture, "--socket", &socket, option]).arg(&path))
            .assert_refused(&["is where png= of --device goes", option]);
    }
    let pictures = ["one", "two"].map(|name| format!("gpu,name={name},png={}", path.display()));
    run(&mut with_foreign(&["--device", &pictures[0], "--device", &pictures[1]])).assert_refused(&["png= of --device"]);
    run(&mut with_foreign(&["--device", &device, "--device", &pictures[0]]))
        .assert_refused(&["disk image of this run"]);
    run(with_foreign(&["--device", &device, "--trace"]).arg(&path)).assert_refused(&["disk image of this run"]);
    assert_eq!(std::fs::read(&path).unwrap(), [7; 1024]);
}

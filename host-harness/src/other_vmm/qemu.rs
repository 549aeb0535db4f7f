//! QEMU: which one it is, what it can do, and how it is called for a scenario.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use parakit_abi::feature::{self, Features};

use super::asked::{Answer, PATIENCE, ask};
use super::{Arch, Machine, Places, VmmError, Way};
use crate::scenario::{Bus, DeviceKind, DeviceSpec, Pci, Scenario};

/// Features, and the property of QEMU's devices that offers each.
const PROPERTIES: &[(u32, &str)] = &[
    (feature::RING_PACKED, "packed"),
    (feature::EVENT_IDX, "event_idx"),
    (feature::INDIRECT_DESC, "indirect_desc"),
    (feature::IN_ORDER, "in_order"),
    (feature::RING_RESET, "queue_reset"),
    (feature::ACCESS_PLATFORM, "iommu_platform"),
];

/// A QEMU that is there.
#[derive(Clone, Debug)]
pub struct Qemu {
    program: PathBuf,
    arch: Arch,
    version: String,
    /// Its machines, by name.
    machines: BTreeSet<String>,
    /// Its devices, by name.
    devices: BTreeSet<String>,
    /// Properties of its block devices, over MMIO and over PCI.
    properties: [BTreeSet<String>; 2],
}

impl Qemu {
    /// Finds QEMU for guests on `arch`, on the path or as `program`, and asks what it can do. `deadline` is how long each run will get, if that
    /// was said; an answer gets no longer.
    ///
    /// # Errors
    /// [`VmmError`]: there is none, it does not start, does not answer, or is something else.
    pub fn find(program: Option<&Path>, arch: Arch, deadline: Option<Duration>) -> Result<Self, VmmError> {
        let program = match program {
            Some(program) => program.to_owned(),
            None => on_path(arch.qemu_program()).ok_or(VmmError::NoQemu { program: arch.qemu_program() })?,
        };
        let patience = deadline.map_or(PATIENCE, |deadline| deadline.min(PATIENCE));
        let ask = |arguments: &[&str]| ask(&program, arguments, patience);
        let said = ask(&["--version"])?;
        let Some(version) = said.text.lines().next().and_then(version_in).map(str::to_owned) else {
            let said = said.in_short();
            return Err(VmmError::NotQemu { program, arch, said });
        };
        let strange = |asked: &[&str], said: &Answer| {
            let (program, version, asked) = (program.clone(), version.clone(), asked.join(" "));
            VmmError::Strange { program, version, arch, asked, said: said.in_short() }
        };
        if !said.is_well() {
            return Err(strange(&["--version"], &said));
        }
        let told = |asked: &[&str]| match ask(asked)? {
            said if said.is_well() && !said.text.trim().is_empty() => Ok(said.text),
            said => Err(strange(asked, &said)),
        };
        let cpus = told(&["-M", "none", "-cpu", "help"])?;
        let is_for = |arch: Arch| cpus.split_whitespace().any(|word| word == arch.qemu_cpu());
        if !is_for(arch) {
            let is = Arch::ALL.into_iter().find(|arch| is_for(*arch));
            return Err(VmmError::OtherQemu { program, version, is, wanted: arch });
        }
        let named =
            |text: &str| text.lines().filter_map(|line| Some(line.split_whitespace().next()?.to_owned())).collect();
        let machines: BTreeSet<String> = named(&told(&["-M", "help"])?);
        let wanted = Machine::all(arch).find(|machine| machines.contains(machine.name));
        if wanted.is_none() {
            return Err(VmmError::NoMachine { program, version, arch, machines: names(arch) });
        }
        let devices: BTreeSet<String> =
            told(&["-M", "none", "-device", "help"])?.lines().filter_map(device_in).map(str::to_owned).collect();
        let properties = |device: &str| -> Result<BTreeSet<String>, VmmError> {
            if !devices.contains(device) {
                return Ok(BTreeSet::new());
            }
            let help = told(&["-M", "none", "-device", &format!("{device},help")])?;
            let lines = help.lines().filter_map(|line| line.split_once('='));
            Ok(lines.map(|(name, _)| name.trim().to_owned()).collect())
        };
        let properties = [properties("virtio-blk-device")?, properties("virtio-blk-pci")?];
        Ok(Self { program, arch, version, machines, devices, properties })
    }

    /// Its version, such as `10.0.2`.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// What it runs.
    #[must_use]
    pub const fn arch(&self) -> Arch {
        self.arch
    }

    /// The machine for this way, if this QEMU has it.
    fn machine(&self, bus: Bus) -> Option<&'static Machine> {
        Machine::find(self.arch, Way::of(bus)).filter(|machine| self.machines.contains(machine.name))
    }

    /// The features that its devices can offer over a bus.
    #[must_use]
    pub fn offers(&self, bus: Bus) -> Features {
        let has = |property: &str| self.properties[usize::from(Way::of(bus).is_pci())].contains(property);
        PROPERTIES
            .iter()
            .filter(|(_, property)| has(property))
            .fold(Features::NONE, |all, (bit, _)| all.with(Features::bit(*bit)))
    }

    /// What a scenario asks for that no QEMU has for guests on `arch`, as a part of a sentence.
    #[must_use]
    pub fn lacks_on(arch: Arch, scenario: &Scenario) -> Option<String> {
        if Machine::find(arch, Way::of(scenario.bus)).is_none() {
            return Some(no_machine(arch, scenario.bus));
        }
        // A probe tells the interrupts of queues apart.
        let by_line = arch == Arch::Riscv64 && Way::of(scenario.bus).is_pci();
        (by_line && scenario.is_probe())
            .then(|| "riscv64's machine takes no messages (MSI-X), which probes over PCI count".to_owned())
    }

    /// What a scenario asks for that this QEMU does not have, as a part of a sentence; `None` if it can run.
    #[must_use]
    pub fn lacks(&self, scenario: &Scenario) -> Option<String> {
        if let Some(lacking) = Self::lacks_on(self.arch, scenario) {
            return Some(lacking);
        }
        if self.machine(scenario.bus).is_none() {
            return Some(no_machine(self.arch, scenario.bus));
        }
        let devices = scenario.devices.iter().flat_map(|device| device_names(&device.kind, scenario.bus));
        if let Some(device) = devices.into_iter().find(|device| !self.devices.contains(device)) {
            return Some(format!("this QEMU has no {device}"));
        }
        let wanted = scenario.devices.iter().fold(Features::NONE, |all, device| all.with(device.features));
        let missing = wanted.without(self.offers(scenario.bus)).without(Features::bit(feature::VERSION_1));
        let bit = missing.iter().next()?;
        let name = PROPERTIES.iter().find(|(known, _)| *known == bit).map(|(_, property)| (*property).to_owned());
        let name = name.or_else(|| feature::name(bit).map(str::to_owned));
        Some(format!("this QEMU has no {}", name.unwrap_or_else(|| format!("feature bit {bit}"))))
    }

    /// The words that the guest needs on its command line to find its devices.
    pub(super) fn guest_words(&self, bus: Bus) -> &'static str {
        self.machine(bus).map_or("", |machine| machine.words)
    }

    /// The command that boots `kernel` with the scenario's devices.
    pub(super) fn command(&self, kernel: &Path, cmdline: &str, scenario: &Scenario, places: &Places) -> Command {
        let mut command = Command::new(&self.program);
        command.args(Machine::COMMON);
        if let Some(machine) = self.machine(scenario.bus) {
            command.args(machine.arguments).args(machine.way.arguments());
        }
        command.arg("-kernel").arg(kernel).arg("-append").arg(cmdline);
        for device in &scenario.devices {
            command.args(self.device(device, scenario.bus, places));
        }
        command
    }

    /// The arguments for a device.
    fn device(&self, spec: &DeviceSpec, bus: Bus, places: &Places) -> Vec<OsString> {
        let id = &spec.name;
        let path = |option: &str, path: PathBuf| {
            let mut text = OsString::from(option);
            // A comma would end the value; doubled, it is one.
            text.push(path.to_string_lossy().replace(',', ",,"));
            text
        };
        let mut arguments: Vec<OsString> = Vec::new();
        let mut options = String::new();
        let mut behind: Vec<OsString> = Vec::new();
        match &spec.kind {
            DeviceKind::Block(block) => {
                let read_only = if block.read_only { "on" } else { "off" };
                let drive = format!("id={id},if=none,format=raw,discard=unmap,readonly={read_only},file=");
                arguments.extend(["-drive".into(), path(&drive, places.disk())]);
                let wce = if block.config_wce { "on" } else { "off" };
                options = format!(
                    ",drive={id},num-queues={},queue-size={},config-wce={wce},serial=parakit",
                    block.queues, spec.queue_size
                );
            }
            DeviceKind::Console { .. } => {
                arguments.extend(["-chardev".into(), path(&format!("socket,id={id},path="), places.console())]);
                // One port, so that it is there without the control queues.
                options = ",max_ports=1".to_owned();
                behind.extend(["-device".into(), format!("{CONSOLE_PORT},chardev={id}").into()]);
            }
            // For probes; it needs no host to talk to, and no ROM to boot from.
            DeviceKind::Net(_) if Way::of(bus).is_pci() => options = ",romfile=".to_owned(),
            DeviceKind::Net(_)
            | DeviceKind::Entropy
            | DeviceKind::Input(_)
            | DeviceKind::Gpu(_)
            | DeviceKind::Vsock(_) => {}
        }
        if let Bus::Pci(Pci { vectors, .. }) = bus {
            // The functions have no place for the legacy interface, which is not driven.
            options.push_str(&format!(",disable-legacy=on,vectors={vectors}"));
        }
        let offered = self.offers(bus);
        for (bit, property) in PROPERTIES.iter().filter(|(bit, _)| offered.has(*bit)) {
            let on = if spec.features.has(*bit) { "on" } else { "off" };
            options.push_str(&format!(",{property}={on}"));
        }
        arguments.extend(["-device".into(), format!("{}{options}", device_name(&spec.kind, bus)).into()]);
        arguments.extend(behind);
        arguments
    }
}

fn no_machine(arch: Arch, bus: Bus) -> String {
    let ports = if Way::of(bus) == Way::PciPorts { " through ports" } else { "" };
    format!("this QEMU has no machine for {arch} with {}{ports}", bus.name())
}

/// The port of a console, which is a device of its own.
const CONSOLE_PORT: &str = "virtconsole";

/// What QEMU calls a device on a bus.
fn device_name(kind: &DeviceKind, bus: Bus) -> String {
    let kind = match kind {
        DeviceKind::Block(_) => "blk",
        DeviceKind::Console { .. } => "serial",
        DeviceKind::Entropy => "rng",
        DeviceKind::Net(_) => "net",
        DeviceKind::Input(_) => "keyboard",
        DeviceKind::Gpu(_) => "gpu",
        DeviceKind::Vsock(_) => "vhost-vsock",
    };
    format!("virtio-{kind}-{}", if Way::of(bus).is_pci() { "pci" } else { "device" })
}

/// All that QEMU has to have for it.
fn device_names(kind: &DeviceKind, bus: Bus) -> Vec<String> {
    let port = matches!(kind, DeviceKind::Console { .. }).then(|| CONSOLE_PORT.to_owned());
    [device_name(kind, bus)].into_iter().chain(port).collect()
}

/// The device in a line of `-device help`.
fn device_in(line: &str) -> Option<&str> {
    line.strip_prefix("name \"")?.split('"').next()
}

/// The names of the machines for `arch`.
fn names(arch: Arch) -> String {
    let names: BTreeSet<_> = Machine::all(arch).map(|machine| machine.name).collect();
    names.into_iter().collect::<Vec<_>>().join(", ")
}

/// The version in the first line of `--version`.
fn version_in(line: &str) -> Option<&str> {
    line.strip_prefix("QEMU emulator version ")?.split([' ', '(', ',']).next().filter(|version| !version.is_empty())
}

/// A program on the path.
fn on_path(name: &str) -> Option<PathBuf> {
    first_of(&std::env::var_os("PATH")?, name)
}

/// The first program of this name in the folders of `path`; as in a shell, a file that may not be executed hides none behind it.
fn first_of(path: &OsStr, name: &str) -> Option<PathBuf> {
    let may_run = |program: &PathBuf| program.metadata().is_ok_and(|file| file.is_file() && file.mode() & 0o111 != 0);
    std::env::split_paths(path).map(|folder| folder.join(name)).find(may_run)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn the_version_is_found() {
        assert_eq!(version_in("QEMU emulator version 10.0.2 (Debian 1:10.0.2+ds-2)"), Some("10.0.2"));
        assert_eq!(version_in("QEMU emulator version 7.2.17"), Some("7.2.17"));
        assert_eq!(version_in("QEMU emulator version 2.0.0, Copyright (c) 2003-2008 Fabrice Bellard"), Some("2.0.0"));
        assert_eq!(version_in("GNU coreutils 9"), None);
    }

    #[test]
    fn what_is_no_qemu_is_told_with_what_it_said() {
        let of = |program: &str| Qemu::find(Some(Path::new(program)), Arch::X86_64, None).unwrap_err().to_string();
        assert!(of("/bin/true").contains("does not say that it is QEMU (exit status 0"), "{}", of("/bin/true"));
        assert!(of("/nonexistent/qemu").contains("cannot be started"), "{}", of("/nonexistent/qemu"));
    }

    /// A program in `folder` that says what `answers` has for its arguments.
    fn program(folder: &Path, answers: &str) -> PathBuf {
        let path = folder.join("qemu");
        std::fs::write(&path, format!("#!/bin/sh\ncase \"$*\" in\n{answers}\nesac\n")).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        path
    }

    #[test]
    fn qemu_for_another_processor_and_qemu_without_machines_are_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        let version = "--version) echo QEMU emulator version 9.9.9;;";
        let of = |answers: &str| {
            let qemu = program(folder.path(), &format!("{version}\n{answers}"));
            Qemu::find(Some(&qemu), Arch::X86_64, None).unwrap_err().to_string()
        };
        let arm = of("'-M none -cpu help') echo '  cortex-a57';; '-M help') echo virt machine;;");
        assert!(
            arm.contains("is QEMU 9.9.9 for aarch64, and this run needs x86_64; name a qemu-system-x86_64"),
            "{arm}"
        );
        let unknown = of("'-M none -cpu help') echo alpha;;");
        assert!(unknown.contains("is QEMU 9.9.9 for another processor"), "{unknown}");
        let bare = of("'-M none -cpu help') echo 'x86 qemu64';; '-M help') echo none machine;;");
        assert!(bare.contains("none of the machines microvm, q35"), "{bare}");
    }

    #[test]
    fn a_program_that_does_not_answer_is_told_with_what_it_was_asked() {
        let folder = tempfile::tempdir().unwrap();
        let of = |answers: &str, deadline: Duration| {
            let qemu = program(folder.path(), answers);
            Qemu::find(Some(&qemu), Arch::X86_64, Some(deadline)).unwrap_err().to_string()
        };
        let hangs = of("*) exec sleep 1000;;", Duration::from_secs(1));
        assert!(hangs.contains("did not answer `--version` within 1 s; name a QEMU that works with --qemu"), "{hangs}");
        // It had its time for the first answer, and more than that is never needed for a word.
        let version = "--version) echo QEMU emulator version 2.0.0;;";
        let later = of(&format!("{version}\n*) exec sleep 1000;;"), Duration::from_secs(3));
        assert!(later.contains("within 3 s"), "{later}");
    }

    #[test]
    fn what_says_that_it_is_qemu_and_answers_strangely_is_told_as_that() {
        let folder = tempfile::tempdir().unwrap();
        let of = |answers: &str| {
            let qemu = program(folder.path(), answers);
            Qemu::find(Some(&qemu), Arch::X86_64, None).unwrap_err().to_string()
        };
        let strange = |answers: &str, asked: &str, how: &str| {
            let said = of(answers);
            let told = format!("says that it is QEMU 2.0.0 and does not answer `{asked}` as QEMU does ({how}");
            assert!(said.contains(&told), "{said}");
            assert!(said.ends_with("name another qemu-system-x86_64, perhaps a newer one, with --qemu"), "{said}");
        };
        let says = "echo QEMU emulator version 2.0.0";
        strange(&format!("*) {says}; exit 1;;"), "--version", "exit status 1: QEMU emulator version 2.0.0)");
        strange(&format!("*) {says}; kill -9 $$;;"), "--version", "signal 9");
        let cpus = "-M none -cpu help";
        let knows = format!("--version) {says};;");
        strange(&format!("{knows}\n*) echo bad option >&2; exit 1;;"), cpus, "exit status 1: bad option)");
        strange(&knows, cpus, "exit status 0 and no word)");
        let knows = format!("{knows}\n'{cpus}') echo 'x86 qemu64';;");
        strange(&knows, "-M help", "exit status 0 and no word)");
        let knows = format!("{knows}\n'-M help') echo q35 machine;;");
        strange(&knows, "-M none -device help", "exit status 0 and no word)");
        let knows_of = |devices: &str| format!("{knows}\n'-M none -device help') echo '{devices}';;");
        let dies = format!("{}\n*) kill -9 $$;;", knows_of("name \"virtio-blk-device\", bus virtio-bus"));
        strange(&dies, "-M none -device virtio-blk-device,help", "signal 9");
        // A device that it does not have is nothing strange.
        let without = program(folder.path(), &knows_of("name \"e1000\", bus PCI"));
        let without = Qemu::find(Some(&without), Arch::X86_64, None).unwrap();
        assert_eq!((without.version(), without.offers(Bus::Pci(Pci::PLAIN))), ("2.0.0", Features::NONE));
    }

    #[test]
    fn what_does_not_say_that_it_is_qemu_is_told_without_its_garbage() {
        let folder = tempfile::tempdir().unwrap();
        let of = |answers: &str| {
            let qemu = program(folder.path(), answers);
            Qemu::find(Some(&qemu), Arch::X86_64, None).unwrap_err().to_string()
        };
        let killed = of("*) kill -9 $$;;");
        assert!(killed.contains("does not say that it is QEMU (signal 9"), "{killed}");
        let garbage = of("*) head -c 300 /dev/zero; printf '\\377\\033[2J';;");
        assert!(garbage.contains("does not say that it is QEMU (exit status 0: "), "{garbage}");
        assert!(!garbage.contains(char::is_control), "{garbage:?}");
    }

    #[test]
    fn what_may_not_be_executed_hides_nothing_on_the_path() {
        let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        std::fs::write(folders[0].path().join("qemu"), "no program").unwrap();
        std::fs::create_dir(folders[1].path().join("qemu")).unwrap();
        let path = std::env::join_paths(folders.iter().map(|folder| folder.path())).unwrap();
        assert_eq!(first_of(&path, "qemu"), None);
        let there = program(folders[2].path(), "");
        assert_eq!(first_of(&path, "qemu"), Some(there));
    }

    #[test]
    fn what_is_lacking_is_told_by_the_name_of_the_property() {
        let set = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<BTreeSet<_>>();
        let old = set(&["packed", "event_idx", "indirect_desc", "queue_reset", "iommu_platform"]);
        let mut qemu = Qemu {
            program: PathBuf::from("qemu"),
            arch: Arch::X86_64,
            version: "7.2.17".into(),
            machines: set(&["microvm"]),
            devices: BTreeSet::new(),
            properties: [old.clone(), old],
        };
        let mut scenario = crate::scenario::all().remove(0);
        assert_eq!(qemu.lacks(&scenario).as_deref(), Some("this QEMU has no virtio-blk-device"));
        qemu.devices = set(&["virtio-blk-device", "virtio-serial-device", "virtio-blk-pci"]);
        scenario.devices[0].features = Features::of(&[feature::EVENT_IDX, feature::IN_ORDER]);
        assert_eq!(qemu.lacks(&scenario).as_deref(), Some("this QEMU has no in_order"));
        scenario.devices[0].features = Features::of(&[feature::EVENT_IDX]);
        assert_eq!(qemu.lacks(&scenario), None);
        let mut console = crate::scenario::all()
            .into_iter()
            .find(|scenario| matches!(scenario.devices[0].kind, DeviceKind::Console { .. }))
            .unwrap();
        console.devices[0].features = Features::NONE;
        assert_eq!(qemu.lacks(&console).as_deref(), Some("this QEMU has no virtconsole"));
        scenario.bus = Bus::Pci(Pci::PLAIN);
        assert_eq!(qemu.lacks(&scenario).as_deref(), Some("this QEMU has no machine for x86_64 with pci"));
    }
}

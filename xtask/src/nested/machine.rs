//! The machine: QEMU's emulation of a PC whose CPUs have SVM.

use std::io::{BufRead as _, BufReader};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

/// How long Linux may take to its first process. On an idle machine it takes two to three seconds.
const BOOT: Duration = Duration::from_secs(180);
/// What the first process begins its lines with.
const MARK: &str = "nested: ";
/// Its last line.
const DONE: &str = "done";

/// What is started.
pub(super) struct Machine<'m> {
    pub(super) qemu: &'m Path,
    pub(super) kernel: &'m Path,
    pub(super) initrd: &'m Path,
    /// Files that the machine writes, each through the port of its name.
    pub(super) files: &'m [String],
    /// Where they are put.
    pub(super) folder: &'m Path,
}

/// Why the machine did not do what it was started for, in a sentence; and what it printed.
#[derive(Debug)]
pub(super) struct Broken {
    pub(super) sentence: String,
    pub(super) console: Vec<String>,
}

/// Ends QEMU when it goes.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Machine<'_> {
    /// Runs it until its first process is done, or for `limit`; `told` gets what that one says. What it printed in all.
    pub(super) fn run(&self, limit: Duration, mut told: impl FnMut(&str)) -> Result<Vec<String>, Broken> {
        let started = Instant::now();
        let mut console = Vec::new();
        let mut command = self.command();
        let child = command.spawn().map_err(|e| {
            let sentence = format!("cannot start {}: {e}; `cargo xtask ci tools` fetches QEMU", self.qemu.display());
            Broken { sentence, console: Vec::new() }
        })?;
        let mut running = Running(child);
        let (lines, received) = mpsc::channel();
        for output in [running.0.stdout.take().map(boxed), running.0.stderr.take().map(boxed)].into_iter().flatten() {
            let lines = lines.clone();
            // Ends with the pipe, which ends with QEMU.
            std::thread::spawn(move || {
                for line in BufReader::new(output).split(b'\n').map_while(Result::ok) {
                    let line = String::from_utf8_lossy(&line).trim_end().to_owned();
                    if lines.send(line).is_err() {
                        break;
                    }
                }
            });
        }
        drop(lines);
        let (mut booted, mut done) = (false, false);
        loop {
            let limit = if booted { limit } else { limit.min(BOOT) };
            match received.recv_timeout(limit.saturating_sub(started.elapsed())) {
                Ok(line) => {
                    if let Some(says) = line.strip_prefix(MARK) {
                        booted = true;
                        done |= says == DONE;
                        told(says);
                    }
                    console.push(line);
                }
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => {
                    let seconds = limit.as_secs();
                    let sentence = match booted {
                        false => format!(
                            "Linux did not boot in the emulated machine within {seconds} s; try it on a machine with less to do"
                        ),
                        true => format!(
                            "the emulated machine was not done within {seconds} s and was ended; give it more with --deadline"
                        ),
                    };
                    return Err(Broken { sentence, console });
                }
            }
        }
        if done {
            return Ok(console);
        }
        let status = running.0.wait().map_or_else(|e| e.to_string(), |status| status.to_string());
        let sentence = format!("the emulated machine ended before it was done ({status}); its last lines are above");
        Err(Broken { sentence, console })
    }

    fn command(&self) -> Command {
        let mut command = Command::new(self.qemu);
        // Without page tables of five levels: with them a guest's Linux died at boot now and then. With one CPU: with two, an emulation of SVM wrote
        // over memory in one of five runs (docs/nested.md), and took longer. That a second one could be added keeps the order of stores and loads
        // between it and QEMU's own threads, which QEMU drops where there is but one (docs/counterparties.md).
        command.args(["-M", "q35", "-accel", "tcg", "-cpu", "max,la57=off", "-smp", "1,maxcpus=2", "-m", "1024"]);
        command.args(["-nodefaults", "-display", "none", "-no-reboot", "-serial", "stdio"]);
        command.arg("-kernel").arg(self.kernel).arg("-initrd").arg(self.initrd);
        // What keeps Linux steady in an emulation, where its check of the timer against a loop of instructions fails now and then; a panic ends
        // the machine.
        command.args([
            "-append",
            "console=ttyS0 quiet panic=-1 tsc=unstable nokaslr mitigations=off random.trust_cpu=on no_timer_check",
        ]);
        command.args(["-device", "virtio-serial-pci"]);
        for (index, name) in self.files.iter().enumerate() {
            let path = self.file(name);
            // A comma ends a value, and is written twice inside of one.
            let path = path.display().to_string().replace(',', ",,");
            command.args(["-chardev", &format!("file,id=file{index},path={path}")]);
            command.args(["-device", &format!("virtserialport,chardev=file{index},name={name}")]);
        }
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        // SAFETY: between fork and exec this is one system call, which is allowed there; nothing is allocated or locked.
        unsafe {
            command.pre_exec(|| match libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL) {
                0 => Ok(()),
                _ => Err(std::io::Error::last_os_error()),
            });
        }
        command
    }

    /// Where the file of this name is put.
    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

fn boxed(output: impl std::io::Read + Send + 'static) -> Box<dyn std::io::Read + Send> {
    Box::new(output)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    /// Runs a script in place of QEMU.
    fn run(script: &str, limit: Duration) -> (Result<Vec<String>, Broken>, Vec<String>) {
        let folder = tempfile::tempdir().unwrap();
        let qemu = folder.path().join("qemu");
        std::fs::write(&qemu, format!("#!/bin/sh\n{script}\n")).unwrap();
        std::fs::set_permissions(&qemu, std::fs::Permissions::from_mode(0o755)).unwrap();
        let (kernel, files) = (folder.path().join("none"), ["a.json".to_owned()]);
        let machine = Machine { qemu: &qemu, kernel: &kernel, initrd: &kernel, files: &files, folder: folder.path() };
        let mut told = Vec::new();
        let result = machine.run(limit, |line| told.push(line.to_owned()));
        (result, told)
    }

    const AMPLE: Duration = Duration::from_secs(600);

    #[test]
    fn what_the_first_process_says_is_told_up_to_its_end() {
        let (result, told) = run("echo booting\necho 'nested: begin a'\necho 'nested: done'", AMPLE);
        assert_eq!(result.unwrap(), ["booting", "nested: begin a", "nested: done"]);
        assert_eq!(told, ["begin a", "done"]);
    }

    #[test]
    fn an_early_end_a_hang_and_no_qemu_are_one_sentence() {
        let (result, _) = run("echo panic >&2; exit 3", AMPLE);
        let broken = result.unwrap_err();
        assert!(broken.sentence.contains("ended before it was done (exit status: 3)"), "{}", broken.sentence);
        assert_eq!(broken.console, ["panic"]);
        let (result, _) = run("exec sleep 1000", Duration::from_millis(300));
        assert!(result.unwrap_err().sentence.contains("did not boot"));
        let (result, told) = run("echo 'nested: begin a'\nexec sleep 1000", Duration::from_secs(3));
        let broken = result.unwrap_err();
        assert!(told.is_empty() && broken.sentence.contains("did not boot") || broken.sentence.contains("--deadline"));
    }
}

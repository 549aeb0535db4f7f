//! A real browser without a window, told what to do through a pipe: what it shows, says and wants from the network can be asked.
//!
//! Chromium is spoken to in its DevTools protocol: JSON messages that end with a zero byte, on the file descriptors 3 and 4 of the process.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

/// Names under which it is installed.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
/// A browser that answers nothing for so long hangs.
const PATIENCE: Duration = Duration::from_secs(120);

/// Where a browser is: what `PARAKIT_BROWSER` names, or one that is in the path.
#[must_use]
pub fn browser_path() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("PARAKIT_BROWSER") {
        return Some(named.into());
    }
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).flat_map(|folder| NAMES.map(|name| folder.join(name))).find(|file| file.is_file())
}

/// A browser with one page.
#[derive(Debug)]
pub struct Browser {
    process: Child,
    to: File,
    from: mpsc::Receiver<Value>,
    session: String,
    next: u64,
    /// What the page told by itself since it was opened: exceptions, messages on the console, requests.
    told: Vec<Value>,
    _profile: TempDir,
}

impl Drop for Browser {
    fn drop(&mut self) {
        // It may be gone already; a profile that it still writes to cannot be removed, so it is waited for.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Browser {
    /// Starts one with an empty page of this size, in pixels.
    ///
    /// # Panics
    /// If it does not start.
    #[must_use]
    pub fn start(path: &Path, (width, height): (u32, u32)) -> Self {
        let profile = tempfile::tempdir().expect("a temporary folder");
        let (its_input, ours_to) = pipe();
        let (ours_from, its_output) = pipe();
        let mut command = Command::new(path);
        command
            .args(["--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe", "--no-first-run"])
            .args([
                "--disable-dev-shm-usage",
                "--disable-extensions",
                "--disable-background-networking",
                "--mute-audio",
            ])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg("about:blank")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let (input, output) = (its_input.as_raw_fd(), its_output.as_raw_fd());
        // SAFETY: between fork and exec only dup2 is called, which is safe there; both descriptors are open and above 9, so neither is
        // overwritten before it is copied.
        unsafe {
            command.pre_exec(move || {
                for (from, to) in [(input, 3), (output, 4)] {
                    if libc::dup2(from, to) < 0 {
                        return Err(std::io::Error::last_os_error());
                    }
                }
                Ok(())
            })
        };
        let process = command.spawn().unwrap_or_else(|e| panic!("{} does not start: {e}", path.display()));
        drop((its_input, its_output));
        let (sender, from) = mpsc::channel();
        std::thread::spawn(move || {
            let mut input = BufReader::new(File::from(ours_from));
            let mut message = Vec::new();
            while input.read_until(0, &mut message).is_ok_and(|count| count > 0) {
                message.pop();
                let Ok(value) = serde_json::from_slice(&message) else { break };
                if sender.send(value).is_err() {
                    break;
                }
                message.clear();
            }
        });
        let to = File::from(ours_to);
        let session = String::new();
        let mut browser = Self { process, to, from, session, next: 0, told: Vec::new(), _profile: profile };
        let target = browser.call("Target.createTarget", json!({ "url": "about:blank" }));
        let attached =
            browser.call("Target.attachToTarget", json!({ "targetId": target["targetId"], "flatten": true }));
        browser.session = attached["sessionId"].as_str().expect("a session").to_owned();
        for domain in ["Page", "Runtime", "Log", "Network"] {
            browser.call(&format!("{domain}.enable"), json!({}));
        }
        browser.size(width, height);
        browser
    }

    /// Makes the page so large, in pixels.
    pub fn size(&mut self, width: u32, height: u32) {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.call("Emulation.setDeviceMetricsOverride", size);
    }

    /// Makes the page believe that its user wants dark colours, or light ones.
    pub fn dark(&mut self, is: bool) {
        let value = if is { "dark" } else { "light" };
        let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": value }] });
        self.call("Emulation.setEmulatedMedia", features);
    }

    /// Opens a file and waits until `ready`, an expression, is true in it.
    pub fn open(&mut self, file: &Path, ready: &str) {
        self.told.clear();
        self.call("Page.navigate", json!({ "url": format!("file://{}", file.display()) }));
        self.wait(ready);
    }

    /// Waits until an expression is true in the page.
    ///
    /// # Panics
    /// If it never is.
    pub fn wait(&mut self, expression: &str) {
        let begun = std::time::Instant::now();
        while !self.ask(&format!("!!({expression})")).as_bool().unwrap_or_default() {
            assert!(begun.elapsed() < PATIENCE, "never true: {expression}; the page told {:#?}", self.told());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// The value of an expression in the page; a promise is waited for.
    ///
    /// # Panics
    /// If it throws.
    pub fn ask(&mut self, expression: &str) -> Value {
        let parameters = json!({ "expression": expression, "returnByValue": true, "awaitPromise": true });
        let answer = self.call("Runtime.evaluate", parameters);
        assert!(answer["exceptionDetails"].is_null(), "{expression}: {:#}", answer["exceptionDetails"]);
        answer["result"]["value"].clone()
    }

    /// Presses and releases a key, by its name in the DOM.
    pub fn key(&mut self, key: &str) {
        let text = if key.chars().count() == 1 { key } else { "" };
        self.call("Input.dispatchKeyEvent", json!({ "type": "keyDown", "key": key, "text": text }));
        self.call("Input.dispatchKeyEvent", json!({ "type": "keyUp", "key": key }));
    }

    /// Moves the mouse, presses or releases its button, or turns its wheel, at a place of the page.
    pub fn mouse(&mut self, kind: &str, x: f64, y: f64, wheel: f64) {
        let button = if kind == "mouseMoved" { "none" } else { "left" };
        let event =
            json!({ "type": kind, "x": x, "y": y, "button": button, "clickCount": 1, "deltaX": 0, "deltaY": wheel });
        self.call("Input.dispatchMouseEvent", event);
    }

    /// A picture of what is seen, as a PNG file.
    ///
    /// # Panics
    /// If the file cannot be written.
    pub fn picture(&mut self, file: &Path) {
        let picture = self.call("Page.captureScreenshot", json!({ "format": "png" }));
        let data = picture["data"].as_str().expect("a picture");
        let bytes = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, data).expect("base64");
        std::fs::write(file, bytes).expect("the picture can be written");
    }

    /// What the page told since it was opened that it should not have: exceptions, what it complained about on the console, and what it wanted from
    /// the network.
    pub fn told(&mut self) -> Vec<String> {
        self.call("Runtime.evaluate", json!({ "expression": "0" }));
        let complaint = |message: &Value| -> Option<String> {
            let parameters = &message["params"];
            match message["method"].as_str()? {
                "Runtime.exceptionThrown" => Some(format!("exception: {}", parameters["exceptionDetails"])),
                "Runtime.consoleAPICalled" => Some(format!("console: {}", parameters["args"])),
                "Log.entryAdded" => Some(format!("log: {}", parameters["entry"])),
                "Page.javascriptDialogOpening" => Some(format!("dialog: {parameters}")),
                "Network.requestWillBeSent" => {
                    let url = parameters["request"]["url"].as_str()?;
                    // The page itself, and nothing else.
                    let page = parameters["type"] == "Document" && url.starts_with("file://");
                    (!page).then(|| format!("request: {url}"))
                }
                _ => None,
            }
        };
        self.told.iter().filter_map(complaint).collect()
    }

    /// Calls a method of the protocol.
    fn call(&mut self, method: &str, parameters: Value) -> Value {
        self.next += 1;
        let mut message = json!({ "id": self.next, "method": method, "params": parameters });
        if !self.session.is_empty() {
            message["sessionId"] = self.session.clone().into();
        }
        let mut bytes = message.to_string().into_bytes();
        bytes.push(0);
        self.to.write_all(&bytes).expect("the browser listens");
        loop {
            let answer = self.from.recv_timeout(PATIENCE).unwrap_or_else(|e| panic!("{method}: no answer ({e})"));
            if answer["id"] == self.next {
                assert!(answer["error"].is_null(), "{method}: {}", answer["error"]);
                return answer["result"].clone();
            }
            if answer["method"].is_string() {
                self.told.push(answer);
            }
        }
    }
}

/// A pipe: the end to read from and the end to write to, both above 9 and closed in processes that are started.
fn pipe() -> (OwnedFd, OwnedFd) {
    let mut ends = [0; 2];
    // SAFETY: there is room for two descriptors.
    assert_eq!(unsafe { libc::pipe2(ends.as_mut_ptr(), libc::O_CLOEXEC) }, 0, "a pipe");
    let high = ends.map(|end| {
        // SAFETY: the descriptor was just made, and nobody else has it.
        let end = unsafe { OwnedFd::from_raw_fd(end) };
        // SAFETY: the descriptor is open; a number of at least 10 is asked for.
        let copy = unsafe { libc::fcntl(end.as_raw_fd(), libc::F_DUPFD_CLOEXEC, 10) };
        assert!(copy >= 10, "a descriptor");
        // SAFETY: the copy was just made, and nobody else has it.
        unsafe { OwnedFd::from_raw_fd(copy) }
    });
    let [from, to] = high;
    (from, to)
}

/// The browser of this machine. Where there is none, says on standard error, past the capture of the test runner, that `test` is left out.
///
/// # Panics
/// If there is none although one has to be, since `PARAKIT_REQUIRE_BROWSER` is set.
#[must_use]
pub fn browser_or_left_out(test: &str) -> Option<PathBuf> {
    let path = browser_path();
    if path.is_none() {
        assert!(std::env::var_os("PARAKIT_REQUIRE_BROWSER").is_none(), "a browser has to be here");
        let text = format!("LEFT OUT: {test}: there is no Chromium\n");
        // Where even that cannot be written, the summary of `cargo xtask test` still tells.
        let _ =
            std::fs::OpenOptions::new().write(true).open("/dev/stderr").and_then(|mut f| f.write_all(text.as_bytes()));
    }
    path
}

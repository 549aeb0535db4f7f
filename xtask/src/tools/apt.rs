//! An apt of its own: it reads the machine's package status and keys, and writes nowhere but into one folder.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::ToolsError;

/// What is kept of the machine's own configuration: how it reaches mirrors.
const KEPT: [&str; 5] = ["Acquire::http", "Acquire::https", "Acquire::ftp", "Acquire::Languages", "Acquire::ForceIPv"];

/// The private apt.
pub(super) struct Apt {
    folder: PathBuf,
    config: PathBuf,
}

impl Apt {
    /// Sets it up inside `folder`, with this file of sources.
    pub(super) fn new(folder: &Path, sources: &str) -> Result<Self, ToolsError> {
        for name in ["etc", "lists/partial", "cache/archives/partial"] {
            let path = folder.join(name);
            std::fs::create_dir_all(&path).map_err(ToolsError::file("make", &path))?;
        }
        let list = folder.join("etc/parakit.sources");
        std::fs::write(&list, sources).map_err(ToolsError::file("write", &list))?;
        let config = folder.join("etc/apt.conf");
        let text = configuration(folder, &list, &machine_configuration()?);
        std::fs::write(&config, text).map_err(ToolsError::file("write", &config))?;
        Ok(Self { folder: folder.to_path_buf(), config })
    }

    /// Gets the lists of packages.
    pub(super) fn update(&self) -> Result<(), ToolsError> {
        self.output("apt-get", &["update"]).map(drop)
    }

    /// Downloads these packages and what this machine lacks of what they need, from the given suite where they are there.
    pub(super) fn download(&self, suite: Option<&str>, packages: &[&str]) -> Result<(), ToolsError> {
        let mut arguments = vec!["install", "--download-only", "--reinstall", "--no-install-recommends", "--yes"];
        if let Some(suite) = suite {
            arguments.extend(["-t", suite]);
        }
        arguments.extend(packages);
        self.output("apt-get", &arguments).map(drop)
    }

    /// Downloads one package and nothing else.
    pub(super) fn download_alone(&self, package: &str) -> Result<(), ToolsError> {
        self.output("apt-get", &["download", package]).map(drop)
    }

    /// The first package that this one depends on.
    pub(super) fn dependency(&self, package: &str) -> Result<String, ToolsError> {
        let text = self.output("apt-cache", &["depends", package])?;
        let found =
            text.lines().find_map(|line| line.trim().strip_prefix("Depends:")).map(|name| name.trim().to_owned());
        found.ok_or_else(|| ToolsError::Apt { what: format!("depends {package}"), why: "it names none".to_owned() })
    }

    /// What was downloaded, sorted.
    pub(super) fn archives(&self) -> Result<Vec<PathBuf>, ToolsError> {
        let folder = self.folder.join("cache/archives");
        let entries = std::fs::read_dir(&folder).map_err(ToolsError::file("read", &folder))?;
        let paths: Result<Vec<_>, _> = entries.map(|entry| entry.map(|entry| entry.path())).collect();
        let mut paths = paths.map_err(ToolsError::file("read", &folder))?;
        paths.retain(|path| path.extension().is_some_and(|e| e == "deb"));
        paths.sort();
        Ok(paths)
    }

    fn output(&self, program: &str, arguments: &[&str]) -> Result<String, ToolsError> {
        let mut command = Command::new(program);
        command
            .args(arguments)
            .env("APT_CONFIG", &self.config)
            .env("LC_ALL", "C")
            .env("DEBIAN_FRONTEND", "noninteractive");
        command.current_dir(self.folder.join("cache/archives"));
        run(command)
    }
}

/// Runs a program of Debian's to its end; what it printed.
pub(super) fn run(mut command: Command) -> Result<String, ToolsError> {
    let what = crate::command::shown_without_variables(&command);
    let output =
        command.stdin(Stdio::null()).output().map_err(|e| ToolsError::Start { what: what.clone(), source: e })?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    Err(ToolsError::Apt { what, why: reason(&text) })
}

/// The first error that apt gives, else the last line of what it said.
fn reason(text: &str) -> String {
    let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty());
    let error = lines().find_map(|line| line.strip_prefix("E: "));
    error.or_else(|| lines().next_back()).unwrap_or("it gave no reason").trim_end_matches('.').to_owned()
}

/// What the machine's apt is set to, as `apt-config` prints it.
fn machine_configuration() -> Result<String, ToolsError> {
    let mut command = Command::new("apt-config");
    command.arg("dump").env("LC_ALL", "C");
    run(command)
}

/// The configuration of the private apt. That of the machine is left out but for [`KEPT`]: it may have hooks that clear its own caches.
fn configuration(folder: &Path, list: &Path, machine: &str) -> String {
    let quoted = |path: &Path| path.display().to_string();
    let mut text = String::from("Dir::Etc::main \"/dev/null\";\nDir::Etc::parts \"/dev/null\";\n");
    let paths = [
        ("Dir::Etc::sourcelist", quoted(list)),
        ("Dir::Etc::sourceparts", "/dev/null".to_owned()),
        ("Dir::Etc::preferences", "/dev/null".to_owned()),
        ("Dir::Etc::preferencesparts", "/dev/null".to_owned()),
        ("Dir::State::lists", quoted(&folder.join("lists"))),
        ("Dir::State::extended_states", quoted(&folder.join("extended_states"))),
        ("Dir::Cache", quoted(&folder.join("cache"))),
        ("Dir::Log", quoted(&folder.join("log"))),
        // Nothing of the machine is locked, since nothing of it is written.
        ("Debug::NoLocking", "1".to_owned()),
        // A list that cannot be had is an error, and not a remark.
        ("APT::Update::Error-Mode", "any".to_owned()),
        // The folder need not be open to apt's own user.
        ("APT::Sandbox::User", "root".to_owned()),
        ("Acquire::Retries", "3".to_owned()),
        ("Acquire::http::Timeout", "30".to_owned()),
        ("Acquire::https::Timeout", "30".to_owned()),
    ];
    for line in
        machine.lines().filter(|line| KEPT.iter().any(|kept| line.starts_with(kept)) && !line.ends_with(" \"\";"))
    {
        text.push_str(line);
        text.push('\n');
    }
    for (name, value) in paths {
        text.push_str(&format!("{name} \"{value}\";\n"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proxies_are_kept_and_hooks_are_not() {
        let machine = "APT::Update::Post-Invoke:: \"rm -f /var/cache/apt/archives/*.deb\";\nAcquire::http \"\";\n\
                       Acquire::http::Proxy \"http://proxy.example:3128\";\nDir::Cache \"var/cache/apt\";\n";
        let text = configuration(Path::new("/x"), Path::new("/x/etc/parakit.sources"), machine);
        assert!(text.contains("\nAcquire::http::Proxy \"http://proxy.example:3128\";\n"), "{text}");
        assert!(!text.contains("Post-Invoke") && !text.contains("var/cache/apt"), "{text}");
        assert!(text.contains("Dir::Etc::parts \"/dev/null\";") && text.contains("Dir::Cache \"/x/cache\";"), "{text}");
    }

    #[test]
    fn the_reason_is_one_line() {
        assert_eq!(
            reason("W: slow\nE: Failed to fetch http://m/d  Could not resolve 'm'\nE: Some index files\n"),
            "Failed to fetch http://m/d  Could not resolve 'm'"
        );
        assert_eq!(reason("dpkg-deb: error: no such file.\n\n"), "dpkg-deb: error: no such file");
        assert_eq!(reason(""), "it gave no reason");
    }
}

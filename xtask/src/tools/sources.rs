//! Where this machine gets its Debian packages from: apt's source files, in either form.

use std::fmt::Write as _;
use std::io;
use std::path::Path;

/// The suite that the newer QEMU comes from, as a suffix of the release's name.
const BACKPORTS: &str = "-backports";
/// What is kept of a source beside its mirrors and suites: how its signatures are checked.
const KEPT: [&str; 3] = ["Signed-By", "Trusted", "Check-Valid-Until"];

/// One source of packages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Source {
    uris: Vec<String>,
    suites: Vec<String>,
    /// Fields of [`KEPT`], as they are written in a deb822 file, with the lines that follow them.
    fields: Vec<(&'static str, String)>,
}

/// The sources of a machine's apt folder (`sources.list`, `sources.list.d`).
pub(super) fn of_machine(apt: &Path) -> io::Result<Vec<Source>> {
    let mut found = Vec::new();
    let read = |path: &Path| match std::fs::read_to_string(path) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(String::new()),
        other => other,
    };
    found.extend(one_line_form(&read(&apt.join("sources.list"))?));
    let parts = apt.join("sources.list.d");
    let mut paths = Vec::new();
    if parts.is_dir() {
        for entry in std::fs::read_dir(&parts)? {
            paths.push(entry?.path());
        }
    }
    paths.sort();
    for path in paths {
        match path.extension().and_then(|e| e.to_str()) {
            Some("list") => found.extend(one_line_form(&read(&path)?)),
            Some("sources") => found.extend(deb822_form(&read(&path)?)),
            _ => {}
        }
    }
    Ok(found)
}

/// Lines such as `deb [signed-by=KEY] http://mirror/debian bookworm main`.
fn one_line_form(text: &str) -> Vec<Source> {
    text.lines().filter_map(one_line).collect()
}

fn one_line(line: &str) -> Option<Source> {
    let line = line.split('#').next()?.trim();
    let rest = line.strip_prefix("deb").filter(|rest| rest.starts_with([' ', '\t', '[']))?.trim_start();
    let (options, rest) = match rest.strip_prefix('[') {
        Some(rest) => rest.split_once(']')?,
        None => ("", rest),
    };
    let mut words = rest.split_whitespace().map(str::to_owned);
    let mut source = Source { uris: vec![words.next()?], suites: vec![words.next()?], fields: Vec::new() };
    for option in options.split_whitespace() {
        let (name, value) = option.split_once('=')?;
        if let Some(field) = KEPT.iter().find(|field| field.eq_ignore_ascii_case(name)) {
            source.fields.push((field, value.replace(',', " ")));
        }
    }
    Some(source)
}

/// Paragraphs of fields.
fn deb822_form(text: &str) -> Vec<Source> {
    let mut found = Vec::new();
    let mut fields: Vec<(String, String)> = Vec::new();
    for line in text.lines().chain([""]) {
        if line.starts_with('#') {
            continue;
        }
        if line.trim().is_empty() {
            found.extend(paragraph(&std::mem::take(&mut fields)));
        } else if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = fields.last_mut() {
                value.push('\n');
                value.push_str(line);
            }
        } else if let Some((name, value)) = line.split_once(':') {
            fields.push((name.trim().to_owned(), value.trim().to_owned()));
        }
    }
    found
}

fn paragraph(fields: &[(String, String)]) -> Option<Source> {
    let value = |name: &str| fields.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_str());
    let words =
        |name: &str| -> Vec<String> { value(name).unwrap_or_default().split_whitespace().map(str::to_owned).collect() };
    let disabled = value("Enabled").is_some_and(|v| matches!(v.to_ascii_lowercase().as_str(), "no" | "false" | "0"));
    if disabled || !words("Types").iter().any(|t| t == "deb") {
        return None;
    }
    let kept = KEPT.iter().filter_map(|field| Some((*field, value(field)?.to_owned())));
    let source = Source { uris: words("URIs"), suites: words("Suites"), fields: kept.collect() };
    (!source.uris.is_empty() && !source.suites.is_empty()).then_some(source)
}

/// The file for a private apt: the release's suites as this machine gets them, and its backports from where the release comes from.
/// `None`: nothing here gives the release itself.
pub(super) fn for_release(sources: &[Source], release: &str) -> Option<String> {
    let mut text = String::new();
    let mut whole = false;
    for source in sources {
        let of_release = |suite: &&String| suite.split(['-', '/']).next() == Some(release);
        let mut suites: Vec<String> = source.suites.iter().filter(of_release).cloned().collect();
        if suites.is_empty() || source.uris.iter().all(|uri| uri.starts_with("cdrom:")) {
            continue;
        }
        let backports = format!("{release}{BACKPORTS}");
        if suites.iter().any(|suite| suite == release) && !suites.contains(&backports) {
            suites.push(backports);
        }
        whole |= suites.iter().any(|suite| suite == release);
        // Writing to a string does not fail.
        let _ = writeln!(text, "Types: deb\nURIs: {}\nSuites: {}", source.uris.join(" "), suites.join(" "));
        let _ = writeln!(text, "Components: main\nArchitectures: amd64");
        for (field, value) in &source.fields {
            let _ = writeln!(text, "{field}: {value}");
        }
        text.push('\n');
    }
    whole.then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEB822: &str = "\
Types: deb deb-src
# a remark
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main contrib
signed-by: /usr/share/keyrings/debian.gpg

Types: deb
URIs: https://elsewhere.example/apt
Suites: nodistro
Components: main

Types: deb
Enabled: no
URIs: http://off.example/debian
Suites: bookworm
Components: main
";

    #[test]
    fn paragraphs_give_the_release_and_its_backports() {
        let text = for_release(&deb822_form(DEB822), "bookworm").unwrap();
        assert_eq!(
            text,
            "Types: deb\nURIs: http://mirror.example/debian\nSuites: bookworm bookworm-updates bookworm-backports\n\
             Components: main\nArchitectures: amd64\nSigned-By: /usr/share/keyrings/debian.gpg\n\n"
        );
    }

    #[test]
    fn lines_give_the_same() {
        let lines = "# deb http://old.example/debian bookworm main\n\
                     deb-src http://mirror.example/debian bookworm main\n\
                     deb [arch=amd64 signed-by=/k.gpg] http://mirror.example/debian bookworm main contrib # remark\n\
                     deb\thttp://security.example/debian-security bookworm-security main\n\
                     deb http://elsewhere.example/apt trixie main\n";
        let sources = one_line_form(lines);
        assert_eq!(sources.len(), 3);
        assert_eq!(
            for_release(&sources, "bookworm").unwrap(),
            "Types: deb\nURIs: http://mirror.example/debian\nSuites: bookworm bookworm-backports\nComponents: main\n\
             Architectures: amd64\nSigned-By: /k.gpg\n\nTypes: deb\nURIs: http://security.example/debian-security\n\
             Suites: bookworm-security\nComponents: main\nArchitectures: amd64\n\n"
        );
    }

    #[test]
    fn a_key_inside_the_file_is_kept_whole() {
        let text = "Types: deb\nURIs: http://m/d\nSuites: bookworm\nComponents: main\nSigned-By:\n -----BEGIN\n .\n abc\n -----END\n";
        let out = for_release(&deb822_form(text), "bookworm").unwrap();
        assert!(out.ends_with("Signed-By: \n -----BEGIN\n .\n abc\n -----END\n\n"), "{out}");
        // What was written reads as what it was made from.
        assert_eq!(for_release(&deb822_form(&out), "bookworm").unwrap(), out);
    }

    #[test]
    fn without_the_release_itself_there_is_nothing() {
        for lines in [
            "",
            "deb http://m/d trixie main\n",
            "deb http://m/s bookworm-security main\n",
            "deb cdrom:[x]/ bookworm main\n",
        ] {
            assert_eq!(for_release(&one_line_form(lines), "bookworm"), None, "{lines}");
        }
    }

    #[test]
    fn both_forms_are_read_from_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(of_machine(folder.path()).unwrap(), []);
        let parts = folder.path().join("sources.list.d");
        std::fs::create_dir(&parts).unwrap();
        std::fs::write(folder.path().join("sources.list"), "deb http://a/d bookworm main\n").unwrap();
        std::fs::write(parts.join("b.sources"), DEB822).unwrap();
        std::fs::write(parts.join("c.list"), "deb http://c/d bookworm main\n").unwrap();
        std::fs::write(parts.join("d.list.save"), "deb http://d/d bookworm main\n").unwrap();
        let uris: Vec<_> = of_machine(folder.path()).unwrap().into_iter().flat_map(|source| source.uris).collect();
        assert_eq!(uris, ["http://a/d", "http://mirror.example/debian", "https://elsewhere.example/apt", "http://c/d"]);
    }
}

//! The subjects whose kernels this tree builds: `cargo xtask harness --subject NAME`.

use crate::command::Failure;

/// A subject and the package of its kernel.
pub(crate) struct Subject {
    /// As users write it.
    pub(crate) name: &'static str,
    pub(crate) package: &'static str,
}

/// The drivers of this tree.
pub(crate) const PARAKIT: Subject = Subject { name: "parakit", package: "parakit-kernel" };

/// All of them.
pub(crate) const ALL: &[Subject] = &[
    PARAKIT,
    Subject { name: "virtio-drivers", package: "parakit-subject-virtio-drivers" },
    Subject { name: "virtio-spec", package: "parakit-subject-virtio-spec" },
];

/// Takes `--subject NAME` out of the harness's arguments: what it names, or [`PARAKIT`].
pub(crate) fn take(arguments: &mut Vec<String>) -> Result<&'static Subject, Failure> {
    let mut name = None;
    while let Some(at) = arguments.iter().position(|a| a == "--subject" || a.starts_with("--subject=")) {
        let found = match arguments.remove(at).split_once('=') {
            Some((_, name)) => Some(name.to_owned()),
            None => (at < arguments.len()).then(|| arguments.remove(at)),
        };
        let found = found.ok_or_else(|| Failure::CannotRun(format!("--subject needs a name, one of {}", list())))?;
        if name.replace(found).is_some() {
            return Err(Failure::CannotRun("--subject was given twice; run one subject at a time".to_owned()));
        }
    }
    let Some(name) = name else { return Ok(&PARAKIT) };
    let subject = ALL.iter().find(|s| s.name == name).ok_or_else(|| {
        let list = list();
        Failure::CannotRun(format!(
            "there is no subject `{name}`; choose one of {list}, or give a kernel with --kernel"
        ))
    })?;
    // The user's kernel and loopback would quietly take its place.
    if arguments.iter().any(|a| a == "--kernel" || a.starts_with("--kernel=")) {
        return Err(Failure::CannotRun("--subject and --kernel both say what to boot; give one of them".to_owned()));
    }
    // What boots no kernel.
    let boots_none = |a: &String| matches!(a.as_str(), "--list" | "replay" | "probe" | "serve");
    if let Some(other) = arguments.iter().find(|a| boots_none(a)) {
        return Err(Failure::CannotRun(format!("{other} boots no kernel and has no use for --subject; leave one out")));
    }
    if subject.name != PARAKIT.name && is_loopback(arguments) {
        let why = format!("loopback runs Parakit's own drivers, not those of {name}; leave out --backend or --subject");
        return Err(Failure::CannotRun(why));
    }
    Ok(subject)
}

/// Whether these arguments of the harness ask for loopback.
pub(crate) fn is_loopback(arguments: &[String]) -> bool {
    arguments.windows(2).any(|w| w[0] == "--backend" && w[1] == "loopback")
        || arguments.iter().any(|a| a == "--backend=loopback")
}

fn list() -> String {
    ALL.iter().map(|s| s.name).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> (Result<&'static str, String>, Vec<String>) {
        let mut arguments: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        let subject = take(&mut arguments).map(|s| s.package).map_err(|e| e.sentence().to_owned());
        (subject, arguments)
    }

    #[test]
    fn the_name_is_taken_out() {
        for text in ["-q --subject virtio-drivers blk-*", "-q --subject=virtio-drivers blk-*"] {
            let (subject, rest) = split(text);
            assert_eq!((subject, rest.join(" ").as_str()), (Ok("parakit-subject-virtio-drivers"), "-q blk-*"));
        }
        assert_eq!(split("blk-read").0, Ok("parakit-kernel"));
        assert_eq!(split("--subject parakit --backend loopback").0, Ok("parakit-kernel"));
    }

    #[test]
    fn what_cannot_be_is_one_sentence() {
        for (text, says) in [
            ("--subject nobody", "there is no subject `nobody`; choose one of parakit, virtio-drivers, virtio-spec,"),
            ("--subject", "needs a name"),
            ("--subject parakit --subject parakit", "twice"),
            ("--subject parakit --kernel k", "both say what to boot"),
            ("--subject virtio-drivers --list", "--list boots no kernel and has no use for --subject"),
            ("replay --subject virtio-drivers t", "replay boots no kernel"),
            ("--subject=virtio-drivers --backend=loopback", "Parakit's own drivers"),
        ] {
            let why = split(text).0.expect_err(text);
            assert!(why.contains(says), "{text}: {why}");
        }
    }
}

//! `cargo xtask catalogue`: generates the typed requirement ids from `shared-abi/requirements.csv`.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context, Result, bail};

/// Where the catalogue is, from the workspace root.
const CATALOGUE: &str = "shared-abi/requirements.csv";
/// Where the generated module is, from the workspace root.
const GENERATED: &str = "shared-abi/src/requirement/generated.rs";

/// Generates the module; with `check`, only says whether the file on disk is what would be generated.
pub(crate) fn run(root: &Path, check: bool) -> Result<()> {
    let text = generate(&root.join(CATALOGUE))?;
    let path = root.join(GENERATED);
    if check {
        let found = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        if found != text {
            bail!("{GENERATED} is older than {CATALOGUE}: run `cargo xtask catalogue` and commit the result");
        }
        return Ok(());
    }
    std::fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))
}

fn generate(csv: &Path) -> Result<String> {
    let mut reader = csv::Reader::from_path(csv).with_context(|| format!("cannot read {}", csv.display()))?;
    let headers = reader.headers()?.clone();
    let column = |name: &str| {
        headers.iter().position(|h| h == name).with_context(|| format!("{CATALOGUE} has no column `{name}`"))
    };
    let (id, area, side, strength) = (column("id")?, column("area")?, column("side")?, column("strength")?);
    let (section, text) = (column("section")?, column("paraphrase")?);
    let (observability, scope) = (column("observability")?, column("kit_scope")?);

    let mut ids = String::new();
    let mut rows = String::new();
    for (i, record) in reader.records().enumerate() {
        let record = record?;
        let name = &record[id];
        let variant = |value: &str| -> Result<&'static str> {
            Ok(match value {
                "driver" => "Driver",
                "device" => "Device",
                "both" => "Both",
                "MUST" => "Must",
                "MUST NOT" => "MustNot",
                "SHOULD" => "Should",
                "SHOULD NOT" => "ShouldNot",
                "MAY" => "May",
                "direct" => "Direct",
                "provoked" => "Provoked",
                "partial" => "Partial",
                "none" => "None",
                "permission" => "Permission",
                "" => "Unclassified",
                other => bail!("{CATALOGUE}: {name} has the unknown value `{other}`"),
            })
        };
        writeln!(ids, "    /// §{}: {}", &record[section], escape_doc(&record[text]))?;
        writeln!(ids, "    pub const {}: RequirementId = RequirementId({i});", name.replace('-', "_"))?;
        writeln!(
            rows,
            "    row({:?}, {:?}, Side::{}, Strength::{}, {:?}, {:?}, Observability::{}, {}),",
            name,
            &record[area],
            variant(&record[side])?,
            variant(&record[strength])?,
            &record[section],
            &record[text],
            variant(&record[observability])?,
            &record[scope] == "yes",
        )?;
    }
    Ok(format!(
        "// @generated from requirements.csv by `cargo xtask catalogue`. Do not edit.\n\n\
         use super::{{Observability, Requirement, Side, Strength}};\n\n\
         /// One constant a requirement, named as its id with `_` for `-`.\n\
         pub mod id {{\n    use super::super::RequirementId;\n\n{ids}}}\n\n\
         /// The catalogue, in the order of the file.\n\
         pub static ALL: &[Requirement] = &[\n{rows}];\n\n\
         #[allow(clippy::too_many_arguments)]\n\
         const fn row(\n    id: &'static str,\n    area: &'static str,\n    side: Side,\n    strength: Strength,\n    \
         section: &'static str,\n    text: &'static str,\n    observability: Observability,\n    kit_scope: bool,\n\
         ) -> Requirement {{\n    \
         Requirement {{ id, area, side, strength, section, text, observability, kit_scope }}\n}}\n"
    ))
}

/// Keeps rustdoc from reading the paraphrase as Markdown links or tags.
fn escape_doc(text: &str) -> String {
    text.replace('<', "\\<").replace('>', "\\>").replace('[', "\\[").replace(']', "\\]")
}

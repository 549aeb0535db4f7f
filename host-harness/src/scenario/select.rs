//! Choosing scenarios by name.

use super::Scenario;
use crate::likeness;

/// A name that no scenario has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no scenario `{name}`;{} `--list` shows them all", likeness::hint(.nearest.as_deref()))]
pub struct UnknownScenario {
    /// The name.
    pub name: String,
    /// The scenario whose name is most like it, if one is.
    pub nearest: Option<String>,
}

/// The scenarios of these names, in the order of `all`; all of them when there are no names. A name with `*` at its end stands for all that
/// begin so.
///
/// # Errors
/// The first name that fits none.
pub fn select(all: Vec<Scenario>, names: &[String]) -> Result<Vec<Scenario>, UnknownScenario> {
    if names.is_empty() {
        return Ok(all);
    }
    if let Some(name) = names.iter().find(|name| !all.iter().any(|s| fits(s, name))) {
        let nearest = likeness::nearest(name, all.iter().map(|s| s.name.as_str())).map(str::to_owned);
        return Err(UnknownScenario { name: name.clone(), nearest });
    }
    Ok(all.into_iter().filter(|s| names.iter().any(|name| fits(s, name))).collect())
}

/// Whether a name, with `*` at its end a beginning, means the scenario.
pub(super) fn fits(scenario: &Scenario, name: &str) -> bool {
    match name.strip_suffix('*') {
        Some(start) => scenario.name.starts_with(start),
        None => scenario.name == name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(scenarios: &[Scenario]) -> Vec<&str> {
        scenarios.iter().map(|s| s.name.as_str()).collect()
    }

    #[test]
    fn no_name_selects_all() {
        let all = crate::scenario::all();
        assert_eq!(select(all.clone(), &[]).unwrap().len(), all.len());
    }

    #[test]
    fn names_and_beginnings_select_in_the_order_of_the_list() {
        let wanted = ["entropy".to_owned(), "blk-read".to_owned()];
        assert_eq!(names(&select(crate::scenario::all(), &wanted).unwrap()), ["blk-read", "entropy"]);
        let begun = select(crate::scenario::all(), &["console-*".to_owned()]).unwrap();
        assert!(begun.len() > 1 && begun.iter().all(|s| s.name.starts_with("console-")));
    }

    #[test]
    fn an_unknown_name_suggests_the_nearest() {
        let error = select(crate::scenario::all(), &["blk-raed".to_owned()]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "there is no scenario `blk-raed`; did you mean `blk-read`? `--list` shows them all"
        );
        let error = select(crate::scenario::all(), &["zzzz".to_owned()]).unwrap_err();
        assert_eq!(error.to_string(), "there is no scenario `zzzz`; `--list` shows them all");
    }
}

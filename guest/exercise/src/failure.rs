//! Why a workload did not pass.

use alloc::string::{String, ToString};

/// Why a workload did not pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// There is no workload of that name.
    Unknown,
    /// It did not go as it should; the text says what was expected and what happened.
    Failed(String),
}

impl Failure {
    /// A failure told by `text`.
    pub fn new(text: impl Into<String>) -> Self {
        Self::Failed(text.into())
    }

    /// A failure of `what`, told by an error value.
    pub fn of(what: &str, error: impl core::fmt::Display) -> Self {
        let mut text = what.to_string();
        text.push_str(": ");
        text.push_str(&error.to_string());
        Self::Failed(text)
    }
}

impl core::fmt::Display for Failure {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Unknown => f.write_str("no workload has this name"),
            Self::Failed(text) => f.write_str(text),
        }
    }
}

impl core::error::Error for Failure {}

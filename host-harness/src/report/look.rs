//! How texts for people are to look: as wide as the terminal, coloured where somebody sees it.

/// Width and colours of texts.
///
/// ```
/// use parakit_harness::report::Look;
/// assert_eq!(Look::PLAIN.good("passed"), "passed");
/// assert_eq!(Look { colours: true, ..Look::PLAIN }.good("passed"), "\u{1b}[32mpassed\u{1b}[0m");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// Most columns of a line, where what is in it can be folded.
    pub columns: u16,
    /// Whether there are colours (ANSI escape sequences).
    pub colours: bool,
}

impl Look {
    /// 100 columns, no colours: for files and pipes.
    pub const PLAIN: Self = Self { columns: 100, colours: false };

    /// What is as it should be.
    #[must_use]
    pub fn good(self, text: &str) -> String {
        self.painted("32", text)
    }

    /// What should not be, and fails nothing.
    #[must_use]
    pub fn warning(self, text: &str) -> String {
        self.painted("33", text)
    }

    /// What must not be.
    #[must_use]
    pub fn bad(self, text: &str) -> String {
        self.painted("1;31", text)
    }

    /// What is of less interest.
    #[must_use]
    pub fn faint(self, text: &str) -> String {
        self.painted("2", text)
    }

    fn painted(self, style: &str, text: &str) -> String {
        if self.colours { format!("\x1b[{style}m{text}\x1b[0m") } else { text.to_owned() }
    }
}

//! One field of a form as HTML: label, hint, what was typed, and what is wrong with it, tied together for screen readers.

use askama::Template;
use askama::filters::HtmlSafe;

use super::Form;

/// What kind of control it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Line(&'static str),
    Area(u8),
    Choice,
    Tick,
}

/// A field to be shown. In a template: `{{ form.line("name", "Name").hint("As it is on the contract.") }}`.
#[derive(Debug, Template)]
#[template(path = "control.html")]
pub struct Control<'a> {
    name: &'a str,
    label: &'a str,
    kind: Kind,
    hint: &'a str,
    value: &'a str,
    error: Option<&'a str>,
    options: Vec<(&'a str, &'a str)>,
    optional: bool,
    autocomplete: &'static str,
    inputmode: &'static str,
    key: &'static str,
}

impl HtmlSafe for Control<'_> {}

/// Everything that is wrong, at the top of a form, each with a link to its field.
#[derive(Debug, Template)]
#[template(path = "summary.html")]
pub struct Summary<'a> {
    form: &'a Form,
}

impl HtmlSafe for Summary<'_> {}

impl Form {
    /// A field of one line.
    pub fn line<'a>(&'a self, name: &'a str, label: &'a str) -> Control<'a> {
        self.control(name, label, Kind::Line("text"))
    }

    /// A field of several lines.
    pub fn area<'a>(&'a self, name: &'a str, label: &'a str, rows: u8) -> Control<'a> {
        self.control(name, label, Kind::Area(rows))
    }

    /// A choice of one out of options, each value with its text.
    pub fn choice<'a>(
        &'a self,
        name: &'a str,
        label: &'a str,
        options: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Control<'a> {
        let mut control = self.control(name, label, Kind::Choice);
        control.options = options.into_iter().collect();
        control
    }

    /// A box to tick; sends `on`.
    pub fn tick<'a>(&'a self, name: &'a str, label: &'a str) -> Control<'a> {
        self.control(name, label, Kind::Tick)
    }

    /// Everything that is wrong; nothing if nothing is.
    pub fn summary(&self) -> Summary<'_> {
        Summary { form: self }
    }

    fn control<'a>(&'a self, name: &'a str, label: &'a str, kind: Kind) -> Control<'a> {
        let (value, error) = (self.value(name), self.error(name));
        Control {
            name,
            label,
            kind,
            hint: "",
            value,
            error,
            options: Vec::new(),
            optional: false,
            autocomplete: "",
            inputmode: "",
            key: "",
        }
    }
}

impl<'a> Control<'a> {
    /// One sentence below the label.
    #[must_use]
    pub fn hint(mut self, text: &'a str) -> Self {
        self.hint = text;
        self
    }

    /// Says that the field may stay empty. All others are needed.
    #[must_use]
    pub fn optional(mut self) -> Self {
        self.optional = true;
        self
    }

    /// The `type` of a field of one line: `email`, `number`, `date` ...
    #[must_use]
    pub fn input(mut self, kind: &'static str) -> Self {
        self.kind = Kind::Line(kind);
        self
    }

    /// Lets a phone show its keys for a decimal number, without the arrows and the rounding of `number`.
    #[must_use]
    pub fn decimal(mut self) -> Self {
        self.inputmode = "decimal";
        self
    }

    /// What the browser may fill in: `username`, `current-password` ...
    #[must_use]
    pub fn autocomplete(mut self, token: &'static str) -> Self {
        self.autocomplete = token;
        self
    }

    /// The key that leads to it.
    #[must_use]
    pub fn key(mut self, key: &'static str) -> Self {
        self.key = key;
        self
    }

    /// What is in the field; never a password.
    fn shown(&self) -> &str {
        if self.kind == Kind::Line("password") { "" } else { self.value }
    }

    /// The ids of hint and error, for `aria-describedby`.
    fn described_by(&self) -> String {
        let hint = (!self.hint.is_empty()).then(|| format!("hint-{}", self.name));
        let error = self.error.map(|_| format!("error-{}", self.name));
        [hint, error].into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}

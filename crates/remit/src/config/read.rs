//! Where values come from: a file, the environment, the defaults. All of them are text until somebody asks for more.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::{FILE, SETTINGS, Setting};
use crate::failure::{Failure, Reason, did_you_mean};

/// More than any such file has.
const LONGEST: u64 = 1 << 20;

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// From nowhere.
    Default,
    /// From a variable of the environment.
    Variable(String),
    /// From a line of the file.
    File {
        /// As it is called.
        file: String,
        /// Counted from 1.
        line: usize,
        /// Counted from 1.
        column: usize,
        /// The line.
        excerpt: String,
    },
}

/// What was said, by key.
#[derive(Debug)]
pub struct Values(BTreeMap<&'static str, (String, Origin)>);

/// What was found so far.
#[derive(Default)]
struct Found {
    values: BTreeMap<&'static str, (String, Origin)>,
    wrong: Vec<Reason>,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::Variable(name) => f.write_str(name),
            Self::File { line, .. } => write!(f, "{FILE}:{line}"),
        }
    }
}

impl Values {
    /// The defaults alone.
    pub fn none() -> Self {
        Self(BTreeMap::new())
    }

    /// The file in a folder, where there is one, and above it the variables.
    pub fn read(folder: &Path, variables: impl Iterator<Item = (String, String)>) -> Result<Self, Failure> {
        let mut found = Found::default();
        let path = folder.join(FILE);
        let name = path.display().to_string();
        let unreadable = |error: &dyn fmt::Display| Failure::new(format!("cannot read {name}: {error}"));
        match std::fs::metadata(&path) {
            Ok(about) if about.len() > LONGEST => return Err(unreadable(&"it is longer than 1 MiB")),
            Ok(_) => {
                let text = std::fs::read_to_string(&path).map_err(|e| unreadable(&e))?;
                Text { name: &name, text: &text }.values(&mut found);
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(unreadable(&error)),
        }
        for (variable, value) in variables {
            from_variable(&variable, value, &mut found);
        }
        if found.wrong.is_empty() { Ok(Self(found.values)) } else { Err(Failure { errors: found.wrong }) }
    }

    /// The value of a setting, and where it comes from.
    pub fn get(&self, key: &str) -> (&str, &Origin) {
        match self.0.get(key) {
            Some((value, origin)) => (value, origin),
            None => (Setting::find(key).expect("only settings are asked for").default, &Origin::Default),
        }
    }
}

/// A variable that is meant for a setting; `..._FILE` names a file that holds the value, as containers hand out secrets.
fn from_variable(variable: &str, value: String, found: &mut Found) {
    let sections = SETTINGS.iter().filter_map(|setting| setting.key.split('.').next());
    let ours = |section: &str| variable.starts_with(&format!("REMIT_{}_", section.to_ascii_uppercase()));
    if !sections.into_iter().any(ours) {
        return;
    }
    let origin = Origin::Variable(variable.to_owned());
    let find = |name: &str| SETTINGS.iter().find(|setting| setting.variable() == name);
    if let Some(setting) = find(variable) {
        found.values.insert(setting.key, (value, origin));
    } else if let Some(setting) = variable.strip_suffix("_FILE").and_then(find) {
        match std::fs::read_to_string(&value) {
            Ok(held) => {
                found.values.insert(setting.key, (held.trim_end_matches(['\r', '\n']).to_owned(), origin));
            }
            Err(error) => found.wrong.push(Reason {
                message: format!("the variable {variable} names {value}, which cannot be read: {error}"),
                ..Reason::default()
            }),
        }
    } else {
        let known: Vec<String> = SETTINGS.iter().map(Setting::variable).collect();
        found.wrong.push(Reason {
            message: format!("the variable {variable} sets nothing"),
            hint: did_you_mean(variable, known.iter().map(String::as_str)),
            ..Reason::default()
        });
    }
}

/// The file.
struct Text<'t> {
    name: &'t str,
    text: &'t str,
}

impl Text<'_> {
    fn values(&self, found: &mut Found) {
        let table = match DeTable::parse(self.text) {
            Ok(table) => table,
            Err(error) => {
                let at = error.span().map_or(0, |span| span.start);
                return found.wrong.push(self.reason(at, error.message().to_owned(), None));
            }
        };
        for (section, value) in table.into_inner() {
            let known = || SETTINGS.iter().filter_map(|setting| setting.key.split('.').next());
            let at = section.span().start;
            let section = section.into_inner();
            if !known().any(|name| name == section) {
                let mut names: Vec<&str> = known().collect();
                names.dedup();
                let message = format!("there is no section `{section}`");
                found.wrong.push(self.reason(at, message, did_you_mean(&section, names.iter().copied())));
                continue;
            }
            match value.into_inner() {
                DeValue::Table(entries) => {
                    for (name, value) in entries {
                        self.entry(&section, &name, &value, found);
                    }
                }
                _ => found.wrong.push(self.reason(
                    at,
                    format!("`{section}` is a section: write [{section}]"),
                    None,
                )),
            }
        }
    }

    fn entry(
        &self,
        section: &str,
        name: &Spanned<DeString<'_>>,
        value: &Spanned<DeValue<'_>>,
        found: &mut Found,
    ) {
        let at = name.span().start;
        let key = format!("{section}.{}", name.get_ref());
        let Some(setting) = Setting::find(&key) else {
            let known = SETTINGS.iter().map(|setting| setting.key);
            let hint =
                did_you_mean(&key, known.filter(|known| known.starts_with(section)).collect::<Vec<_>>());
            return found.wrong.push(self.reason(at, format!("there is no setting `{key}`"), hint));
        };
        let text = match value.get_ref() {
            DeValue::String(text) => text.to_string(),
            DeValue::Integer(number) => number.to_string(),
            DeValue::Float(number) => number.to_string(),
            DeValue::Boolean(yes) => yes.to_string(),
            _ => {
                return found.wrong.push(self.reason(
                    at,
                    format!("`{key}` is one value: write a text or a number"),
                    None,
                ));
            }
        };
        let (line, column, excerpt) = self.place(value.span().start);
        let origin = Origin::File { file: self.name.to_owned(), line, column, excerpt };
        found.values.insert(setting.key, (text, origin));
    }

    /// What is wrong at a byte of the file. The line is not shown: it may hold a secret whose name is misspelt.
    fn reason(&self, at: usize, message: String, hint: Option<String>) -> Reason {
        let (line, column, _) = self.place(at);
        let file = Some(self.name.to_owned());
        Reason { message, hint, file, line: Some(line), column: Some(column), ..Reason::default() }
    }

    /// Line and column of a byte, counted from 1, and the line.
    fn place(&self, at: usize) -> (usize, usize, String) {
        let before = self.text.get(..at).unwrap_or(self.text);
        let start = before.rfind('\n').map_or(0, |end| end + 1);
        let line = self.text[start..].lines().next().unwrap_or_default();
        (before.matches('\n').count() + 1, before[start..].chars().count() + 1, line.to_owned())
    }
}

//! What is to be measured: plain numbers, written by `remit-bench`.

use serde::Deserialize;

/// One number per input.
pub type Point = Vec<u16>;

/// Tables and questions.
#[derive(Debug, Deserialize)]
pub struct Task {
    /// Names of the inputs.
    pub inputs: Vec<String>,
    /// How often each question is asked.
    pub rounds: usize,
    /// The tables.
    pub tables: Vec<Table>,
}

/// A list of rules, of which exactly one applies to every question.
#[derive(Debug, Deserialize)]
pub struct Table {
    /// The rules in their order.
    pub rules: Vec<Rule>,
    /// The questions.
    pub cases: Vec<Case>,
}

/// An interval per input, both ends included, or none where the input does not matter; and who owns what meets it.
#[derive(Debug, Deserialize)]
pub struct Rule {
    /// The intervals, in the order of the inputs.
    pub when: Vec<Option<(u16, u16)>>,
    /// Number of the owner.
    pub owner: u32,
}

/// Questions of one kind.
#[derive(Debug, Deserialize)]
pub struct Case {
    /// Table and kind.
    pub name: String,
    /// The questions.
    pub points: Vec<Point>,
    /// The right answers.
    pub owners: Vec<u32>,
}

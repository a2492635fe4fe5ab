//! A matrix as the document that both sides sign, in plain words: Markdown, and HTML made for print.
//!
//! Both are functions of their arguments alone, so that the same matrix always gives the same document. The document names
//! the content hash of the matrix; whoever signs it signs exactly that content.

mod content;
mod markdown;
mod page;
mod phrase;
#[cfg(test)]
mod tests;

use crate::draft::Draft;
use content::Content;

/// What a document says beside the draft itself.
#[derive(Debug, Clone, Copy, Default)]
pub struct Attached<'a> {
    /// Hash of the content, printed with the signatures and at the foot of every page.
    pub hash: &'a str,
    /// What the checker found, one sentence each; the section is left out when there is nothing.
    pub findings: &'a [String],
}

/// A time expression as people say it: `not office` is "outside office hours". `who` names a team by its id.
pub fn hours_in_words(expression: &str, who: &dyn Fn(&str) -> String) -> String {
    struct Teams<'w>(&'w dyn Fn(&str) -> String);
    impl phrase::Names for Teams<'_> {
        fn who(&self, id: &str) -> String {
            (self.0)(id)
        }
    }
    phrase::when(expression, &Teams(who))
}

/// The document in Markdown (with tables, as on GitHub). Text of the draft is escaped, so that it stays text.
pub fn to_markdown(draft: &Draft, attached: Attached<'_>) -> String {
    markdown::render(&Content::of(draft, attached))
}

/// The document as one self-contained HTML page for A4 and Letter paper: no row is cut in two, every page repeats client
/// and version at the top, hash and page number at the foot.
pub fn to_html(draft: &Draft, attached: Attached<'_>) -> String {
    page::render(&Content::of(draft, attached))
}

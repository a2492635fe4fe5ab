//! Pages: one self-contained HTML document.

pub mod section;
pub mod table;

use crate::markup::El;
use crate::{CHART_CSS, Html, KeyFigure, Section, TOKENS_CSS};

/// Rules for the text, tables and layout of a page.
pub const PAGE_CSS: &str = include_str!("page/page.css");

/// Enhancements only: sorting of tables, and tooltips that answer to a touch.
pub const PAGE_JS: &str = include_str!("page/page.js");

/// Width in pixels of a drawing on a wide screen and in print.
pub(crate) const WIDE: f64 = 800.0;
/// Width in pixels of a drawing on a phone.
pub(crate) const NARROW: f64 = 343.0;

/// A document that is whole in one file: no script, style, font or picture is fetched from anywhere.
///
/// ```
/// use remit_draw::{KeyFigure, Page, Section};
/// let html = Page::new("Replay of a year")
///     .subtitle("24,918 tickets <as recorded>")
///     .figure(KeyFigure::new("24,918", "tickets"))
///     .section(Section::new("result", "Result").text("Every ticket had one holder at every minute."))
///     .render();
/// assert!(html.contains("&lt;as recorded&gt;"));
/// ```
#[derive(Debug)]
pub struct Page {
    title: String,
    subtitle: Html,
    language: String,
    figures: Vec<KeyFigure>,
    sections: Vec<Section>,
    notes: Vec<Html>,
    credits: Vec<Html>,
    running: Option<(String, String)>,
}

impl Page {
    /// An empty page in English.
    pub fn new(title: &str) -> Self {
        Self {
            title: title.to_owned(),
            subtitle: Html::default(),
            language: "en".to_owned(),
            figures: Vec::new(),
            sections: Vec::new(),
            notes: Vec::new(),
            credits: Vec::new(),
            running: None,
        }
    }

    /// One or two sentences below the title.
    #[must_use]
    pub fn subtitle(mut self, text: impl Into<Html>) -> Self {
        self.subtitle = text.into();
        self
    }

    /// The language of the text as a BCP 47 tag.
    #[must_use]
    pub fn language(mut self, tag: &str) -> Self {
        tag.clone_into(&mut self.language);
        self
    }

    /// Adds a key figure; three to six read well.
    #[must_use]
    pub fn figure(mut self, figure: KeyFigure) -> Self {
        self.figures.push(figure);
        self
    }

    /// Adds a section.
    #[must_use]
    pub fn section(mut self, section: Section) -> Self {
        self.sections.push(section);
        self
    }

    /// Adds a numbered note at the end: how something was counted, what was left out.
    #[must_use]
    pub fn footnote(mut self, text: impl Into<Html>) -> Self {
        self.notes.push(text.into());
        self
    }

    /// Adds a credit at the end: the source of the data and its licence.
    #[must_use]
    pub fn credit(mut self, text: impl Into<Html>) -> Self {
        self.credits.push(text.into());
        self
    }

    /// Sets what every sheet of paper repeats: a line at the top, and one at the foot, beside the number of the sheet.
    #[must_use]
    pub fn running(mut self, top: &str, foot: &str) -> Self {
        self.running = Some((top.to_owned(), foot.to_owned()));
        self
    }

    /// The document.
    pub fn render(&self) -> String {
        let body = El::new("body").child(self.header()).child(self.main()).child(self.footer());
        let body = body.child(El::new("script").raw(PAGE_JS));
        let html = El::new("html").attr("lang", &self.language).child(self.head()).child(body);
        format!("<!doctype html>\n{}\n", html.end())
    }

    fn head(&self) -> El {
        const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; \
            base-uri 'none'; form-action 'none'";
        let meta = |name: &str, content: &str| El::new("meta").attr("name", name).attr("content", content);
        El::new("head")
            .child(El::new("meta").attr("charset", "utf-8"))
            .child(El::new("meta").attr("http-equiv", "Content-Security-Policy").attr("content", POLICY))
            .child(meta("viewport", "width=device-width, initial-scale=1"))
            .child(meta("color-scheme", "light dark"))
            .child(El::new("title").text(&self.title))
            .child(self.style())
    }

    fn style(&self) -> El {
        let style = El::new("style").raw(TOKENS_CSS).raw(CHART_CSS).raw(PAGE_CSS);
        let Some((top, foot)) = &self.running else {
            return style;
        };
        let rule = |place: &str, content: &str| {
            format!(
                "@{place} {{ content: {content}; font: 8pt Inter, system-ui, sans-serif; color: #555; }}\n"
            )
        };
        style
            .raw("@page {\n")
            .raw(&rule("top-left", &css_string(top)))
            .raw(&rule("bottom-left", &css_string(foot)))
            .raw(&rule("bottom-right", "counter(page) \" / \" counter(pages)"))
            .raw("}\n")
    }

    fn header(&self) -> El {
        let mut header = El::new("header").child(El::new("h1").text(&self.title));
        if !self.subtitle.is_empty() {
            header = header.child(El::new("p").class("subtitle").html(self.subtitle.clone()));
        }
        if self.figures.is_empty() {
            return header;
        }
        header.child(El::new("dl").class("key").children(self.figures.iter().map(KeyFigure::element)))
    }

    fn main(&self) -> El {
        let sections = self.sections.iter().enumerate().map(|(n, section)| section.element(n + 1));
        let main = El::new("main").children(sections);
        if self.sections.len() < 2 {
            return El::new("div").class("plain").child(main);
        }
        let links = self.sections.iter().map(|section| {
            let link = El::new("a").attr("href", format!("#{}", section.anchor)).html(section.title.clone());
            El::new("li").child(link)
        });
        let nav = El::new("nav").attr("aria-label", "Contents").child(El::new("ol").children(links));
        El::new("div").class("columns").child(nav).child(main)
    }

    fn footer(&self) -> El {
        let mut footer = El::new("footer");
        if !self.notes.is_empty() {
            let notes = self
                .notes
                .iter()
                .enumerate()
                .map(|(n, note)| El::new("li").attr("id", format!("note-{}", n + 1)).html(note.clone()));
            footer = footer.child(El::new("h2").text("Notes")).child(El::new("ol").children(notes));
        }
        if !self.credits.is_empty() {
            let credits = self.credits.iter().map(|credit| El::new("li").html(credit.clone()));
            footer = footer.child(El::new("h2").text("Sources")).child(El::new("ul").children(credits));
        }
        footer
    }
}

/// A text as a string of a stylesheet. Whatever could end the string or the element is written as its number.
fn css_string(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || " .,:;-–()·/".contains(c);
    let escaped =
        text.chars().map(|c| if plain(c) { c.to_string() } else { format!("\\{:x} ", u32::from(c)) });
    format!("\"{}\"", escaped.collect::<String>())
}

impl Html {
    /// A reference to a numbered note of the page, counted from 1.
    pub fn note_ref(number: usize) -> Self {
        let link = El::new("a").attr("href", format!("#note-{number}")).text(&number.to_string());
        El::new("sup").child(link).into()
    }
}

#[cfg(test)]
mod tests;

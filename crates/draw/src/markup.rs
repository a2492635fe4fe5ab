//! Markup that is escaped by construction.

use std::fmt::{self, Display, Write as _};

/// A piece of HTML. Text becomes HTML only through `From<&str>` or `From<String>`, which escape it.
///
/// ```
/// use remit_draw::Html;
/// let html = Html::from("a < b, ").then(Html::strong("surely"));
/// assert_eq!(html.as_str(), "a &lt; b, <strong>surely</strong>");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Html(String);

impl Html {
    /// The markup.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// True when there is nothing to show.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// This piece followed by another.
    #[must_use]
    pub fn then(mut self, next: impl Into<Self>) -> Self {
        self.0.push_str(&next.into().0);
        self
    }

    /// Text of more weight.
    pub fn strong(text: impl Into<Self>) -> Self {
        El::new("strong").html(text).into()
    }

    /// Text that steps back.
    pub fn quiet(text: impl Into<Self>) -> Self {
        El::new("span").class("quiet").html(text).into()
    }

    /// An id, a time or a path, in the mono face.
    pub fn mono(text: &str) -> Self {
        El::new("span").class("mono").text(text).into()
    }

    /// A new line within a text.
    pub fn line_break() -> Self {
        El::new("br").into()
    }

    /// A link. Only `https:`, `http:`, `mailto:` and `#` addresses become links; any other stays plain text, so that a
    /// `javascript:` address from outside does nothing.
    pub fn link(text: impl Into<Self>, address: &str) -> Self {
        let lower = address.to_ascii_lowercase();
        let safe = ["https://", "http://", "mailto:", "#"].iter().any(|start| lower.starts_with(start));
        if !safe {
            return text.into();
        }
        El::new("a").attr("href", address).attr("rel", "noreferrer").html(text).into()
    }

    /// A chip that says who: the letter mark in its hue, and a name beside it (may be empty).
    pub fn who(hue: crate::Hue, name: impl Into<Self>) -> Self {
        let name = name.into();
        let mark = El::new("b").class(&format!("mark {}", hue.class())).text(hue.mark());
        let mark = if name.is_empty() { mark.attr("title", hue.word()) } else { mark };
        let chip = El::new("span").class("who").child(mark);
        if name.is_empty() { chip.into() } else { chip.raw(" ").html(name).into() }
    }
}

impl From<&str> for Html {
    fn from(text: &str) -> Self {
        Self(escape(text))
    }
}

impl From<String> for Html {
    fn from(text: String) -> Self {
        Self(escape(&text))
    }
}

impl From<&String> for Html {
    fn from(text: &String) -> Self {
        Self(escape(text))
    }
}

impl From<El> for Html {
    fn from(element: El) -> Self {
        Self(element.end())
    }
}

impl From<Svg> for Html {
    fn from(svg: Svg) -> Self {
        Self(svg.markup)
    }
}

/// One drawing, an `<svg>` element to be placed inside a page.
#[derive(Debug, Clone, PartialEq)]
pub struct Svg {
    pub(crate) markup: String,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

impl Svg {
    /// The `<svg>` element. It takes its colours from [`crate::TOKENS_CSS`] and [`crate::CHART_CSS`] of the page.
    pub fn as_str(&self) -> &str {
        &self.markup
    }

    /// Width and height in CSS pixels.
    pub fn size(&self) -> (f64, f64) {
        (self.width, self.height)
    }
}

/// An element under construction; attributes and text are escaped as they are added.
#[derive(Debug, Clone)]
pub(crate) struct El {
    name: &'static str,
    attributes: String,
    body: String,
}

impl El {
    pub fn new(name: &'static str) -> Self {
        Self { name, attributes: String::new(), body: String::new() }
    }

    pub fn attr(mut self, name: &'static str, value: impl Display) -> Self {
        let value = escape(&value.to_string());
        write!(self.attributes, " {name}=\"{value}\"").expect("writing to a string does not fail");
        self
    }

    pub fn class(self, value: &str) -> Self {
        self.attr("class", value)
    }

    /// A coordinate or length, to a hundredth of a pixel.
    pub fn num(self, name: &'static str, value: f64) -> Self {
        self.attr(name, Number(value))
    }

    pub fn text(mut self, text: &str) -> Self {
        self.body.push_str(&escape(text));
        self
    }

    pub fn html(mut self, html: impl Into<Html>) -> Self {
        self.body.push_str(&html.into().0);
        self
    }

    pub fn child(mut self, child: Self) -> Self {
        self.body.push_str(&child.end());
        self
    }

    pub fn children(mut self, children: impl IntoIterator<Item = Self>) -> Self {
        for child in children {
            self = self.child(child);
        }
        self
    }

    /// Markup made by this crate.
    pub fn raw(mut self, markup: &str) -> Self {
        self.body.push_str(markup);
        self
    }

    /// A tooltip of an SVG mark; its text is also what a screen reader may say.
    pub fn tip(self, text: &str) -> Self {
        self.child(Self::new("title").text(text))
    }

    pub fn end(self) -> String {
        let Self { name, attributes, body } = self;
        let void = matches!(name, "meta" | "br" | "hr" | "col");
        let drawn = matches!(name, "rect" | "line" | "path" | "circle");
        match (void, drawn && body.is_empty()) {
            (true, _) | (false, true) => format!("<{name}{attributes}/>"),
            (false, false) => format!("<{name}{attributes}>{body}</{name}>"),
        }
    }
}

/// A number as SVG writes it: at most two decimals, no trailing zeros, never `NaN`.
pub(crate) struct Number(pub f64);

impl Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = if self.0.is_finite() { (self.0 * 100.0).round() / 100.0 } else { 0.0 };
        // Adding zero turns -0 into 0.
        write!(f, "{}", value + 0.0)
    }
}

/// Makes text safe in element content and in quoted attributes, for HTML and XML alike. Characters that XML cannot
/// carry become U+FFFD, and so do the two overrides of writing direction, which can make a name read as another.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\t' | '\n' | '\r' => out.push(' '),
            c if c.is_control() => out.push('\u{fffd}'),
            '\u{fffe}' | '\u{ffff}' | '\u{202d}' | '\u{202e}' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests;

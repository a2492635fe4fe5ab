//! The sheet a chart is drawn on: the root element, textures, and the marks that several charts share.

use std::collections::BTreeMap;

use crate::hue::Pattern;
use crate::markup::El;
use crate::text::{fit, width};
use crate::{Hue, Svg};

/// Size of labels in pixels; the same as in `chart.css`.
pub const LABEL: f64 = 12.0;
/// Size of axis labels in pixels; the same as `.small` in `chart.css`.
pub const SMALL: f64 = 11.0;

/// A rectangle in pixels.
#[derive(Debug, Clone, Copy)]
pub struct Area {
    pub x: f64,
    pub y: f64,
    pub w: f64,
    pub h: f64,
}

/// A drawing under construction.
pub struct Canvas {
    id: String,
    width: f64,
    title: String,
    about: String,
    textures: BTreeMap<String, (Hue, bool)>,
    body: String,
}

impl Canvas {
    /// A sheet of some width; `about` says in a sentence what the drawing shows, for a reader who cannot see it.
    pub fn new(id: &str, width: f64, title: &str, about: &str) -> Self {
        let id = id.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '-' }).collect();
        let body = String::new();
        Self { id, width, title: title.to_owned(), about: about.to_owned(), textures: BTreeMap::new(), body }
    }

    pub fn push(&mut self, element: El) {
        self.body.push_str(&element.end());
    }

    /// Text with its baseline at `y`.
    pub fn text(&mut self, class: &str, x: f64, y: f64, text: &str) {
        if !text.is_empty() {
            self.push(El::new("text").class(class).num("x", x).num("y", y).text(text));
        }
    }

    /// Text cut to `room`; the whole of it as a tooltip when it was cut.
    pub fn fitted(&mut self, class: &str, (x, y): (f64, f64), room: f64, text: &str) {
        let shown = fit(text, room, LABEL);
        let mut element = El::new("text").class(class).num("x", x).num("y", y).text(&shown);
        if shown != text {
            element = element.tip(text);
        }
        self.push(element);
    }

    pub fn line(&mut self, class: &str, from: (f64, f64), to: (f64, f64)) {
        let line = El::new("line").class(class).num("x1", from.0).num("y1", from.1);
        self.push(line.num("x2", to.0).num("y2", to.1));
    }

    /// A full mark of a hue: bars, bands.
    pub fn full(&mut self, hue: Hue, area: Area) -> El {
        self.block(hue, area, true)
    }

    /// A quiet area of a hue with its edge: cells in which text stands.
    pub fn soft(&mut self, hue: Hue, area: Area) -> El {
        let inset =
            Area { x: area.x + 0.5, y: area.y + 0.5, w: (area.w - 1.0).max(0.5), h: (area.h - 1.0).max(0.5) };
        self.block(hue, inset, false)
    }

    fn block(&mut self, hue: Hue, area: Area, full: bool) -> El {
        let shape =
            El::new("rect").num("x", area.x).num("y", area.y).num("width", area.w).num("height", area.h);
        let edge = if full && hue != Hue::Nobody { "" } else { "edge " };
        match hue.pattern() {
            None => shape.class(&format!("{edge}{} {}", if full { "fill" } else { "soft" }, hue.class())),
            Some(_) => {
                self.textures.insert(texture(hue, full), (hue, full));
                let class = format!("{edge}{}", hue.class());
                shape.class(&class).attr("fill", format!("url(#{}-{})", self.id, texture(hue, full)))
            }
        }
    }

    /// The marks and words of the hues that occur, from `x` on; returns where it ended.
    pub fn legend(&mut self, hues: &[Hue], (x, y): (f64, f64)) -> f64 {
        let mut x = x;
        for hue in hues.iter().copied().filter(|hue| *hue != Hue::Neutral) {
            let swatch = self.soft(hue, Area { x, y: y - 10.0, w: 22.0, h: 13.0 });
            self.push(swatch);
            if hue != Hue::Nobody {
                self.text(&format!("small mark mid {}", hue.class()), x + 11.0, y, hue.mark());
            }
            let word = match hue {
                Hue::Vendor(n) if n > 0 => format!("vendor {}", u16::from(n) + 1),
                _ => hue.word().to_owned(),
            };
            self.text("small quiet", x + 28.0, y, &word);
            x += 28.0 + width(&word, SMALL) + 16.0;
        }
        x
    }

    /// The finished drawing.
    pub fn finish(self, height: f64) -> Svg {
        let Self { id, width, title, about, textures, body } = self;
        let mut svg = El::new("svg")
            .class("chart")
            .attr("role", "img")
            .attr("aria-labelledby", format!("{id}-t {id}-d"))
            .num("width", width)
            .num("height", height)
            .attr(
                "viewBox",
                format!("0 0 {} {}", crate::markup::Number(width), crate::markup::Number(height)),
            )
            .child(El::new("title").attr("id", format!("{id}-t")).text(&title))
            .child(El::new("desc").attr("id", format!("{id}-d")).text(&about));
        if !textures.is_empty() {
            let patterns = textures.into_values().map(|(hue, full)| pattern(&id, hue, full));
            svg = svg.child(El::new("defs").children(patterns));
        }
        Svg { markup: svg.raw(&body).end(), width, height }
    }
}

fn texture(hue: Hue, full: bool) -> String {
    let kind = match hue.pattern() {
        Some(Pattern::Upright) => "u",
        Some(Pattern::Dots) => "d",
        Some(Pattern::Level) => "l",
        Some(Pattern::Hatch) | None => "h",
    };
    format!("{kind}{}", if full { "f" } else { "s" })
}

fn pattern(id: &str, hue: Hue, full: bool) -> El {
    let class = hue.class();
    let kind = hue.pattern().unwrap_or(Pattern::Hatch);
    let tile = El::new("pattern")
        .attr("id", format!("{id}-{}", texture(hue, full)))
        .attr("patternUnits", "userSpaceOnUse")
        .attr("width", 6)
        .attr("height", 6);
    let bar = |w: f64, h: f64| El::new("rect").num("width", w).num("height", h);
    if kind == Pattern::Hatch {
        return tile
            .attr("patternTransform", "rotate(45)")
            .child(bar(6.0, 6.0).class("plate"))
            .child(bar(1.6, 6.0).class(&format!("fill {class}")));
    }
    let ground = bar(6.0, 6.0).class(&format!("{} {class}", if full { "fill" } else { "soft" }));
    let over = format!("{} {class}", if full { "soft" } else { "fill" });
    let over = match kind {
        Pattern::Upright => bar(1.2, 6.0).class(&over),
        Pattern::Level => bar(6.0, 1.2).class(&over),
        Pattern::Dots | Pattern::Hatch => {
            El::new("circle").attr("cx", 3).attr("cy", 3).num("r", 1.1).class(&over)
        }
    };
    let over = if full { over } else { over.attr("opacity", ".45") };
    tile.child(ground).child(over)
}

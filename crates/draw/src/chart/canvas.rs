//! The sheet a chart is drawn on: the root element, textures, and the marks that several charts share.

use std::collections::BTreeMap;

use crate::hue::Pattern;
use crate::markup::El;
use crate::text::{fit, width};
use crate::{Hue, Stack, Svg};

/// Size of labels in pixels; the same as in `chart.css`.
pub const LABEL: f64 = 12.0;
/// Size of axis labels in pixels; the same as `.small` in `chart.css`.
pub const SMALL: f64 = 11.0;

/// How much wider the weight of marks is than the regular one.
pub const BOLD: f64 = 1.08;

/// A rectangle in pixels.
#[derive(Debug, Clone, Copy)]
pub struct Area {
    pub x: f64,
    pub y: f64,
    pub w: f64,
    pub h: f64,
}

/// Where the names of rows go: the width of a column of names of at most a share of `width`, or, where the drawing is
/// narrow and a name would be cut, the height of a line above each row.
pub fn names<'a>(labels: impl Iterator<Item = &'a str>, width: f64, share: f64) -> (f64, f64) {
    const NARROW: f64 = 480.0;
    const LINE: f64 = 20.0;
    let wanted = labels.map(|label| self::width(label, LABEL)).fold(0.0, f64::max) + 12.0;
    let most = width * share;
    if width < NARROW && wanted > most { (0.0, LINE) } else { (wanted.min(most), 0.0) }
}

/// A drawing under construction.
pub struct Canvas {
    id: String,
    width: f64,
    title: String,
    about: String,
    textures: BTreeMap<String, (Hue, bool)>,
    body: String,
    over: String,
}

impl Canvas {
    /// A sheet of some width; `about` says in a sentence what the drawing shows, for a reader who cannot see it.
    pub fn new(id: &str, width: f64, title: &str, about: &str) -> Self {
        let id = id.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '-' }).collect();
        Self {
            id,
            width,
            title: title.to_owned(),
            about: about.to_owned(),
            textures: BTreeMap::new(),
            body: String::new(),
            over: String::new(),
        }
    }

    pub fn push(&mut self, element: El) {
        self.body.push_str(&element.end());
    }

    /// Text with its baseline at `y`, cut at the edge of the sheet.
    pub fn text(&mut self, class: &str, x: f64, y: f64, text: &str) {
        let has = |name: &str| class.split(' ').any(|found| found == name);
        let room = match (has("end"), has("mid")) {
            (true, _) => x,
            (_, true) => 2.0 * x.min(self.width - x),
            _ => self.width - x,
        };
        self.fitted(class, (x, y), room, text);
    }

    /// Text cut to `room`; the whole of it as a tooltip when it was cut.
    pub fn fitted(&mut self, class: &str, (x, y): (f64, f64), room: f64, text: &str) {
        let size = if class.split(' ').any(|found| found == "small") { SMALL } else { LABEL };
        let shown = fit(text, room, size);
        if text.is_empty() {
            return;
        }
        let element = El::new("text").class(class).num("x", x).num("y", y).text(&shown);
        self.push(if shown == text { element } else { element.tip(text) });
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
        if hue.pattern().is_none() {
            return shape.class(&format!("{edge}{} {}", if full { "fill" } else { "soft" }, hue.class()));
        }
        let name = texture(hue, full);
        let shape =
            shape.class(&format!("{edge}{}", hue.class())).attr("fill", format!("url(#{}-{name})", self.id));
        self.textures.insert(name, (hue, full));
        shape
    }

    /// The parts of a stack end to end from the area's left, `area.w` pixels for each unit, with their letter marks
    /// where they fit; returns where they end.
    pub fn stack(&mut self, stack: &Stack, area: Area, tip: impl Fn(Hue, f64) -> String) -> f64 {
        let mut x = area.x;
        for (hue, value) in stack.parts() {
            // What is there shows, be it ever so little.
            let w = (value * area.w).max(0.75);
            let shape = self.full(hue, Area { x, w, ..area }).tip(&tip(hue, value));
            self.push(shape);
            let plain = hue.pattern().is_none() && hue != Hue::Neutral;
            if plain && w > width(hue.mark(), SMALL) + 8.0 {
                let class = format!("small mark mid on {}", hue.class());
                self.text(&class, x + w / 2.0, area.y + area.h / 2.0 + 4.0, hue.mark());
            }
            x += w;
        }
        x
    }

    /// Writes into an area of a hue, over everything else: the first of `words` that fits, or the letter mark, or
    /// nothing. On a texture the text stands on a plate.
    pub fn inscribe(&mut self, hue: Hue, area: Area, words: &[&str]) {
        const PLATE: f64 = 11.0;
        let inset = if hue == Hue::Nobody { 2.0 } else { 5.0 };
        let fits = |text: &&str, inset: f64| width(text, SMALL) * BOLD + 2.0 * inset <= area.w;
        let mark = hue.mark();
        let found = words
            .iter()
            .copied()
            .find(|text| fits(text, inset))
            .or(Some(mark).filter(|text| fits(text, 1.0)));
        let Some(shown) = found.filter(|text| !text.is_empty() && *text != Hue::Neutral.mark()) else {
            return;
        };
        let long = width(shown, SMALL) * BOLD;
        let middle = shown == mark || hue == Hue::Nobody && area.w < 2.0 * long;
        let x = if middle { area.x + (area.w - long) / 2.0 } else { area.x + inset };
        let y = area.y + area.h / 2.0;
        if hue.pattern().is_some() {
            let plate =
                El::new("rect").class(&format!("soft {}", hue.class())).num("x", (x - 2.0).max(area.x + 1.0));
            let plate = plate.num("y", y - PLATE / 2.0).num("height", PLATE);
            self.over.push_str(&plate.num("width", (long + 4.0).min(area.w - 2.0)).end());
        }
        let (anchor, x) = if middle { (" mid", area.x + area.w / 2.0) } else { ("", x) };
        let text = El::new("text").class(&format!("small mark halo{anchor} {}", hue.class()));
        self.over.push_str(&text.num("x", x).num("y", y + 4.0).text(shown).end());
    }

    /// The marks and words of the hues that occur, on as many lines as they need; returns the end of the last one.
    pub fn legend(&mut self, hues: &[Hue], (left, y): (f64, f64)) -> (f64, f64) {
        let (mut x, mut y) = (left, y);
        for hue in hues.iter().copied().filter(|hue| *hue != Hue::Neutral) {
            let word = match hue {
                Hue::Vendor(n) if n > 0 => format!("vendor {}", u16::from(n) + 1),
                _ => hue.word().to_owned(),
            };
            let long = 28.0 + width(&word, SMALL);
            if x > left && x + long > self.width {
                (x, y) = (left, y + 18.0);
            }
            let swatch = self.soft(hue, Area { x, y: y - 10.0, w: 22.0, h: 13.0 });
            self.push(swatch);
            if hue != Hue::Nobody {
                self.inscribe(hue, Area { x, y: y - 10.0, w: 22.0, h: 13.0 }, &[]);
            }
            self.text("small quiet", x + 28.0, y, &word);
            x += long + 16.0;
        }
        (x, y)
    }

    /// The legend of a chart on top, if it shows any party; returns where the space below begins.
    pub fn heading(&mut self, hues: &[Hue]) -> f64 {
        if hues.iter().all(|hue| *hue == Hue::Neutral) {
            return 0.0;
        }
        self.legend(hues, (0.0, 12.0)).1 + 14.0
    }

    /// The finished drawing; one without any mark says so.
    pub fn finish(mut self, height: f64) -> Svg {
        let empty = self.body.is_empty() && self.over.is_empty();
        if empty {
            self.text("quiet", 0.0, 14.0, "No figures.");
        }
        let height = if empty { 20.0 } else { height };
        let Self { id, width, title, about, textures, body, over } = self;
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
        Svg { markup: svg.raw(&body).raw(&over).end(), width, height }
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

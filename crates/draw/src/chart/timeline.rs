//! Who held one thing, from its first minute to its last.

use super::Chart;
use super::canvas::{Area, Canvas, SMALL};
use crate::markup::El;
use crate::scale::Scale;
use crate::text::width as text_width;
use crate::{Cell, Column, Hue, Svg, Table, Unit};

/// How a party had to do with a stretch of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hold {
    /// Held and worked on: a full bar.
    Held,
    /// Offered to this party and not yet accepted: a dashed outline.
    Offered,
    /// Held while waiting for somebody else: a thin bar.
    Waiting,
}

/// Stretches of custody along elapsed time, with events as ticks.
///
/// ```
/// use remit_draw::{Chart, Hold, Hue, Timeline};
/// let line = Timeline::new("Custody of 48213")
///     .hold((0, 90), Hue::Internal, "Service desk", Hold::Held)
///     .hold((90, 95), Hue::Provider, "Night desk", Hold::Offered)
///     .hold((95, 300), Hue::Provider, "Night desk", Hold::Held)
///     .event(300, "resolved");
/// assert!(line.draw("custody", 800.0).as_str().contains("Night desk"));
/// ```
#[derive(Debug, Clone)]
pub struct Timeline {
    title: String,
    holds: Vec<Stretch>,
    events: Vec<(u32, String)>,
}

#[derive(Debug, Clone)]
struct Stretch {
    from: u32,
    to: u32,
    hue: Hue,
    label: String,
    hold: Hold,
}

impl Timeline {
    /// An empty line.
    pub fn new(title: &str) -> Self {
        Self { title: title.to_owned(), holds: Vec::new(), events: Vec::new() }
    }

    /// Adds a stretch `(from, to)` in minutes since the beginning.
    #[must_use]
    pub fn hold(mut self, (from, to): (u32, u32), hue: Hue, label: &str, hold: Hold) -> Self {
        self.holds.push(Stretch { from, to: to.max(from), hue, label: label.to_owned(), hold });
        self
    }

    /// Marks an instant, in minutes since the beginning.
    #[must_use]
    pub fn event(mut self, at: u32, label: &str) -> Self {
        self.events.push((at, label.to_owned()));
        self
    }

    fn end(&self) -> u32 {
        let holds = self.holds.iter().map(|stretch| stretch.to);
        holds.chain(self.events.iter().map(|(at, _)| *at)).max().unwrap_or(0).max(1)
    }
}

impl Chart for Timeline {
    fn title(&self) -> &str {
        &self.title
    }

    fn draw(&self, id: &str, width: f64) -> Svg {
        const BAR: f64 = 26.0;
        let end = f64::from(self.end());
        let across = width - 2.0;
        let x = |minute: u32| 1.0 + f64::from(minute) / end * across;
        let about = format!("{} stretches over {}.", self.holds.len(), Unit::minutes().figure(end));
        let mut canvas = Canvas::new(id, width, &self.title, &about);
        let mut hues: Vec<Hue> = self.holds.iter().map(|stretch| stretch.hue).collect();
        hues.sort_unstable();
        hues.dedup();
        let top = canvas.heading(&hues) + if self.events.is_empty() { 0.0 } else { 20.0 };
        for stretch in &self.holds {
            stretch.draw(
                &mut canvas,
                Area { x: x(stretch.from), y: top, w: x(stretch.to) - x(stretch.from), h: BAR },
            );
        }
        self.draw_events(&mut canvas, (top, width), &x);
        let foot = top + BAR + 4.0;
        let scale = Scale::new(0.0, end, across, if width > 480.0 { 6 } else { 3 }, &Unit::minutes());
        let mut free = f64::MIN;
        for tick in scale.ticks().into_iter().filter(|tick| *tick <= end) {
            let at = x(tick as u32);
            let name = if tick == 0.0 { "0".to_owned() } else { Unit::minutes().figure(tick) };
            canvas.line("axis", (at, foot), (at, foot + 4.0));
            let start = (at - text_width(&name, SMALL) / 2.0).clamp(0.0, width - text_width(&name, SMALL));
            if start >= free {
                canvas.text("small quiet", start, foot + 16.0, &name);
                free = start + text_width(&name, SMALL) + 8.0;
            }
        }
        canvas.line("axis", (1.0, foot), (width - 1.0, foot));
        canvas.finish(foot + 20.0)
    }

    fn figures(&self) -> Table {
        let minutes = Unit::minutes();
        let table = Table::new(&self.title).column(Column::text("From")).column(Column::text("Who"));
        let table =
            table.column(Column::text("Name")).column(Column::text("How")).column(Column::number("Length"));
        self.holds.iter().fold(table, |table, stretch| {
            table.row([
                Cell::figure(&minutes, f64::from(stretch.from)),
                Cell::who(stretch.hue, stretch.hue.word()),
                Cell::text(stretch.label.as_str()),
                Cell::text(stretch.hold.word()),
                Cell::figure(&minutes, f64::from(stretch.to - stretch.from)),
            ])
        })
    }
}

impl Timeline {
    fn draw_events(&self, canvas: &mut Canvas, (top, width): (f64, f64), x: &impl Fn(u32) -> f64) {
        let mut free = f64::MIN;
        for (at, label) in &self.events {
            let at = x(*at);
            canvas.line("now", (at, top - 4.0), (at, top + 26.0));
            let long = text_width(label, SMALL);
            let start = (at - long / 2.0).clamp(0.0, (width - long).max(0.0));
            if start >= free && long <= width {
                canvas.text("small", start, top - 8.0, label);
                free = start + long + 8.0;
            }
        }
    }
}

impl Hold {
    fn word(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Offered => "offered",
            Self::Waiting => "waiting",
        }
    }
}

impl Stretch {
    fn draw(&self, canvas: &mut Canvas, area: Area) {
        let length = Unit::minutes().figure(f64::from(self.to - self.from));
        let tip = format!("{} {}, {} {length}", self.hue.word(), self.label, self.hold.word());
        let shape: El = match self.hold {
            Hold::Held => canvas.soft(self.hue, area),
            Hold::Offered => {
                let class = format!("hollow dashed edge {}", self.hue.class());
                let inset = El::new("rect").num("x", area.x + 0.5).num("y", area.y + 0.5);
                inset.num("width", (area.w - 1.0).max(0.5)).num("height", area.h - 1.0).class(&class)
            }
            Hold::Waiting => canvas.soft(self.hue, Area { y: area.y + area.h / 2.0 - 3.0, h: 6.0, ..area }),
        };
        canvas.push(shape.tip(&tip));
        if self.hold != Hold::Waiting {
            let words = format!("{} {}", self.hue.mark(), self.label);
            canvas.inscribe(
                self.hue,
                area,
                &if self.hue == Hue::Nobody { ["nobody"] } else { [words.trim_end()] },
            );
        }
    }
}

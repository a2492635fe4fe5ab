//! How much, by hour of the week.

use super::Chart;
use super::canvas::{Canvas, SMALL};
use super::weeks::day_name;
use crate::markup::El;
use crate::scale::Scale;
use crate::text::width as text_width;
use crate::{Cell, Column, Svg, Table, Unit};

/// A quantity by day of week and hour, in steps of one neutral grey.
///
/// ```
/// use remit_draw::{Chart, HeatMap, Unit};
/// let mut hours = [[0.0; 24]; 7];
/// hours[0][9] = 132.0; // Monday, 09:00 to 10:00
/// let map = HeatMap::new("Opened by hour", Unit::count("tickets"), "Europe/Berlin", hours);
/// assert!(map.draw("opened", 800.0).as_str().contains("Mon 09:00–10:00: 132 tickets"));
/// ```
#[derive(Debug, Clone)]
pub struct HeatMap {
    title: String,
    unit: Unit,
    zone: String,
    hours: [[f64; 24]; 7],
    most: Option<f64>,
}

impl HeatMap {
    /// A map of `hours[day][hour]`, Monday first, in the wall time of `zone`. What is negative or not a number counts
    /// as nothing.
    pub fn new(title: &str, unit: Unit, zone: &str, hours: [[f64; 24]; 7]) -> Self {
        let hours = hours.map(|day| day.map(|value| if value.is_finite() { value.max(0.0) } else { 0.0 }));
        Self { title: title.to_owned(), unit, zone: zone.to_owned(), hours, most: None }
    }

    /// Scales the greys to `most` instead of the largest value here, so that several maps can be compared.
    #[must_use]
    pub fn scaled_to(mut self, most: f64) -> Self {
        self.most = Some(most);
        self
    }

    /// The hour with the largest value (the first of equals).
    fn peak(&self) -> (usize, usize, f64) {
        let all = (0..7).flat_map(|day| (0..24).map(move |hour| (day, hour)));
        all.fold((0, 0, 0.0), |best, (day, hour)| {
            let value = self.hours[day][hour];
            if value > best.2 { (day, hour, value) } else { best }
        })
    }

    /// Bounds of the steps of grey: 0, then up to six round figures.
    fn bounds(&self) -> Vec<f64> {
        let most = self.most.unwrap_or_default().max(self.peak().2);
        Scale::new(0.0, most, 1.0, 6, &self.unit).ticks()
    }

    /// The grey of a value, 0 for nothing to 6 for the last step, whatever the number of steps.
    fn grey(value: f64, bounds: &[f64]) -> usize {
        let steps = bounds.len() - 1;
        let step = bounds[1..].iter().position(|bound| value <= *bound).map_or(steps, |n| n + 1);
        if value <= 0.0 { 0 } else { 6 - (steps - step) * 5 / steps.saturating_sub(1).max(1) }
    }
}

impl Chart for HeatMap {
    fn title(&self) -> &str {
        &self.title
    }

    fn draw(&self, id: &str, width: f64) -> Svg {
        let (left, gap) = (40.0, 2.0);
        let across = (width - left + gap) / 24.0;
        let row = (across * 0.75).clamp(16.0, 22.0);
        let (day, hour, most) = self.peak();
        let about = format!(
            "Each hour of a week in wall time of {}. Most: {}.",
            self.zone,
            hour_phrase(day, hour, &self.unit.phrase(most))
        );
        let mut canvas = Canvas::new(id, width, &self.title, &about);
        let bounds = self.bounds();
        let top = self.legend(&mut canvas, width, &bounds) + 32.0;
        let every = if across > 22.0 { 3 } else { 6 };
        for hour in (0..24usize).step_by(every) {
            canvas.text("small quiet", left + hour as f64 * across, top - 6.0, &format!("{hour:02}"));
        }
        for (day, hours) in self.hours.iter().enumerate() {
            let y = top + day as f64 * (row + gap);
            canvas.text("", 0.0, y + row / 2.0 + 4.0, day_name(day as u16));
            for (hour, value) in hours.iter().enumerate() {
                let shape = El::new("rect")
                    .class(&format!("r{}", Self::grey(*value, &bounds)))
                    .num("x", left + hour as f64 * across)
                    .num("y", y)
                    .num("width", across - gap)
                    .num("height", row);
                canvas.push(shape.tip(&hour_phrase(day, hour, &self.unit.phrase(*value))));
            }
        }
        canvas.finish(top + 7.0 * (row + gap))
    }

    fn figures(&self) -> Table {
        let table = Table::new(&self.title).column(Column::text("Day"));
        let table = (0..24).fold(table, |table, hour| table.column(Column::number(format!("{hour:02}"))));
        self.hours.iter().zip(0u16..).fold(table, |table, (hours, day)| {
            let figures = hours.iter().map(|value| Cell::figure(&self.unit, *value));
            let name = Cell::text(day_name(day)).sorted_by(f64::from(day));
            table.row(std::iter::once(name).chain(figures))
        })
    }
}

impl HeatMap {
    /// The greys with their figures, and the zone; returns where it ends.
    fn legend(&self, canvas: &mut Canvas, width: f64, bounds: &[f64]) -> f64 {
        let mut at = (0.0, 12.0);
        for bound in bounds {
            let words =
                if *bound == 0.0 { "0".to_owned() } else { format!("≤ {}", self.unit.figure(*bound)) };
            let long = 16.0 + text_width(&words, SMALL);
            if at.0 + long > width {
                at = (0.0, at.1 + 18.0);
            }
            let class = format!("r{}", Self::grey(*bound, bounds));
            let swatch = El::new("rect").class(&class).num("x", at.0).num("y", at.1 - 10.0);
            canvas.push(swatch.num("width", 12.0).num("height", 12.0));
            canvas.text("small quiet", at.0 + 16.0, at.1, &words);
            at.0 += long + 12.0;
        }
        let zone = format!("{}, wall time of {}", self.unit.noun(), self.zone);
        let zone = zone.trim_start_matches(", ");
        if at.0 + text_width(zone, SMALL) <= width {
            canvas.text("small quiet end", width, at.1, zone);
            return at.1;
        }
        canvas.text("small quiet", 0.0, at.1 + 18.0, zone);
        at.1 + 18.0
    }
}

fn hour_phrase(day: usize, hour: usize, what: &str) -> String {
    format!("{} {hour:02}:00–{:02}:00: {what}", day_name(day as u16), hour + 1)
}

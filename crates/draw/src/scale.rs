//! Axis arithmetic: round ticks, and a straight map from values to pixels.

use crate::Unit;

/// An axis from 0 (or a round figure below the least value) to a round figure at or above the largest.
#[derive(Debug, Clone)]
pub(crate) struct Scale {
    pub low: f64,
    pub high: f64,
    pub step: f64,
    pixels: f64,
}

impl Scale {
    /// An axis over `pixels` that shows every value of `low..=high`, with about `wanted` steps.
    pub fn new(low: f64, high: f64, pixels: f64, wanted: usize, unit: &Unit) -> Self {
        let low = if low.is_finite() { low.min(0.0) } else { 0.0 };
        let high = if high.is_finite() { high.max(0.0) } else { 0.0 };
        let reach = if high - low > 0.0 { high - low } else { 1.0 };
        let mut step = nice(reach / wanted.max(1) as f64, unit.is_time());
        if unit.is_whole() {
            step = if step < 1.0 {
                1.0
            } else if step.fract() > 0.0 {
                step * 2.0
            } else {
                step
            };
        }
        let low = (low / step).floor() * step;
        // Half a thousandth forgives the rounding of the division, so that 0.3 / 0.1 is three steps.
        let high = ((high / step - 5e-4).ceil() * step).max(low + step);
        Self { low, high, step, pixels }
    }

    /// Pixels from the start of the axis to `value`.
    pub fn at(&self, value: f64) -> f64 {
        let value = if value.is_finite() { value.clamp(self.low, self.high) } else { self.low };
        (value - self.low) / (self.high - self.low) * self.pixels
    }

    /// The ticks, both ends included.
    pub fn ticks(&self) -> Vec<f64> {
        let steps = ((self.high - self.low) / self.step).round() as usize;
        (0..=steps).map(|n| self.low + self.step * n as f64).map(clean).collect()
    }
}

/// The least round figure at or above `rough`: 1, 2, 2.5 or 5 times a power of ten; for time the steps of clocks.
fn nice(rough: f64, time: bool) -> f64 {
    const CLOCK: [f64; 16] = [
        1.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 180.0, 360.0, 720.0, 1440.0, 2880.0, 7200.0, 14400.0,
        28800.0, 72000.0,
    ];
    if time && rough <= 72000.0 {
        return CLOCK
            .into_iter()
            .find(|step| *step >= rough)
            .expect("the last step is not below the rough one");
    }
    let unit = if time { 1440.0 } else { 1.0 };
    let rough = rough / unit;
    let power = 10f64.powf(rough.log10().floor());
    let factor = [1.0, 2.0, 2.5, 5.0, 10.0].into_iter().find(|f| f * power >= rough * 0.9999).unwrap_or(10.0);
    factor * power * unit
}

/// Removes the last bits that repeated addition leaves behind.
fn clean(value: f64) -> f64 {
    (value * 1e9).round() / 1e9
}

#[cfg(test)]
mod tests;

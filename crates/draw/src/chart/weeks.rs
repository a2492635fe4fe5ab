//! A week of answers to "who?".

use crate::Hue;

/// Minutes of a week of local wall time.
pub const MINUTES_OF_WEEK: u16 = 7 * 24 * 60;

/// A stretch of a week that one party owns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// First minute, counted from Monday 00:00 local wall time.
    pub from: u16,
    /// The minute after the last, at most [`MINUTES_OF_WEEK`].
    pub to: u16,
    /// Who.
    pub hue: Hue,
    /// Who in words, or for [`Hue::Nobody`] what is missing; may be empty.
    pub label: String,
}

/// One week as runs that follow each other; minutes without a run are blank.
///
/// ```
/// use remit_draw::{Hue, Week};
/// let week = Week::new().run(0, 480, Hue::Provider, "Night desk").run(480, 1080, Hue::Internal, "");
/// assert_eq!(week.runs().len(), 2);
/// // 168 hours, 336 half hours or 672 quarter hours, merged:
/// let cells = vec![(Hue::Provider, "Night desk"); 168];
/// assert_eq!(Week::from_cells(&cells).runs().len(), 1);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Week {
    runs: Vec<Run>,
}

impl Week {
    /// A blank week.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a run after those already there. What lies outside the week or before the end of the last run is cut off;
    /// an empty run is dropped, and one that continues the last with the same hue and label is joined to it.
    #[must_use]
    pub fn run(mut self, from: u16, to: u16, hue: Hue, label: &str) -> Self {
        let from = from.max(self.runs.last().map_or(0, |run| run.to));
        let to = to.min(MINUTES_OF_WEEK);
        if from >= to {
            return self;
        }
        match self.runs.last_mut() {
            Some(last) if last.to == from && last.hue == hue && last.label == label => last.to = to,
            _ => self.runs.push(Run { from, to, hue, label: label.to_owned() }),
        }
        self
    }

    /// A week of equal cells from Monday 00:00. Their number must divide the minutes of a week (168, 336, 672 ...);
    /// with any other number the last cell is cut or the rest stays blank.
    pub fn from_cells<L: AsRef<str>>(cells: &[(Hue, L)]) -> Self {
        let minutes = MINUTES_OF_WEEK / u16::try_from(cells.len()).unwrap_or(u16::MAX).max(1);
        let minutes = minutes.max(1);
        cells.iter().zip(0u16..).fold(Self::new(), |week, ((hue, label), n)| {
            let from = n.saturating_mul(minutes);
            week.run(from, from.saturating_add(minutes), *hue, label.as_ref())
        })
    }

    /// The runs in order.
    pub fn runs(&self) -> &[Run] {
        &self.runs
    }

    /// The runs of one day (0 is Monday), cut at its midnights.
    pub fn day(&self, day: u16) -> impl Iterator<Item = Run> + '_ {
        let (start, end) = (day * 1440, (day + 1) * 1440);
        self.runs.iter().filter(move |run| run.from < end && run.to > start).map(move |run| Run {
            from: run.from.max(start),
            to: run.to.min(end),
            hue: run.hue,
            label: run.label.clone(),
        })
    }

    /// Minutes of the week with this hue.
    pub fn minutes(&self, hue: Hue) -> u16 {
        self.runs.iter().filter(|run| run.hue == hue).map(|run| run.to - run.from).sum()
    }

    /// The hues that occur, each once, in the fixed order of [`Hue`].
    pub fn hues(&self) -> Vec<Hue> {
        let mut hues: Vec<Hue> = self.runs.iter().map(|run| run.hue).collect();
        hues.sort_unstable();
        hues.dedup();
        hues
    }
}

impl Run {
    /// The run in words: `Mon 08:00–18:00, provider: Night desk`.
    ///
    /// ```
    /// use remit_draw::{Hue, Run};
    /// let run = Run { from: 480, to: 1080, hue: Hue::Provider, label: "Night desk".to_owned() };
    /// assert_eq!(run.phrase(), "Mon 08:00–18:00, provider: Night desk");
    /// ```
    pub fn phrase(&self) -> String {
        let who = self.hue.word();
        let label = if self.label.is_empty() { String::new() } else { format!(": {}", self.label) };
        format!("{}, {who}{label}", self.hours())
    }

    /// When: `Mon 08:00–18:00`, `Fri 18:00 – Mon 08:00`.
    pub fn hours(&self) -> String {
        let (first, last) = (self.from / 1440, (self.to.max(1) - 1) / 1440);
        let end = self.to - last * 1440;
        if first == last {
            return format!("{} {}–{}", day_name(first), clock(self.from % 1440), clock(end));
        }
        format!("{} {} – {} {}", day_name(first), clock(self.from % 1440), day_name(last), clock(end))
    }
}

/// Three letters of a weekday, 0 is Monday.
pub(crate) fn day_name(day: u16) -> &'static str {
    const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    DAYS[usize::from(day % 7)]
}

/// Minutes of a day as `08:05`; the end of a day is `24:00`.
pub(crate) fn clock(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

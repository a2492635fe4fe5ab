//! The findings of a report in a few plain sentences, for the top of the text and of the page.

use crate::report::{Report, Tried};
use crate::words::{count, day, hour_of_week, of, percent, quantile};

impl Report {
    /// What the log says, in plain words.
    pub fn lead(&self) -> Vec<String> {
        let all = &self.overall;
        let mut sentences = vec![format!(
            "Between {} and {}, {} went through {}; half of them were over within {}.",
            day(&all.first),
            day(&all.last),
            of(all.tickets, "ticket", "tickets"),
            of(self.teams.len() as u64, "team", "teams"),
            quantile(all.life.median),
        )];
        sentences.push(format!(
            "Hand-offs: {}, of which {} hand-backs; {} came back to a team that had held it before ({} of all).",
            count(all.by_team.hand_offs),
            count(all.by_team.hand_backs),
            of(all.by_team.bounced_tickets, "ticket", "tickets"),
            percent(all.by_team.bounced_tickets, all.tickets),
        ));
        if let Some(sla) = all.sla {
            sentences.push(format!(
                "Of {} resolved tickets, {} missed their promise ({}).",
                count(sla.kept + sla.missed),
                count(sla.missed),
                percent(sla.missed, sla.kept + sla.missed),
            ));
        }
        if let Some((hour, tickets)) = peak(&self.arrivals) {
            sentences.push(format!(
                "The busiest hour of the week is {}, with {} in all.",
                hour_of_week(hour),
                of(tickets, "ticket", "tickets")
            ));
        }
        sentences
    }

    /// What the matrices would have meant, in plain words; empty without a matrix.
    pub fn comparison(&self) -> Vec<String> {
        let mut sentences: Vec<String> = self.matrices.iter().map(Tried::sentence).collect();
        if let [a, b, ..] = self.matrices.as_slice() {
            let (few, many) = if a.hand_offs() <= b.hand_offs() { (a, b) } else { (b, a) };
            sentences.push(format!(
                "“{}” needs {} fewer hand-offs than “{}” ({} against {}).",
                few.matrix,
                count(many.hand_offs() - few.hand_offs()),
                many.matrix,
                count(few.hand_offs()),
                count(many.hand_offs()),
            ));
        }
        sentences
    }
}

impl Tried {
    fn sentence(&self) -> String {
        let moves = &self.moves;
        let nobody = match moves.nobody {
            0 => "Nothing would have been without an owner".to_owned(),
            some => {
                format!("{} would have been owned by nobody", of(some, "piece of work", "pieces of work"))
            }
        };
        format!(
            "Under “{}”, {} of {} hand-offs in the log would have fallen away ({}), because the work stays with one owner. {}.",
            self.matrix,
            count(moves.fall_away),
            count(moves.logged),
            percent(moves.fall_away, moves.logged),
            nobody,
        )
    }
}

/// The largest of the hours, and how much it holds; `None` when all are empty.
pub(crate) fn peak(hours: &[u64]) -> Option<(usize, u64)> {
    let best = hours.iter().copied().enumerate().rev().max_by_key(|(_, value)| *value)?;
    (best.1 > 0).then_some(best)
}

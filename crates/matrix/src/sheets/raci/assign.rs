//! Who answers for a line and who does the work, out of its marks.

use super::super::error::shown;
use super::marks::Marks;
use super::people::Seat;
use crate::draft::{Names, RowDraft};

/// One line's marks: who has which.
pub(super) struct Marked<'p> {
    /// The seats whose cell is not blank.
    pub seats: Vec<(&'p Seat, Marks)>,
}

impl<'p> Marked<'p> {
    /// The rows of the line, made from one that has everything but the people: one row, or one per party where several are
    /// accountable, or none where nobody can be told to be.
    pub fn rows(&self, row: &RowDraft, doubts: &mut Vec<String>) -> Vec<RowDraft> {
        let owners = self.owners(doubts);
        owners.into_iter().map(|owner| self.row(row.clone(), owner, doubts)).collect()
    }

    /// One seat of each party that is accountable.
    fn owners(&self, doubts: &mut Vec<String>) -> Vec<&'p Seat> {
        let accountable = self.with(|marks| marks.accountable);
        let mut owners: Vec<&Seat> = Vec::new();
        for seat in &accountable {
            if owners.iter().all(|owner| owner.party != seat.party) {
                owners.push(seat);
            }
        }
        match (owners.as_slice(), self.with(|marks| marks.responsible).as_slice()) {
            ([], [alone]) => {
                let name = shown(&alone.title);
                doubts.push(format!("nobody is accountable (A); the row names {name}, who alone is responsible (R)"));
                owners.push(alone);
            }
            ([], _) => doubts.push(
                "nobody is accountable (A); no row was written, so the duty is a gap until one is".to_owned(),
            ),
            ([first], _) if accountable.len() > 1 => {
                let (all, first) = (names(&accountable), shown(&first.title));
                doubts.push(format!("{all} are all accountable (A); {first} answers for them in the row"));
            }
            ([_], _) => {}
            (several, _) => doubts.push(format!(
                "{} are all accountable (A); a row was written for each, which is a conflict until one remains",
                names(several)
            )),
        }
        owners
    }

    /// The row of one owner. The work goes to a team of the accountable party, as a matrix has it.
    fn row(&self, mut row: RowDraft, owner: &Seat, doubts: &mut Vec<String>) -> RowDraft {
        let responsible = self.with(|marks| marks.responsible);
        let own = responsible.iter().find(|seat| seat.team == owner.team);
        let own = own.or_else(|| responsible.iter().find(|seat| seat.party == owner.party));
        let team = own.map_or(owner, |seat| *seat);
        let accountable = self.with(|marks| marks.accountable);
        let is_other =
            |seat: &&Seat| seat.team != team.team && accountable.iter().all(|owner| owner.team != seat.team);
        let others: Vec<&Seat> = responsible.into_iter().filter(is_other).collect();
        for other in &others {
            let (other, owner) = (shown(&other.title), shown(&owner.title));
            doubts.push(format!(
                "{other} does the work too (R) but {owner} answers for it (A); the row gives it to {owner} and has {other} \
                 consulted"
            ));
        }
        let consulted = self.with(|marks| marks.consulted || marks.supports);
        let mut asked: Vec<&str> = Vec::new();
        for seat in others.into_iter().chain(consulted) {
            if !asked.contains(&seat.team.as_str()) {
                asked.push(&seat.team);
            }
        }
        row.consulted = asked.into_iter().collect();
        row.informed = teams(&self.with(|marks| marks.informed));
        row.fallback = teams(&self.with(|marks| marks.fallback));
        row.accountable.clone_from(&owner.party);
        row.responsible.clone_from(&team.team);
        row
    }

    fn with(&self, pick: fn(&Marks) -> bool) -> Vec<&'p Seat> {
        self.seats.iter().filter(|(_, marks)| pick(marks)).map(|&(seat, _)| seat).collect()
    }
}

fn teams(seats: &[&Seat]) -> Names {
    seats.iter().map(|seat| seat.team.as_str()).collect()
}

fn names(seats: &[&Seat]) -> String {
    seats.iter().map(|seat| shown(&seat.title)).collect::<Vec<_>>().join(" and ")
}

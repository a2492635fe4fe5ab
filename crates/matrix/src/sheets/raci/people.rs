//! The columns of a grid as parties and teams.

use std::collections::BTreeMap;

use super::super::SheetError;
use super::super::error::{hint, plain, shown};
use super::grid::Grid;
use super::{RaciOptions, free, slug};
use crate::draft::{PartyDraft, PartyKind, TeamDraft};

/// One column: a team and the party it belongs to.
pub(super) struct Seat {
    pub column: usize,
    /// The header.
    pub title: String,
    pub kind: PartyKind,
    /// Id of the party.
    pub party: String,
    /// Id of the team.
    pub team: String,
}

/// All columns from left to right.
pub(super) struct People {
    pub seats: Vec<Seat>,
}

impl People {
    /// Tells from the headers who is who.
    pub fn of(grid: &Grid<'_>, options: &RaciOptions, doubts: &mut Vec<String>) -> Result<Self, SheetError> {
        let titles: Vec<&str> = grid.parties.iter().map(|&(_, title)| title).collect();
        for named in [&options.provider, &options.internal].into_iter().flatten() {
            if !titles.iter().any(|title| plain(title) == plain(named)) {
                let problem = format!("no column is named `{}`: {}", shown(named), hint(named, &titles));
                return Err(SheetError::at(grid.place(grid.header, grid.duty), problem));
            }
        }
        let mut people = Self { seats: Vec::new() };
        for &(column, title) in &grid.parties {
            let known = kind_of(title, options);
            if known.is_none() {
                doubts.push(format!(
                    "{}: `{}` is taken as a vendor, since its name does not say who it is",
                    grid.place(grid.header, column),
                    shown(title)
                ));
            }
            people.seat(column, title, known.unwrap_or(PartyKind::Vendor));
        }
        if people.seats.iter().all(|seat| seat.kind != PartyKind::Provider) {
            let problem = format!(
                "none of the columns is known to be the provider; say which one is: {}",
                titles.join(", ")
            );
            return Err(SheetError::at(grid.place(grid.header, grid.duty), problem));
        }
        Ok(people)
    }

    /// The parties by id.
    pub fn parties(&self) -> BTreeMap<String, PartyDraft> {
        let mut parties = BTreeMap::new();
        for seat in &self.seats {
            let alone = self.seats.iter().filter(|other| other.party == seat.party).count() == 1;
            let name = match seat.kind {
                PartyKind::Provider if !alone => "Provider",
                PartyKind::Internal if !alone => "Internal IT",
                _ => &seat.title,
            };
            parties.insert(seat.party.clone(), PartyDraft { name: name.to_owned(), kind: seat.kind });
        }
        parties
    }

    /// The teams by id, on duty at all hours until somebody says otherwise.
    pub fn teams(&self) -> BTreeMap<String, TeamDraft> {
        let team = |seat: &Seat| TeamDraft {
            name: Some(seat.title.clone()),
            party: seat.party.clone(),
            hours: "always".to_owned(),
        };
        self.seats.iter().map(|seat| (seat.team.clone(), team(seat))).collect()
    }

    /// The provider's first team.
    pub fn last_resort(&self) -> &str {
        let provider = self.seats.iter().find(|seat| seat.kind == PartyKind::Provider);
        &provider.expect("`of` makes sure that there is one").team
    }

    /// Whether the client has people of its own.
    pub fn has_internal(&self) -> bool {
        self.seats.iter().any(|seat| seat.kind == PartyKind::Internal)
    }

    fn seat(&mut self, column: usize, title: &str, kind: PartyKind) {
        let taken = |id: &str, seats: &[Seat]| seats.iter().any(|seat| seat.party == id || seat.team == id);
        let party = match kind {
            PartyKind::Provider => "provider".to_owned(),
            PartyKind::Internal => "internal".to_owned(),
            PartyKind::Vendor => free(&slug(title, "vendor"), |id| taken(id, &self.seats)),
        };
        let reserved = |id: &str| ["provider", "internal", &party].contains(&id) || taken(id, &self.seats);
        let name = slug(title, "team");
        let name = if reserved(&name) { format!("{name}-team") } else { name };
        let team = free(&name, reserved);
        self.seats.push(Seat { column, title: title.to_owned(), kind, party, team });
    }
}

/// Whether a header is the kind of name a party has.
pub(super) fn looks_like_party(title: &str) -> bool {
    kind_by_words(title).is_some()
}

fn kind_of(title: &str, options: &RaciOptions) -> Option<PartyKind> {
    let is = |named: &Option<String>| named.as_ref().is_some_and(|named| plain(named) == plain(title));
    let client = plain(&options.client);
    if is(&options.provider) {
        Some(PartyKind::Provider)
    } else if is(&options.internal) {
        Some(PartyKind::Internal)
    } else {
        let by_client = (!client.is_empty() && plain(title).contains(&client)).then_some(PartyKind::Internal);
        kind_by_words(title).or(by_client)
    }
}

fn kind_by_words(title: &str) -> Option<PartyKind> {
    const VENDOR: &[&str] = &[
        "vendor",
        "vendors",
        "isp",
        "carrier",
        "supplier",
        "suppliers",
        "third",
        "3rd",
        "microsoft",
        "manufacturer",
        "telco",
        "telecom",
        "internet",
        "contractor",
        "software",
    ];
    const PROVIDER: &[&str] = &["msp", "mssp", "provider", "outsourcer", "managed"];
    const INTERNAL: &[&str] = &[
        "client",
        "customer",
        "internal",
        "inhouse",
        "house",
        "company",
        "business",
        "it",
        "users",
        "user",
        "executive",
        "executives",
        "leadership",
        "management",
        "staff",
        "ceo",
        "cio",
        "cfo",
    ];
    let lower = title.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).collect();
    let any = |known: &[&str]| words.iter().any(|word| known.contains(word));
    if any(VENDOR) {
        Some(PartyKind::Vendor)
    } else if any(PROVIDER) {
        Some(PartyKind::Provider)
    } else if any(INTERNAL) {
        Some(PartyKind::Internal)
    } else {
        None
    }
}

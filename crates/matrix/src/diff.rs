//! What changes between two versions of a matrix, in plain words, before anybody signs it.

pub mod plain;

use std::sync::Arc;

use remit_core::Horizon;
use serde::Serialize;

use crate::compile::{CompileError, Compiled, compile};
use crate::engine::Cuboid;
use crate::engine::difference::difference;
use crate::model::Matrix;
use crate::time::Expr;
use crate::verify::describe;
use crate::words::Region;

/// An owner as ids.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct OwnerIds {
    /// Accountable party.
    pub party: String,
    /// Responsible team.
    pub team: String,
}

/// Duties that pass from one owner to another.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Change {
    /// Owner before; `None` where nobody was.
    pub from: Option<OwnerIds>,
    /// Owner after; `None` where nobody is.
    pub to: Option<OwnerIds>,
    /// Where and when, as few and as wide boxes as possible.
    pub regions: Vec<Region>,
    /// Boxes beyond those listed.
    pub more_regions: usize,
    /// Share of all context-minutes that changes so, in parts per million, rounded up.
    pub parts_per_million: u64,
}

/// The difference between two versions.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Difference {
    /// What was compared over.
    pub horizon: Horizon,
    /// Hash of the first version.
    pub before: String,
    /// Hash of the second version.
    pub after: String,
    /// Changes of owner, the largest first.
    pub changes: Vec<Change>,
    /// Rows that the second version adds, drops, or keeps under the same id with other content.
    pub rows: RowChanges,
}

/// Rows compared by id.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct RowChanges {
    /// Ids only in the second version.
    pub added: Vec<String>,
    /// Ids only in the first version.
    pub removed: Vec<String>,
    /// Ids in both whose rows differ in any field.
    pub changed: Vec<String>,
}

/// How many boxes one change shows.
const REGIONS: usize = 40;

/// Compares two matrices over a horizon. Both may be unsound; points without a single owner count as nobody's where
/// there is a gap, and for every claimant where there is a conflict.
pub fn diff(before: &Arc<Matrix>, after: &Arc<Matrix>, horizon: Horizon) -> Result<Difference, CompileError> {
    let both = compile(&[Arc::clone(before), Arc::clone(after)], horizon)?;
    let (first, second) = (&both[0], &both[1]);
    let all = first.table.space.volume(first.table.space.full()).max(1);
    let owner = |number: Option<u32>| {
        let (party, team) = first.lexicon.owners[number? as usize].clone();
        Some(OwnerIds { party, team })
    };
    let changes = difference(&first.table, &second.table).into_iter().map(|change| Change {
        from: owner(change.from),
        to: owner(change.to),
        regions: change.cells.iter().take(REGIONS).map(|c| region(first, second, c)).collect(),
        more_regions: change.cells.len().saturating_sub(REGIONS),
        parts_per_million: ((change.volume * 1_000_000).div_ceil(all)) as u64,
    });
    Ok(Difference {
        horizon,
        before: before.hash(),
        after: after.hash(),
        changes: changes.collect(),
        rows: row_changes(first, second),
    })
}

/// A box in the words of the later version, unless only the earlier one has words for its hours.
fn region(first: &Compiled, second: &Compiled, cuboid: &Cuboid) -> Region {
    let later = second.region(cuboid);
    if Expr::parse(&later.when).is_ok() {
        return later;
    }
    let earlier = first.region(cuboid);
    if Expr::parse(&earlier.when).is_ok() { earlier } else { later }
}

fn row_changes(first: &Compiled, second: &Compiled) -> RowChanges {
    let (old, new) = (&first.matrix.draft.rows, &second.matrix.draft.rows);
    let mut changes = RowChanges::default();
    for row in new {
        match old.iter().find(|o| o.id == row.id) {
            None => changes.added.push(row.id.clone()),
            Some(before) if before != row => changes.changed.push(row.id.clone()),
            Some(_) => {}
        }
    }
    let gone = old.iter().filter(|o| !new.iter().any(|n| n.id == o.id));
    changes.removed.extend(gone.map(|o| o.id.clone()));
    changes
}

impl Change {
    /// The change in one sentence per box: `helpdesk — not office: 118 h a week: from internal (it) to provider (night)`.
    pub fn sentences(&self) -> Vec<String> {
        let name = |owner: &Option<OwnerIds>| match owner {
            Some(owner) => format!("{} ({})", owner.party, owner.team),
            None => "nobody".to_owned(),
        };
        let (from, to) = (name(&self.from), name(&self.to));
        self.regions.iter().map(|r| format!("{}: from {from} to {to}", describe(r))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text;

    fn matrix(rows: &str) -> Arc<Matrix> {
        let head = "client = \"A\"\nzone = \"Europe/London\"\nmodel = \"co-managed\"\nlast-resort = \"desk\"\n\
            [parties.msp]\nname = \"M\"\nkind = \"provider\"\n[parties.it]\nname = \"I\"\nkind = \"internal\"\n\
            [teams.desk]\nparty = \"msp\"\n[teams.own]\nparty = \"it\"\n[calendars.office]\nweek = { mon-fri = \"09:00-17:00\" }\n";
        Arc::new(text::read("m.toml", &format!("{head}{rows}")).unwrap())
    }

    const ALL: &str = "[[rows]]\nid = \"all\"\naccountable = \"msp\"\nresponsible = \"desk\"\n";

    #[test]
    fn a_new_exception_is_the_only_change_and_is_said_in_words() {
        let before = matrix(ALL);
        let after = matrix(&format!(
            "{ALL}[[rows]]\nid = \"day\"\nservice = \"helpdesk\"\ntime = \"office\"\naccountable = \"it\"\nresponsible = \"own\"\n"
        ));
        let horizon = Horizon::months("2027-01-01".parse().unwrap(), &before.zone, 12);
        let found = diff(&before, &after, horizon).unwrap();
        assert_eq!(found.rows.added, ["day"]);
        assert_eq!(found.changes.len(), 1);
        let sentence = &found.changes[0].sentences()[0];
        assert!(sentence.starts_with("helpdesk — office: "), "{sentence}");
        assert!(sentence.ends_with("from msp (desk) to it (own)"), "{sentence}");
        let back = diff(&after, &before, horizon).unwrap();
        assert_eq!(back.changes[0].regions, found.changes[0].regions);
        assert_eq!(diff(&after, &after, horizon).unwrap().changes, []);
    }

    #[test]
    fn a_change_in_plain_words_has_names_and_hours_and_no_ids() {
        let before = matrix(ALL);
        let after = matrix(&format!(
            "{ALL}[[rows]]\nid = \"day\"\nservice = \"helpdesk\"\ntier = \"L1\"\ntime = \"not office\"\naccountable = \"it\"\nresponsible = \"own\"\n"
        ));
        let horizon = Horizon::months("2027-01-01".parse().unwrap(), &before.zone, 12);
        let found = plain::moves(&diff(&before, &after, horizon).unwrap(), &before, &after);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].from.party.as_str(), found[0].to.party.as_str()), ("M", "I"));
        let duty = &found[0].duties[0];
        let name = &before.services.get("helpdesk").unwrap().name;
        assert_eq!(duty.what, format!("{name}; tier L1"));
        assert_eq!(
            (duty.when.as_str(), duty.first.as_str()),
            ("outside office hours", "Fri 2027-01-01 00:00 to 09:00")
        );
    }

    #[test]
    fn a_service_that_only_one_version_names_is_the_others_rest() {
        let before = matrix(ALL);
        let own = "[[services]]\nid = \"applications.till\"\nname = \"Till\"\ndescription = \"The till.\"\n";
        let after = matrix(&format!(
            "{own}{ALL}[[rows]]\nid = \"till\"\nservice = \"applications.till\"\naccountable = \"it\"\nresponsible = \"own\"\n"
        ));
        let horizon = Horizon::months("2027-01-01".parse().unwrap(), &before.zone, 12);
        let found = diff(&before, &after, horizon).unwrap();
        assert_eq!(found.changes.len(), 1);
        assert_eq!(found.changes[0].regions[0].conditions[0].values, ["applications.till"]);
    }
}

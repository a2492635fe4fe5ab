//! Which priority follows from impact and urgency: the usual table, or the provider's own.

use remit_db::{Tx, shared_sql};

use super::kind::{Impact, Priority, Urgency};
use crate::act::Act;
use crate::audit::{self, Event};
use crate::people::Permission;
use crate::refused::{Field, Refused};

/// A priority for each impact and urgency, both in the order of their lists: most pressing first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PriorityTable([[Priority; 3]; 3]);

impl PriorityTable {
    /// The usual one: high meets high in P1, low meets low in P4.
    pub const USUAL: Self = Self([
        [Priority::P1, Priority::P2, Priority::P3],
        [Priority::P2, Priority::P3, Priority::P4],
        [Priority::P3, Priority::P4, Priority::P4],
    ]);

    /// A table of nine priorities, impact by impact.
    pub const fn new(cells: [[Priority; 3]; 3]) -> Self {
        Self(cells)
    }

    /// What follows.
    pub const fn of(&self, impact: Impact, urgency: Urgency) -> Priority {
        self.0[impact as usize][urgency as usize]
    }

    /// Whether more impact, or more urgency, is never a lower priority.
    pub fn is_sound(&self) -> bool {
        let rows = self.0.iter().all(|row| row.is_sorted());
        let columns = (0..3).all(|n| self.0.iter().map(|row| row[n]).is_sorted());
        rows && columns
    }

    fn read(text: &str) -> Option<Self> {
        let mut cells = [[Priority::P4; 3]; 3];
        let mut words = text.split(' ');
        for cell in cells.iter_mut().flatten() {
            *cell = Priority::from_key(words.next()?)?;
        }
        Some(Self(cells))
    }

    fn write(&self) -> String {
        self.0.iter().flatten().map(|priority| priority.key()).collect::<Vec<_>>().join(" ")
    }
}

/// The table of the caller's provider.
pub fn priorities(tx: &mut Tx<'_, '_>) -> Result<PriorityTable, Refused> {
    let get = shared_sql!("SELECT cells FROM priority_table WHERE provider_id = $1");
    let own = tx.find::<(String,), _>(get, ())?.and_then(|(text,)| PriorityTable::read(&text));
    Ok(own.unwrap_or(PriorityTable::USUAL))
}

/// Gives the provider its own. Tickets that are there keep their priority until somebody says anew how pressing they are.
pub fn set_priorities(tx: &mut Tx<'_, '_>, act: &Act, table: &PriorityTable) -> Result<(), Refused> {
    act.require(Permission::ManageSettings)?;
    if !table.is_sound() {
        let why =
            "more impact, or more urgency, can never mean a lower priority: look along each row and column";
        return Err(Refused::Invalid(vec![Field::new("cells", why)]));
    }
    let set = shared_sql!(
        "INSERT INTO priority_table (provider_id, cells) VALUES ($1, $2) ON CONFLICT (provider_id) DO UPDATE SET cells = excluded.cells"
    );
    let cells = table.write();
    tx.exec(set, (&cells,))?;
    let subject = act.caller.provider.to_string();
    audit::note(tx, act, Event { action: "settings.priorities", subject, client: None, detail: &cells })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::people::Role;
    use crate::testing::on_each;
    use crate::tickets::tests::{incident, world};
    use crate::tickets::{open, weigh};

    #[test]
    fn more_impact_or_more_urgency_is_never_a_lower_priority() {
        assert!(PriorityTable::USUAL.is_sound());
        let mut odd = PriorityTable::USUAL;
        odd.0[0][0] = Priority::P3;
        assert!(!odd.is_sound());
        assert_eq!(PriorityTable::read(&odd.write()), Some(odd));
        assert_eq!(PriorityTable::read("P1 P2"), None);
    }

    #[test]
    fn a_provider_has_its_own_table_and_it_counts_from_then_on() {
        on_each(async |test| {
            let world = world(test).await;
            let before = open(&test.app, &world.requester, incident(world.client, "Slow")).await.unwrap();
            assert_eq!(before.priority, Priority::P3);
            let strict = PriorityTable::new([
                [Priority::P1; 3],
                [Priority::P1, Priority::P2, Priority::P2],
                [Priority::P3; 3],
            ]);
            let refused =
                test.app.write(&world.technician, move |tx, act| set_priorities(tx, act, &strict)).await;
            assert!(matches!(refused, Err(Refused::Forbidden(_))), "{refused:?}");
            let owner = test.caller(Role::Owner, None).await;
            let odd = PriorityTable::new([[Priority::P4; 3], [Priority::P1; 3], [Priority::P3; 3]]);
            let refused = test.app.write(&owner, move |tx, act| set_priorities(tx, act, &odd)).await;
            assert!(refused.unwrap_err().to_string().contains("row and column"));
            test.app.write(&owner, move |tx, act| set_priorities(tx, act, &strict)).await.unwrap();
            let after = open(&test.app, &world.requester, incident(world.client, "Slow")).await.unwrap();
            assert_eq!(after.priority, Priority::P2);
            let again = weigh(&test.app, &world.it, before.id, (Impact::Medium, Urgency::Low)).await.unwrap();
            assert_eq!(again.priority, Priority::P2);
        });
    }
}

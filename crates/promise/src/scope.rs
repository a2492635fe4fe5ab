//! Where a rule holds, and which of two rules is the narrower.

use remit_core::Slug;
use serde::{Deserialize, Serialize};
use std::fmt;

use crate::id::{ClientId, PartyId};

/// The tickets that a rule is about. What is absent means "all"; [`Scope::default`] is every ticket.
///
/// A scope lies within another when all its tickets do. One client counts as narrower than any tier, because a client's own
/// agreement goes before what its tier has.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Scope {
    /// The client.
    pub client: Option<ClientId>,
    /// The tier of the agreement, such as `gold`.
    pub tier: Option<String>,
    /// A service and everything below it.
    pub service: Option<Slug>,
    /// The priority, such as `P1`.
    pub priority: Option<String>,
    /// The party: for an SLA whoever holds the ticket, for an OLA or a UC whoever promises.
    pub party: Option<PartyId>,
}

/// What a scope is compared with: one ticket at one instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place<'a> {
    pub client: ClientId,
    pub tier: &'a str,
    pub service: &'a Slug,
    pub priority: &'a str,
}

impl Scope {
    /// Whether the scope holds at this place for this party.
    pub(crate) fn holds(&self, place: Place<'_>, party: PartyId) -> bool {
        self.client.is_none_or(|client| client == place.client)
            && self.party.is_none_or(|own| own == party)
            && self.priority.as_ref().is_none_or(|priority| priority == place.priority)
            && self.tier.as_ref().is_none_or(|tier| tier == place.tier)
            && self.service.as_ref().is_none_or(|service| place.service.is_within(service))
    }

    /// Whether some ticket can be in both.
    pub(crate) fn crosses(&self, other: &Self) -> bool {
        fn same<T: PartialEq>(a: Option<&T>, b: Option<&T>) -> bool {
            a.is_none() || b.is_none() || a == b
        }
        let services = match (&self.service, &other.service) {
            (Some(a), Some(b)) => a.is_within(b) || b.is_within(a),
            _ => true,
        };
        services
            && same(self.client.as_ref(), other.client.as_ref())
            && same(self.tier.as_ref(), other.tier.as_ref())
            && same(self.priority.as_ref(), other.priority.as_ref())
            && same(self.party.as_ref(), other.party.as_ref())
    }

    /// Whether all tickets of this scope are in `other`; asked only of scopes that cross.
    pub(crate) fn is_within(&self, other: &Self) -> bool {
        let service = match (&self.service, &other.service) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(a), Some(b)) => a.is_within(b),
        };
        service
            && self.whose_depth() >= other.whose_depth()
            && (other.priority.is_none() || self.priority.is_some())
            && (other.party.is_none() || self.party.is_some())
    }

    /// The tickets that are in both of two scopes that cross.
    ///
    /// Each dimension is a tree, so of two values that cross one lies in the other, and the narrower ones make a scope again.
    pub(crate) fn meet(&self, other: &Self) -> Self {
        let whose = if self.whose_depth() >= other.whose_depth() { self } else { other };
        let service_depth =
            |scope: &Self| scope.service.as_ref().map_or(0, |service| service.parts().count());
        let serving = if service_depth(self) >= service_depth(other) { self } else { other };
        Self {
            client: whose.client,
            tier: whose.tier.clone(),
            service: serving.service.clone(),
            priority: self.priority.clone().or_else(|| other.priority.clone()),
            party: self.party.or(other.party),
        }
    }

    /// How narrow it is: a scope that lies strictly within another has more of it.
    pub(crate) fn depth(&self) -> usize {
        self.whose_depth()
            + self.service.as_ref().map_or(0, |service| service.parts().count())
            + usize::from(self.priority.is_some())
            + usize::from(self.party.is_some())
    }

    /// Whose tickets: everybody's, a tier's, a client's, a client's in one tier.
    fn whose_depth(&self) -> usize {
        2 * usize::from(self.client.is_some()) + usize::from(self.tier.is_some())
    }
}

/// `tier gold, service backup, priority P1`, or `every ticket`.
impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = [
            self.client.map(|client| format!("client {client}")),
            self.tier.as_ref().map(|tier| format!("tier {tier}")),
            self.service.as_ref().map(|service| format!("service {service}")),
            self.priority.as_ref().map(|priority| format!("priority {priority}")),
            self.party.map(|party| format!("party {party}")),
        ];
        let words: Vec<String> = words.into_iter().flatten().collect();
        if words.is_empty() { f.write_str("every ticket") } else { f.write_str(&words.join(", ")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope(client: u128, tier: &str, service: &str, priority: &str) -> Scope {
        let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Scope {
            client: (client > 0).then_some(ClientId(client)),
            tier: text(tier),
            service: text(service).map(|service| Slug::parse(&service).unwrap()),
            priority: text(priority),
            party: None,
        }
    }

    #[test]
    fn a_client_is_narrower_than_its_tier() {
        let (client, tier, both) = (scope(1, "", "", ""), scope(0, "gold", "", ""), scope(1, "gold", "", ""));
        assert!(client.crosses(&tier) && client.is_within(&tier) && !tier.is_within(&client));
        assert!(both.is_within(&client) && both.is_within(&tier) && !client.is_within(&both));
        assert_eq!(client.meet(&tier), client);
        assert!(!both.crosses(&scope(1, "silver", "", "")));
    }

    #[test]
    fn what_is_in_two_scopes_is_the_narrower_of_each_condition() {
        let (a, b) = (scope(0, "gold", "backup.restore", ""), scope(0, "", "backup", "P1"));
        assert!(a.crosses(&b) && !a.is_within(&b) && !b.is_within(&a));
        assert_eq!(a.meet(&b), scope(0, "gold", "backup.restore", "P1"));
        assert_eq!(a.meet(&b), b.meet(&a));
        assert!(!a.crosses(&scope(0, "", "backups", "")));
        assert!(!b.crosses(&scope(0, "", "", "P2")));
    }

    #[test]
    fn a_scope_says_what_it_is_about() {
        assert_eq!(scope(0, "gold", "backup", "P1").to_string(), "tier gold, service backup, priority P1");
        assert_eq!(Scope::default().to_string(), "every ticket");
    }
}

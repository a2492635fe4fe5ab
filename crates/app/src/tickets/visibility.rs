//! Who reads what. It is chosen before anything is written, and decides in pages, API, mail, search and export alike.

use remit_core::Id;

use crate::act::Act;
use crate::keyed::keyed;
use crate::people::{Membership, Party, PartyKind, Permission};
use crate::refused::Refused;

keyed! {
    /// Who may read a line of a ticket.
    Visibility as "Visibility" {
        /// Everybody who sees the ticket, the requester too.
        Public = "public", "public";
        /// The people of both IT teams who work on tickets.
        Teams = "teams", "both IT teams";
        /// People of the party that wrote it.
        Party = "party", "one party only";
    }
}

/// How much of the tickets within reach somebody sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sight {
    /// All of them, and the lines between the teams: whoever works on them.
    Working(Option<Id<Party>>),
    /// All of them, and what is public.
    Reading,
    /// Those that their party holds or is offered, their own, what is public, and the lines of their party: a vendor.
    Vendor(Id<Party>),
    /// Their own, and what is public.
    Own(Id<Membership>),
}

impl Sight {
    /// Of a caller.
    pub fn of(act: &Act) -> Result<Self, Refused> {
        let caller = &act.caller;
        if caller.may(Permission::WorkTickets) {
            return match caller.party {
                Some(party) if caller.role.party() == PartyKind::Vendor => Ok(Self::Vendor(party)),
                party => Ok(Self::Working(party)),
            };
        }
        if caller.may(Permission::ReadTickets) {
            return Ok(Self::Reading);
        }
        act.require(Permission::AskForHelp)?;
        caller.membership.map(Self::Own).ok_or(Refused::NotFound)
    }

    /// Whether lines between the two IT teams are read.
    pub fn reads_teams(self) -> bool {
        matches!(self, Self::Working(_))
    }

    /// The party whose own lines are read.
    pub fn party(self) -> Option<Id<Party>> {
        match self {
            Self::Working(party) => party,
            Self::Vendor(party) => Some(party),
            Self::Reading | Self::Own(_) => None,
        }
    }

    /// The visibilities in which somebody may write, the widest first.
    pub fn writes(self) -> &'static [Visibility] {
        match self {
            Self::Working(_) => Visibility::ALL,
            Self::Vendor(_) => &[Visibility::Public, Visibility::Party],
            Self::Reading | Self::Own(_) => &[Visibility::Public],
        }
    }
}

//! What a ticket is, how pressing it is, and where its work stands.

use remit_custody::Phase;

use crate::keyed::keyed;

keyed! {
    /// What kind of work it is, in the words of ITIL.
    Kind as "TicketKind" {
        /// Something does not work as agreed.
        Incident = "incident", "Incident";
        /// Somebody asks for something that is on offer.
        Request = "request", "Request";
        /// The cause of incidents that is not known yet.
        Problem = "problem", "Problem";
        /// Something is to be added, altered or taken away.
        Change = "change", "Change";
        /// A piece of work that nobody outside asked for.
        Task = "task", "Task";
        /// A monitor has seen a condition.
        Alert = "alert", "Alert";
    }
}

keyed! {
    /// How much of the client it meets.
    Impact as "Impact" {
        /// All of it, or what it lives by.
        High = "high", "The whole company";
        /// A site, a department, several people.
        Medium = "medium", "A site or several people";
        /// One person.
        Low = "low", "One person";
    }
}

keyed! {
    /// How soon it hurts.
    Urgency as "Urgency" {
        /// Work stands still.
        High = "high", "Work stands still";
        /// Work is harder.
        Medium = "medium", "Work is harder";
        /// It can wait for a while.
        Low = "low", "It can wait";
    }
}

keyed! {
    /// In which order work is done; follows from impact and urgency.
    Priority as "Priority" {
        /// Critical.
        P1 = "P1", "P1 critical";
        /// High.
        P2 = "P2", "P2 high";
        /// Normal.
        P3 = "P3", "P3 normal";
        /// Low.
        P4 = "P4", "P4 low";
    }
}

keyed! {
    /// Where the work stands. Who holds it is another matter.
    Status as "TicketStatus" {
        /// Nobody has looked at it yet.
        New = "new", "New";
        /// Somebody works on it.
        Working = "working", "In progress";
        /// It waits for the requester.
        WaitingRequester = "waiting-requester", "Waiting for the requester";
        /// It waits for a vendor that does not work here.
        WaitingVendor = "waiting-vendor", "Waiting for a vendor";
        /// It waits for a day that was agreed.
        Scheduled = "scheduled", "Scheduled";
        /// It waits for an approval that was asked for.
        WaitingApproval = "waiting-approval", "Waiting for approval";
        /// It is solved, and may still be doubted.
        Solved = "solved", "Solved";
        /// It is over.
        Closed = "closed", "Closed";
    }
}

keyed! {
    /// How far a ticket has to go up before somebody can solve it.
    Tier as "Tier" {
        /// Nobody has said.
        Unsaid = "", "not said";
        /// The first line: common, known, quick.
        L1 = "L1", "L1";
        /// The second line: needs somebody who knows the matter.
        L2 = "L2", "L2";
        /// The third line: needs an engineer.
        L3 = "L3", "L3";
    }
}

impl Tier {
    /// The next one up; none above the third line. What nobody has said was the first line's.
    pub const fn above(self) -> Option<Self> {
        match self {
            Self::Unsaid | Self::L1 => Some(Self::L2),
            Self::L2 => Some(Self::L3),
            Self::L3 => None,
        }
    }
}

impl Priority {
    /// The class that draws it: by weight, not by colour.
    pub const fn level(self) -> &'static str {
        match self {
            Self::P1 => "one",
            Self::P2 => "two",
            Self::P3 => "three",
            Self::P4 => "four",
        }
    }
}

impl Status {
    /// What the holder does meanwhile, for the times that are held.
    pub const fn phase(self) -> Phase {
        match self {
            Self::New | Self::Working => Phase::Working,
            Self::WaitingRequester | Self::WaitingVendor | Self::Scheduled | Self::WaitingApproval => {
                Phase::Waiting
            }
            Self::Solved | Self::Closed => Phase::Done,
        }
    }

    /// Whether there is still something to do.
    pub const fn is_open(self) -> bool {
        !matches!(self, Self::Solved | Self::Closed)
    }

    /// Where it can go from here by somebody's word.
    pub fn next(self) -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(move |to| self.may_become(*to))
    }

    /// Whether it may become that. What is over is opened again first; nothing becomes new again, and only an approval that is asked for is
    /// waited for.
    pub fn may_become(self, to: Self) -> bool {
        match (self, to) {
            (_, Self::New | Self::WaitingApproval) => false,
            (Self::Closed | Self::Solved, to) if to.is_open() => to == Self::Working,
            (Self::Closed, _) => false,
            (from, to) => from != to,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_over_is_opened_again_before_anything_else_happens() {
        assert_eq!(Status::Closed.next().collect::<Vec<_>>(), [Status::Working]);
        assert_eq!(Status::Solved.next().collect::<Vec<_>>(), [Status::Working, Status::Closed]);
        for status in Status::ALL {
            assert!(!status.may_become(Status::New) && !status.may_become(*status), "{status:?}");
            assert!(!status.may_become(Status::WaitingApproval), "{status:?}");
            assert_eq!(Status::from_key(status.key()), Some(*status));
        }
    }
}

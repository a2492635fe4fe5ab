//! What all of them are asked.

/// A thing that people do at any help desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// The list of what is open, fifty on a page.
    List,
    /// One ticket with everything that was said.
    Page,
    /// A word that one ticket of a hundred has.
    Search,
    /// Something is written into a ticket.
    Reply,
    /// A ticket is opened.
    Create,
}

/// All, those that change something last.
pub const ALL: &[Deed] = &[Deed::List, Deed::Page, Deed::Search, Deed::Reply, Deed::Create];

impl Deed {
    /// As it stands in the report.
    pub const fn name(self) -> &'static str {
        match self {
            Self::List => "open tickets, 50 of them",
            Self::Page => "page of a ticket",
            Self::Search => "search, a rare word",
            Self::Reply => "reply",
            Self::Create => "new ticket",
        }
    }
}

//! The sheets and their columns: one description for writing, reading, drop-downs and comments.

use crate::model::Dimension;

/// One sheet of the workbook, one block of the CSV file.
pub(super) struct Sheet {
    /// Name of the sheet; `[Name]` in a CSV file.
    pub title: &'static str,
    /// Its columns from left to right.
    pub columns: &'static [Column],
}

/// One column.
pub(super) struct Column {
    /// The field's name in paths and in the TOML form.
    pub field: &'static str,
    /// The header.
    pub label: &'static str,
    /// The comment on the header.
    pub help: &'static str,
    /// Width in characters.
    pub width: u8,
    /// What the drop-down offers.
    pub choice: Choice,
}

/// What a cell's drop-down offers.
#[derive(Clone, Copy)]
pub(super) enum Choice {
    /// Anything can be written.
    Free,
    /// Exactly one of these words.
    Words(&'static [&'static str]),
    /// These words, or several with commas between them, or others.
    SomeWords(&'static [&'static str]),
    /// Exactly one entry of another sheet's first column.
    Entry(&'static str),
    /// Entries of another sheet's first column, or several with commas between them, or others.
    SomeEntries(&'static str),
    /// The entries of a column of the sheet Values, by its letter and the dimension that it lists.
    Values(char, Dimension),
    /// The calendars and their complements.
    Time,
    /// The calendars.
    Calendar,
}

use Choice::{Calendar, Entry, Free, SomeEntries, SomeWords, Time, Values, Words};

const fn col(
    field: &'static str,
    label: &'static str,
    width: u8,
    choice: Choice,
    help: &'static str,
) -> Column {
    Column { field, label, help, width, choice }
}

/// The words for how a client is served.
pub(super) const MODELS: &[&str] = &["fully-managed", "co-managed"];
/// The words for what a party is.
pub(super) const PARTY_KINDS: &[&str] = &["provider", "internal", "vendor"];
/// The words for who typically owns a service.
pub(super) const OWNERS: &[&str] = &["provider", "internal", "shared", "vendor", "not-applicable"];
/// The words for the co-managed arrangements.
pub(super) const ARRANGEMENTS: &[&str] = &[
    "tools-only",
    "tier-3-escalation",
    "after-hours",
    "project-augmentation",
    "hybrid-expertise",
    "strategic-partnership",
];
const YES_NO: &[&str] = &["yes", "no"];

/// One line per row of the matrix.
pub(super) const MATRIX: Sheet = Sheet {
    title: "Matrix",
    columns: &[
        col(
            "id",
            "Id",
            16,
            Free,
            "Name of the row, unique and unchanged through all versions, such as patching-servers. Needed.",
        ),
        col(
            "service",
            "Service",
            26,
            SomeEntries("Catalogue"),
            "Duties from the sheet Catalogue; each covers everything below it. Several: divide by commas. Blank: all.",
        ),
        col(
            "tier",
            "Tier",
            9,
            Values('A', Dimension::Tier),
            "Support lines, such as L1 or L2, L3. Blank: all.",
        ),
        col(
            "priority",
            "Priority",
            9,
            Values('B', Dimension::Priority),
            "Priorities, such as P1. Blank: all.",
        ),
        col(
            "site",
            "Site",
            12,
            Values('C', Dimension::Site),
            "Sites listed on the sheet Values. Blank: all.",
        ),
        col(
            "asset-class",
            "Asset class",
            13,
            Values('D', Dimension::AssetClass),
            "Classes of assets listed on the sheet Values, such as server. Blank: all.",
        ),
        col(
            "requester-group",
            "Requester group",
            16,
            Values('E', Dimension::RequesterGroup),
            "Groups of requesters listed on the sheet Values. Blank: all.",
        ),
        col(
            "kind",
            "Kind",
            12,
            Values('F', Dimension::Kind),
            "Kinds of work, such as incident or request. Blank: all.",
        ),
        col(
            "time",
            "Time",
            24,
            Time,
            "When, such as office, not office, holidays(office) or sat-sun, 2026-12-24..2027-01-02. Blank: always.",
        ),
        col(
            "accountable",
            "Accountable",
            14,
            Entry("Parties"),
            "The one party that answers for the outcome, by its id. Needed.",
        ),
        col(
            "responsible",
            "Responsible",
            16,
            Entry("Teams"),
            "The one team of that party that does the work, by its id. Needed.",
        ),
        col("consulted", "Consulted", 16, SomeEntries("Teams"), "Teams or parties that are asked before."),
        col("informed", "Informed", 16, SomeEntries("Teams"), "Teams or parties that are told after."),
        col(
            "fallback",
            "Fallback",
            16,
            SomeEntries("Teams"),
            "Teams that take over, in order, while nobody of the responsible team is on duty.",
        ),
        col("respond", "Respond", 9, Free, "Time to the first answer, such as 15m or 4h."),
        col("resolve", "Resolve", 9, Free, "Time to the solution, such as 8h or 2d."),
        col(
            "clock",
            "Clock",
            11,
            Calendar,
            "The calendar whose open minutes count for the promise. Blank: every minute counts.",
        ),
        col("note", "Note", 40, Free, "Free text for people."),
    ],
};

/// One line per fact about the whole matrix.
pub(super) const ABOUT: Sheet = Sheet {
    title: "About",
    columns: &[
        col("field", "Field", 18, Free, "What the line is about. These names stay as they are."),
        col(
            "value",
            "Value",
            44,
            Free,
            "What it is. Model: fully-managed or co-managed. In force from: a day such as 2026-10-01. Last resort: the team that gets what nobody on duty can take.",
        ),
    ],
};

/// The lines of [`ABOUT`]: the field and its label.
pub(super) const FACTS: [(&str, &str); 8] = [
    ("client", "Client"),
    ("zone", "Zone"),
    ("model", "Model"),
    ("arrangements", "Arrangements"),
    ("version", "Version"),
    ("in-force-from", "In force from"),
    ("last-resort", "Last resort"),
    ("format", "Format"),
];

/// One line per party.
pub(super) const PARTIES: Sheet = Sheet {
    title: "Parties",
    columns: &[
        col("id", "Id", 16, Free, "Short name that the rows use, such as provider. Needed."),
        col("name", "Name", 32, Free, "Name as people say it. Needed."),
        col(
            "kind",
            "Kind",
            14,
            Words(PARTY_KINDS),
            "provider, internal (the client's own IT) or vendor. Needed.",
        ),
    ],
};

/// One line per team.
pub(super) const TEAMS: Sheet = Sheet {
    title: "Teams",
    columns: &[
        col("id", "Id", 18, Free, "Short name that the rows use, such as night-desk. Needed."),
        col("name", "Name", 32, Free, "Name as people say it. Blank: the id."),
        col("party", "Party", 16, Entry("Parties"), "The party it belongs to, by its id. Needed."),
        col(
            "hours",
            "Hours",
            32,
            Time,
            "When somebody of the team is on duty, such as office or mon-fri 08:00-18:00. Blank: always.",
        ),
    ],
};

/// One line per window or date of a calendar.
pub(super) const CALENDARS: Sheet = Sheet {
    title: "Calendars",
    columns: &[
        col(
            "id",
            "Id",
            16,
            Free,
            "The word that the rows use, such as office. The same on each line of one calendar. Needed.",
        ),
        col(
            "zone",
            "Zone",
            22,
            Free,
            "IANA zone, such as Europe/London. Once per calendar is enough. Blank: the client's.",
        ),
        col(
            "holidays",
            "Holidays",
            16,
            Free,
            "Regions whose public holidays close the calendar, such as US-CA or GB-SCT. Once per calendar is enough.",
        ),
        col("days", "Days", 16, Free, "Weekdays such as mon-fri, or one date such as 2026-12-24."),
        col("hours", "Hours", 28, Free, "Windows such as 08:00-12:00, 13:00-17:30, or closed."),
    ],
};

/// One column per dimension, its values below one another.
pub(super) const VALUES: Sheet = Sheet {
    title: "Values",
    columns: &[
        col("tier", "Tier", 16, Free, "Support lines. Blank: L1, L2, L3."),
        col("priority", "Priority", 16, Free, "Priorities. Blank: P1 to P4."),
        col("site", "Site", 18, Free, "Sites of the client."),
        col("asset-class", "Asset class", 18, Free, "Classes of assets, such as server or workstation."),
        col("requester-group", "Requester group", 18, Free, "Groups of requesters, such as executives."),
        col("kind", "Kind", 18, Free, "Kinds of work. Blank: the built-in kinds."),
    ],
};

/// One line per duty of the client beyond the built-in catalogue.
pub(super) const SERVICES: Sheet = Sheet {
    title: "Services",
    columns: &[
        col(
            "id",
            "Id",
            30,
            Free,
            "Dotted id below a duty of the sheet Catalogue, such as applications.cad-support. Needed.",
        ),
        col("name", "Name", 28, Free, "Short name. Needed."),
        col("description", "Description", 48, Free, "What the duty is, in a sentence."),
        col(
            "owner.managed",
            "Owner managed",
            16,
            Words(OWNERS),
            "Typical owner where the provider is the whole IT department. Blank: as the duty above.",
        ),
        col(
            "owner.co-managed",
            "Owner co-managed",
            18,
            Words(OWNERS),
            "Usual owner where the work is shared. Blank: as the duty above.",
        ),
        col(
            "owner.provider-in",
            "Provider in",
            22,
            SomeWords(ARRANGEMENTS),
            "The co-managed arrangements in which the provider owns it.",
        ),
        col("outside-fee", "Outside fee", 13, Words(YES_NO), "yes where a fully managed fee leaves it out."),
        col("itil", "ITIL", 24, Free, "The ITIL 4 practice it belongs to."),
        col("csf", "CSF", 18, Free, "NIST CSF 2.0 subcategories, such as PR.AA-01."),
        col("also", "Also", 32, Free, "Other names people use for it."),
    ],
};

/// All sheets in the order in which they are written.
pub(super) const SHEETS: [&Sheet; 7] = [&MATRIX, &ABOUT, &PARTIES, &TEAMS, &CALENDARS, &VALUES, &SERVICES];

/// The sheet of the workbook that lists the built-in services for reading up; it is skipped on reading.
pub(super) const CATALOGUE: &str = "Catalogue";

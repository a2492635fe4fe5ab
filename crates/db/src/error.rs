//! What a database can answer with beside rows.

/// Why a unit of work failed. Absent rows are no error: they are `None`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Another row has these values already.
    #[error("there is another row with the same {columns}")]
    Unique {
        /// `table.column, table.column`, the same on both engines; the provider's id is left out.
        columns: String,
    },
    /// A row refers to one that is not there, or is referred to by one that is.
    #[error("a row refers to one that is not there")]
    ForeignKey,
    /// A value breaks a rule of its column or table.
    #[error("a value is not allowed here: {0}")]
    Check(String),
    /// The caller's scope does not reach the row that was to be written.
    #[error("this lies outside what the caller may touch")]
    OutOfReach,
    /// A statement was run after one that failed in the same unit of work.
    #[error("an earlier statement of this unit of work failed")]
    Poisoned,
    /// A column holds another kind of value than the code reads.
    #[error("column {column} holds {found}, where {wanted} is read")]
    Column {
        /// Counted from 0.
        column: usize,
        /// What is there.
        found: &'static str,
        /// The Rust type that was asked for.
        wanted: &'static str,
    },
    /// More units of work wait than the queue holds.
    #[error("the database is busy; try again in a moment")]
    Busy,
    /// The disk, or the space that the database may use, is full.
    #[error("the disk of the database is full; nothing was written")]
    Full,
    /// The database can be read only.
    #[error("the database cannot be written: {0}")]
    ReadOnly(String),
    /// The unit of work panicked. Nothing of it was kept.
    #[error("a unit of work ended unexpectedly; nothing of it was kept")]
    Panicked,
    /// The database was closed, or its server went away.
    #[error("the database is not there: {0}")]
    Gone(String),
    /// The database cannot be opened as it is.
    #[error("{0}")]
    Unusable(String),
    /// Whatever else.
    #[error("the database failed: {0}")]
    Other(String),
}

impl Error {
    /// Whether this is the uniqueness of exactly these columns, such as `site.client_id, site.name`.
    pub fn is_unique(&self, wanted: &str) -> bool {
        matches!(self, Self::Unique { columns } if columns == wanted)
    }

    /// Names columns in the same way on both engines.
    pub(crate) fn unique(table: &str, columns: impl IntoIterator<Item = String>) -> Self {
        let own = columns.into_iter().filter(|column| column != "provider_id");
        let columns: Vec<String> = own.map(|column| format!("{table}.{column}")).collect();
        Self::Unique { columns: columns.join(", ") }
    }
}

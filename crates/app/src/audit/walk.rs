//! Goes through a log from its first line to its last.

use super::seal::FIRST;
use super::{Head, Key, Line, Tampered};

/// How far a check has come.
pub(super) struct Walk<'k> {
    key: &'k Key,
    /// A head that was kept elsewhere.
    kept: Option<Head>,
    last: Head,
}

impl<'k> Walk<'k> {
    pub fn new(key: &'k Key, kept: Option<Head>) -> Self {
        Self { key, kept, last: Head { seq: 0, seal: FIRST } }
    }

    /// The number of the last line.
    pub fn seq(&self) -> i64 {
        self.last.seq
    }

    /// Checks the next line.
    pub fn step(&mut self, line: &Line) -> Result<(), Tampered> {
        if line.seq != self.last.seq + 1 {
            return Err(Tampered::Missing(self.last.seq + 1));
        }
        if line.seal != self.key.seal(line, &self.last.seal) {
            return Err(Tampered::Changed(line.seq));
        }
        self.last = Head { seq: line.seq, seal: line.seal };
        match self.kept {
            Some(kept) if kept.seq == line.seq && kept.seal != line.seal => Err(Tampered::Replaced(line.seq)),
            _ => Ok(()),
        }
    }

    /// Checks that the log ends where it ended: number and seal of its last line, and the seal of the two.
    pub fn end(self, noted: Option<(i64, [u8; 32], [u8; 32])>) -> Result<Head, Tampered> {
        let Self { key, kept, last } = self;
        if let Some(kept) = kept.filter(|kept| kept.seq > last.seq) {
            return Err(Tampered::Replaced(kept.seq));
        }
        let fits = match noted {
            None => last.seq == 0,
            Some((seq, seal, sealed)) => {
                (seq, seal) == (last.seq, last.seal) && sealed == key.seal_head(seq, &seal)
            }
        };
        if fits { Ok(last) } else { Err(Tampered::Cut(noted.map_or(0, |(seq, ..)| seq))) }
    }
}

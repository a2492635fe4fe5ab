//! A reader that lets no single tag or text grow without end, and counts lines.

use std::io::{self, BufRead, BufReader, Read};

use crate::error::Carried;

/// Passes bytes on, at most `limit` between two calls of [`Bounded::next_token`].
pub(super) struct Bounded<'a> {
    inner: BufReader<&'a mut dyn BufRead>,
    limit: u64,
    used: u64,
    line: u64,
}

const BUFFER: usize = 64 << 10;

impl<'a> Bounded<'a> {
    pub fn new(inner: &'a mut dyn BufRead, limit: u64) -> Self {
        // A buffer of its own: the XML reader asks for bytes several times a tag, which is dear through `dyn`.
        let inner = BufReader::with_capacity(BUFFER, inner);
        Self { inner, limit, used: 0, line: 1 }
    }

    /// The next tag or text begins.
    pub fn next_token(&mut self) {
        self.used = 0;
    }

    /// The line reached, counted from 1.
    pub fn line(&self) -> u64 {
        self.line
    }
}

impl Read for Bounded<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let given = self.fill_buf()?;
        let count = given.len().min(buffer.len());
        buffer[..count].copy_from_slice(&given[..count]);
        self.consume(count);
        Ok(count)
    }
}

impl BufRead for Bounded<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.used > self.limit {
            let hint = "Is a quote or a tag left open?";
            let limit = format!("{} bytes", self.limit);
            return Err(Carried::Limit("length of a tag or text", limit, hint).into_io());
        }
        self.inner.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        let given = self.inner.buffer();
        self.line += memchr::memchr_iter(b'\n', &given[..count.min(given.len())]).count() as u64;
        self.used += count as u64;
        self.inner.consume(count);
    }
}

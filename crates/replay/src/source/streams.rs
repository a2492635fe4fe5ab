//! Readers between the disk and the log: one counts, one guards against unpacking without end, one decodes.

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

use encoding_rs::{Decoder, DecoderResult, Encoding};

use crate::error::Carried;
use crate::limits::Limits;

/// How much has been read, shared with whoever shows the progress.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    /// Bytes read so far.
    pub read: Cell<u64>,
    /// Bytes there are, where that is known.
    pub total: Cell<Option<u64>>,
}

/// Counts what passes.
pub(super) struct Counted<R> {
    inner: R,
    meter: Rc<Meter>,
}

impl<R> Counted<R> {
    pub fn new(inner: R, meter: &Rc<Meter>) -> Self {
        Self { inner, meter: Rc::clone(meter) }
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let got = self.inner.read(buffer)?;
        self.meter.read.set(self.meter.read.get() + got as u64);
        Ok(got)
    }
}

/// How many bytes the packed form has.
pub(super) enum Packed {
    /// As the archive says.
    Known(u64),
    /// As many as were read so far.
    Counted(Rc<Meter>),
}

/// Stops at too many unpacked bytes, and at too many for what they were packed in.
pub(super) struct Guarded<R> {
    inner: R,
    packed: Packed,
    unpacked: u64,
    bytes: u64,
    ratio: u64,
}

/// Below this size no ratio is suspicious.
const RATIO_FROM: u64 = 64 << 20;

impl<R> Guarded<R> {
    pub fn new(inner: R, limits: &Limits, packed: Packed) -> Self {
        Self { inner, packed, unpacked: 0, bytes: limits.unpacked_bytes, ratio: limits.unpack_ratio }
    }

    fn check(&self) -> io::Result<()> {
        let packed = match &self.packed {
            Packed::Known(bytes) => *bytes,
            Packed::Counted(meter) => meter.read.get(),
        };
        let hint = "If the file is to be trusted, unpack it first";
        if self.unpacked > self.bytes {
            return Err(Carried::Limit("unpacked data", format!("{} bytes", self.bytes), hint).into_io());
        }
        if self.unpacked > RATIO_FROM && self.unpacked / self.ratio > packed {
            let limit = format!("{} times the packed size", self.ratio);
            return Err(Carried::Limit("unpacked data", limit, hint).into_io());
        }
        Ok(())
    }
}

impl<R: Read> Read for Guarded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let got = self.inner.read(buffer)?;
        self.unpacked += got as u64;
        self.check()?;
        Ok(got)
    }
}

/// Decodes to UTF-8.
pub(super) struct Transcoded<R> {
    inner: R,
    decoder: Decoder,
    raw: Vec<u8>,
    raw_at: usize,
    text: Vec<u8>,
    text_at: usize,
    finished: bool,
}

impl<R> Transcoded<R> {
    pub fn new(inner: R, encoding: &'static Encoding) -> Self {
        let decoder = encoding.new_decoder_without_bom_handling();
        let (raw, text) = (Vec::new(), Vec::new());
        Self { inner, decoder, raw, raw_at: 0, text, text_at: 0, finished: false }
    }
}

impl<R: Read> Transcoded<R> {
    fn fill(&mut self) -> io::Result<()> {
        if self.raw_at == self.raw.len() {
            self.raw.resize(64 << 10, 0);
            let got = self.inner.read(&mut self.raw)?;
            self.raw.truncate(got);
            self.raw_at = 0;
            self.finished = got == 0;
        }
        self.text.resize(192 << 10, 0);
        self.text_at = 0;
        let raw = &self.raw[self.raw_at..];
        let (result, read, written) =
            self.decoder.decode_to_utf8_without_replacement(raw, &mut self.text, self.finished);
        self.raw_at += read;
        self.text.truncate(written);
        if let DecoderResult::Malformed(..) = result {
            let name = self.decoder.encoding().name();
            let hint = "Check `encoding` in the mapping, or save the file as UTF-8".to_owned();
            return Err(Carried::Encoding(format!("there are bytes that are not {name}"), hint).into_io());
        }
        Ok(())
    }
}

impl<R: Read> Read for Transcoded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.text_at == self.text.len() && !self.finished {
            self.fill()?;
        }
        let rest = &self.text[self.text_at..];
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        self.text_at += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf_16_and_windows_1252_become_utf_8() {
        let wide: Vec<u8> = "Müller €".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let mut text = String::new();
        Transcoded::new(&wide[..], encoding_rs::UTF_16LE).read_to_string(&mut text).unwrap();
        assert_eq!(text, "Müller €");
        text.clear();
        Transcoded::new(&b"M\xfcller \x80"[..], encoding_rs::WINDOWS_1252).read_to_string(&mut text).unwrap();
        assert_eq!(text, "Müller €");
    }

    #[test]
    fn half_a_character_at_the_end_is_refused() {
        let error =
            Transcoded::new(&b"a\0b"[..], encoding_rs::UTF_16LE).read_to_end(&mut Vec::new()).unwrap_err();
        assert!(error.to_string().contains("UTF-16LE"), "{error}");
    }

    #[test]
    fn unpacking_stops_at_the_limit() {
        let limits = Limits { unpacked_bytes: 1000, ..Limits::default() };
        let mut guarded = Guarded::new(io::repeat(b'x'), &limits, Packed::Known(10));
        let error = io::copy(&mut guarded, &mut io::sink()).unwrap_err();
        assert!(error.to_string().contains("1000 bytes"), "{error}");
        let mut guarded = Guarded::new(io::repeat(b'x'), &Limits::default(), Packed::Known(10));
        let error = io::copy(&mut guarded, &mut io::sink()).unwrap_err();
        assert!(error.to_string().contains("200 times"), "{error}");
    }
}

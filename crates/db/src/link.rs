//! The connection of a thread: made when it is needed, made again when it was lost; and whether writing goes well.

use std::sync::{Arc, Mutex, PoisonError};

use crate::error::Error;
use crate::tx::Connection;

/// Makes a connection; used again when one is lost.
pub(crate) type Connect = Box<dyn FnMut() -> Result<Box<dyn Connection>, Error> + Send>;

/// A connection that is made when it is needed and again after it was lost.
pub(crate) struct Link {
    connect: Connect,
    connection: Option<Box<dyn Connection>>,
}

impl Link {
    /// One that is not connected yet.
    pub fn new(connect: Connect) -> Self {
        Self { connect, connection: None }
    }

    /// Begins a transaction. A connection that was lost since it was last used is made again: nothing has been done on it yet, so
    /// nobody need hear of it.
    pub fn begin(
        &mut self,
        begin: impl Fn(&mut dyn Connection) -> Result<(), Error>,
    ) -> Result<&mut dyn Connection, Error> {
        self.connection.take_if(|connection| connection.is_spent());
        let kept = self.connection.is_some();
        let mut done = self.get().and_then(&begin);
        if kept && matches!(done, Err(Error::Gone(_))) {
            self.connection = None;
            done = self.get().and_then(&begin);
        }
        if let (Err(error), Some(connection)) = (&done, &mut self.connection) {
            // Where it had begun and then not got its locks, it is over.
            let _ = connection.batch("ROLLBACK");
            self.heed(error);
        }
        done.and_then(|()| self.get())
    }

    fn get(&mut self) -> Result<&mut dyn Connection, Error> {
        if self.connection.is_none() {
            self.connection = Some((self.connect)()?);
        }
        Ok(&mut **self.connection.as_mut().expect("it was just made"))
    }

    /// Does something with the connection, if there is one.
    pub fn with(&mut self, work: impl FnOnce(&mut dyn Connection) -> Result<(), Error>) -> Result<(), Error> {
        self.connection.as_mut().map_or(Ok(()), |connection| work(&mut **connection))
    }

    /// Drops a connection that cannot be used any more.
    pub fn heed(&mut self, error: &Error) {
        if matches!(error, Error::Gone(_)) {
            self.connection = None;
        }
    }
}

/// Why writing failed of late, if it did; shared by those who ask.
#[derive(Debug, Clone, Default)]
pub(crate) struct Trouble(Arc<Mutex<Option<Error>>>);

impl Trouble {
    /// Keeps why nothing can be written, where that is the reason; other failures are the affair of their unit of work.
    pub fn note(&self, error: &Error) {
        if matches!(error, Error::Full | Error::ReadOnly(_) | Error::Gone(_) | Error::Unusable(_)) {
            self.set(Some(error.clone()));
        }
    }

    /// Something was written.
    pub fn is_over(&self) {
        self.set(None);
    }

    /// What it is.
    pub fn get(&self) -> Option<Error> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, trouble: Option<Error>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = trouble;
    }
}

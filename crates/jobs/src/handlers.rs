//! Who does jobs of a kind.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use remit_core::Millis;

use crate::backoff::Backoff;
use crate::job::{Failed, Task, Work};

type Doing = Pin<Box<dyn Future<Output = Result<(), Failed>> + Send>>;
type Handler = Arc<dyn Fn(Task, &str) -> Doing + Send + Sync>;

/// How jobs of a kind are done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// When they are tried again.
    pub backoff: Backoff,
    /// How long a try may take.
    pub timeout: Millis,
}

#[derive(Clone)]
pub(crate) struct Registered {
    pub policy: Policy,
    pub handler: Handler,
}

/// The kinds of work that a worker knows, and the queues that it takes jobs from. Jobs in other queues wait.
#[derive(Clone, Default)]
pub struct Handlers {
    kinds: BTreeMap<&'static str, Registered>,
    queues: BTreeMap<&'static str, usize>,
}

impl Policy {
    /// Twelve tries over some hours, each of at most a minute.
    pub const USUAL: Self = Self {
        backoff: Backoff { first: Millis::from_millis(15_000), longest: Millis::from_hours(1), tries: 12 },
        timeout: Millis::from_minutes(1),
    };
}

impl Handlers {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes at most `most` jobs of a queue at once. Four unless said otherwise.
    #[must_use]
    pub fn at_once(mut self, queue: &'static str, most: usize) -> Self {
        self.queues.insert(queue, most.max(1));
        self
    }

    /// Says who does work of type `W`. It may be done more than once, so it must come to the same.
    #[must_use]
    pub fn add<W: Work, F>(
        mut self,
        policy: Policy,
        handler: impl Fn(Task, W) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<(), Failed>> + Send + 'static,
    {
        let typed = move |task: Task, payload: &str| -> Doing {
            match serde_json::from_str::<W>(payload) {
                Ok(work) => Box::pin(handler(task, work)),
                // Perhaps of a newer release, which will know it.
                Err(error) => {
                    let failed = Failed::Again(format!("the job cannot be read: {error}"));
                    Box::pin(std::future::ready(Err(failed)))
                }
            }
        };
        let before = self.kinds.insert(W::KIND, Registered { policy, handler: Arc::new(typed) });
        assert!(before.is_none(), "two handlers for jobs of the kind {}", W::KIND);
        self.queues.entry(W::QUEUE).or_insert(4);
        self
    }

    /// The queues, and how many jobs of each may be done at once.
    pub fn queues(&self) -> impl Iterator<Item = (&'static str, usize)> {
        self.queues.iter().map(|(queue, most)| (*queue, *most))
    }

    pub(crate) fn get(&self, kind: &str) -> Option<Registered> {
        self.kinds.get(kind).cloned()
    }
}

impl std::fmt::Debug for Handlers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Handlers").field("kinds", &self.kinds.keys()).field("queues", &self.queues).finish()
    }
}

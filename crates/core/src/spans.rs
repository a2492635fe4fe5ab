//! Sets of instants as sorted spans.

use crate::{At, Millis, Span};
use serde::Serialize;

/// A set of instants: spans in order that are not empty, do not overlap and do not touch.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Spans(Vec<Span>);

impl Spans {
    /// The set without any instant.
    pub const fn none() -> Spans {
        Spans(Vec::new())
    }

    /// The set of all instants that lie in at least one of `spans`, in whatever order they come.
    pub fn from_unsorted(mut spans: Vec<Span>) -> Spans {
        spans.retain(|span| !span.is_empty());
        if !spans.is_sorted() {
            spans.sort_unstable();
        }
        spans.dedup_by(|next, kept| {
            let joins = next.start <= kept.end;
            if joins {
                kept.end = kept.end.max(next.end);
            }
            joins
        });
        Spans(spans)
    }

    /// The spans, in order.
    pub fn as_slice(&self) -> &[Span] {
        &self.0
    }

    /// The spans, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Span> + '_ {
        self.0.iter().copied()
    }

    /// The number of spans.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether no instant is in the set.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether `at` is in the set (binary search).
    pub fn contains(&self, at: At) -> bool {
        self.find(at).is_some()
    }

    /// The span of the set that `at` lies in (binary search).
    pub fn find(&self, at: At) -> Option<Span> {
        let after = self.0.partition_point(|span| span.start <= at);
        let span = *self.0.get(after.checked_sub(1)?)?;
        span.contains(at).then_some(span)
    }

    /// The time in the set.
    pub fn total(&self) -> Millis {
        self.iter().map(Span::length).sum()
    }

    /// The instants in this set or in `other`.
    #[must_use]
    pub fn union(&self, other: &Spans) -> Spans {
        Spans::from_unsorted([self.as_slice(), other.as_slice()].concat())
    }

    /// The instants in this set and in `other`.
    #[must_use]
    pub fn intersect(&self, other: &Spans) -> Spans {
        let (mut left, mut right) = (self.0.as_slice(), other.0.as_slice());
        let mut common = Vec::new();
        while let ([a, left_rest @ ..], [b, right_rest @ ..]) = (left, right) {
            let both = a.intersect(*b);
            if !both.is_empty() {
                common.push(both);
            }
            if a.end <= b.end {
                left = left_rest;
            } else {
                right = right_rest;
            }
        }
        Spans(common)
    }

    /// The instants of `horizon` that are not in this set.
    #[must_use]
    pub fn complement_within(&self, horizon: Span) -> Spans {
        let mut rest = Vec::with_capacity(self.0.len() + 1);
        let mut from = horizon.start;
        for span in self.iter().take_while(|span| span.start < horizon.end) {
            if from < span.start {
                rest.push(Span::new(from, span.start));
            }
            from = from.max(span.end);
        }
        if from < horizon.end {
            rest.push(Span::new(from, horizon.end));
        }
        Spans(rest)
    }

    /// The instants of this set that lie in `horizon`.
    #[must_use]
    pub fn within(&self, horizon: Span) -> Spans {
        let cut = self.iter().map(|span| span.intersect(horizon)).filter(|span| !span.is_empty());
        Spans(cut.collect())
    }
}

impl FromIterator<Span> for Spans {
    fn from_iter<I: IntoIterator<Item = Span>>(spans: I) -> Spans {
        Spans::from_unsorted(spans.into_iter().collect())
    }
}

impl<'a> IntoIterator for &'a Spans {
    type Item = Span;
    type IntoIter = std::iter::Copied<std::slice::Iter<'a, Span>>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.iter().copied()
    }
}

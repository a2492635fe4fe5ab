//! What has to hold for any spans and any instants.

use proptest::prelude::*;
use remit_core::{At, BusinessTime, Millis, Span, Spans};

/// Spans in a small world of 64 instants, so that a set of bits can be the model.
fn small_spans() -> impl Strategy<Value = Spans> {
    let span = (0_i64..64, 0_i64..64).prop_map(|(a, b)| Span::new(At::from_millis(a), At::from_millis(b)));
    prop::collection::vec(span, 0..12).prop_map(Spans::from_unsorted)
}

fn bits(spans: &Spans) -> u64 {
    (0..64).filter(|i| spans.iter().any(|span| span.contains(At::from_millis(*i)))).map(|i| 1 << i).sum()
}

fn well_formed(spans: &Spans) -> bool {
    spans.iter().all(|span| span.start < span.end)
        && spans.as_slice().windows(2).all(|pair| pair[0].end < pair[1].start)
}

/// Open spans of up to two days with gaps of up to three, on whole minutes or (every other case) not; and a horizon.
fn open_time() -> impl Strategy<Value = (Spans, Span)> {
    let lengths = prop::collection::vec((1_i64..2880, 1_i64..4320), 0..25);
    (lengths, any::<bool>(), -5_000_000_i64..40_000_000).prop_map(|(lengths, whole, first)| {
        let unit = if whole { 60_000 } else { 60_001 };
        let (mut spans, mut at) = (Vec::new(), first * 60_000);
        for (open, closed) in lengths {
            spans.push(Span::new(At::from_millis(at), At::from_millis(at + open * unit)));
            at += (open + closed) * unit;
        }
        let horizon = Span::new(At::from_millis(first * 60_000 - 7_200_000), At::from_millis(at + 7_200_000));
        (Spans::from_unsorted(spans), horizon)
    })
}

/// Open time and places in its horizon, given as millionths of it.
fn places(count: usize) -> impl Strategy<Value = (Spans, Span, Vec<At>)> {
    (open_time(), prop::collection::vec(0_i64..=1_000_000, count)).prop_map(
        |((spans, horizon), millionths)| {
            let length = horizon.length().millis();
            let place =
                |millionth: i64| horizon.start + Millis::from_millis(length / 1000 * millionth / 1000);
            (spans, horizon, millionths.into_iter().map(place).collect())
        },
    )
}

/// The open time between two instants by adding up what each span has of it.
fn by_summing(spans: &Spans, from: At, to: At) -> Millis {
    spans.iter().map(|span| span.intersect(Span::new(from, to)).length()).sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn sets_of_spans_behave_as_sets_of_bits(a in small_spans(), b in small_spans(), from in 0_i64..64, to in 0_i64..64) {
        let horizon = Span::new(At::from_millis(from), At::from_millis(to));
        let inside = bits(&Spans::from_unsorted(vec![horizon]));
        for (spans, expected) in [
            (a.union(&b), bits(&a) | bits(&b)),
            (a.intersect(&b), bits(&a) & bits(&b)),
            (a.complement_within(horizon), !bits(&a) & inside),
            (a.within(horizon), bits(&a) & inside),
        ] {
            prop_assert!(well_formed(&spans));
            prop_assert_eq!(bits(&spans), expected);
            prop_assert_eq!(spans.total().millis(), i64::from(expected.count_ones()));
            for i in 0..64 {
                prop_assert_eq!(spans.contains(At::from_millis(i)), expected >> i & 1 == 1);
            }
        }
    }

    #[test]
    fn elapsed_is_the_sum_over_the_spans((spans, horizon, at) in places(2)) {
        let time = BusinessTime::compile(&spans, horizon);
        let (from, to) = (at[0].min(at[1]), at[0].max(at[1]));
        prop_assert_eq!(time.elapsed(from, to), by_summing(&spans, from, to));
        prop_assert_eq!(time.elapsed(to, from), -time.elapsed(from, to));
        prop_assert_eq!(time.total(), spans.total());
        for span in &spans {
            prop_assert_eq!(time.elapsed(span.start, span.end), span.length());
            let last = span.end - Millis::from_millis(1);
            prop_assert_eq!(time.elapsed(last, span.end + Millis::from_millis(1)), Millis::from_millis(1));
        }
    }

    #[test]
    fn a_cut_off_horizon_counts_only_what_lies_inside((spans, horizon, at) in places(4)) {
        let inside = Span::new(at[0].min(at[1]), at[0].max(at[1]));
        let time = BusinessTime::compile(&spans, inside);
        let cut = spans.within(inside);
        prop_assert_eq!(time.total(), cut.total());
        prop_assert_eq!(time.elapsed(horizon.start, horizon.end), cut.total());
        prop_assert_eq!(time.elapsed(at[2].min(at[3]), at[2].max(at[3])), by_summing(&cut, at[2].min(at[3]), at[2].max(at[3])));
    }

    #[test]
    fn elapsed_is_additive_and_monotone((spans, horizon, mut at) in places(3)) {
        let time = BusinessTime::compile(&spans, horizon);
        prop_assert_eq!(time.elapsed(at[0], at[1]) + time.elapsed(at[1], at[2]), time.elapsed(at[0], at[2]));
        at.sort();
        prop_assert!(Millis::ZERO <= time.elapsed(at[0], at[1]));
        prop_assert!(time.elapsed(at[0], at[1]) <= time.elapsed(at[0], at[2]));
    }

    #[test]
    fn adding_reaches_the_earliest_instant_and_subtracting_the_latest(
        (spans, horizon, at) in places(1),
        share in 1_i64..=1000,
    ) {
        let time = BusinessTime::compile(&spans, horizon);
        let one = Millis::from_millis(1);
        let ahead = time.elapsed(at[0], horizon.end);
        let by = Millis::from_millis(ahead.millis() / 1000 * share + ahead.millis() % 1000 * share / 1000);
        if by > Millis::ZERO {
            let due = time.add(at[0], by).expect("the horizon holds it");
            prop_assert_eq!(time.elapsed(at[0], due), by);
            prop_assert_eq!(time.elapsed(at[0], due - one), by - one);
            let back = time.sub(due, by).expect("it came from there");
            prop_assert!(back >= at[0]);
            prop_assert_eq!(time.elapsed(back, due), by);
            prop_assert_eq!(time.elapsed(back + one, due), by - one);
            prop_assert_eq!(back == at[0], spans.contains(at[0]));
            prop_assert_eq!(time.add(back, by), Some(due));
            prop_assert_eq!(time.add(due, -by), Some(back));
        }
        prop_assert_eq!(time.add(at[0], ahead + one), None);
        prop_assert_eq!(time.sub(at[0], time.elapsed(horizon.start, at[0]) + one), None);
        prop_assert_eq!(time.add(at[0], Millis::ZERO), Some(at[0]));
        prop_assert_eq!(time.sub(at[0], Millis::ZERO), Some(at[0]));
    }

    #[test]
    fn no_text_makes_a_parser_panic(text in "\\PC{0,40}|[-0-9:.,TZ+ a-zA-Z]{0,40}") {
        let _ = At::parse(&text).map_err(|error| error.to_string());
        let _ = Millis::parse(&text).map_err(|error| error.to_string());
        let _ = remit_core::Window::parse(&text).map_err(|error| error.to_string());
        let _ = remit_core::Weekdays::parse(&text).map_err(|error| error.to_string());
        let _ = remit_core::Slug::parse(&text).map_err(|error| error.to_string());
        let _ = remit_core::Money::parse(&text).map_err(|error| error.to_string());
        let _ = remit_core::Zone::parse(&text).map_err(|error| error.to_string());
    }
}

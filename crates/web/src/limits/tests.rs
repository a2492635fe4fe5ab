use governor::clock::FakeRelativeClock;

use super::*;
use crate::testing::header;

fn limit(count: u32, seconds: u64) -> (Limit<FakeRelativeClock>, FakeRelativeClock) {
    let clock = FakeRelativeClock::default();
    let count = NonZeroU32::new(count).unwrap();
    (Limit::with_clock("sign-in", count, Duration::from_secs(seconds), clock.clone()), clock)
}

#[test]
fn requests_are_used_up_and_come_back_one_by_one() {
    let (limit, clock) = limit(3, 60);
    let left: Vec<u32> = (0..3).map(|_| limit.check("ana").unwrap().left()).collect();
    assert_eq!(left, [2, 1, 0]);
    assert_eq!(limit.check("ana").unwrap_err().retry_after_s(), 20);
    clock.advance(Duration::from_secs(20));
    assert!(limit.check("ana").is_ok());
    assert!(limit.check("ana").is_err());
}

#[test]
fn one_key_does_not_use_up_what_another_has() {
    let (limit, _) = limit(1, 60);
    assert!(limit.check("ana").is_ok());
    assert!(limit.check("ana").is_err());
    assert!(limit.check("joe").is_ok());
}

#[test]
fn the_caller_is_told_what_is_left_and_when_to_come_back() {
    let (limit, _) = limit(2, 60);
    let response = limit.check("ana").unwrap().on("fine");
    assert_eq!(header(&response, "ratelimit-policy"), "\"sign-in\";q=2;w=60");
    assert_eq!(header(&response, "ratelimit"), "\"sign-in\";r=1;t=30");
    limit.check("ana").unwrap();
    let refused = limit.check("ana").unwrap_err().into_response();
    assert_eq!((refused.status().as_u16(), header(&refused, "retry-after")), (429, "30"));
    assert_eq!(header(&refused, "ratelimit"), "\"sign-in\";r=0;t=30");
}

#[test]
fn memory_is_bounded_whatever_keys_come() {
    let (limit, clock) = limit(5, 60);
    let limit = limit.most_keys(100);
    for n in 0..20_000 {
        let _ = limit.check(&n.to_string());
    }
    assert!(limit.keys() <= 100 + CROWDS as usize, "{}", limit.keys());
    clock.advance(Duration::from_mins(2));
    for _ in 0..SWEEP {
        let _ = limit.check("one more");
    }
    assert!(limit.keys() <= 2, "{}", limit.keys());
}

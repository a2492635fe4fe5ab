use super::*;
use crate::testing::Seeded;

fn headers(lines: &[&str]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for line in lines {
        headers.append(COOKIE, line.parse().unwrap());
    }
    headers
}

/// `name=value` of a `Set-Cookie`.
fn sent_back(set: &HeaderValue) -> String {
    set.to_str().unwrap().split(';').next().unwrap().to_owned()
}

#[test]
fn a_token_comes_back_from_its_cookie() {
    let token = SessionToken::new(&Seeded::new(1));
    for transport in [Transport::Https, Transport::Loopback] {
        let cookie = sent_back(&transport.set_cookie(&token, Duration::from_mins(1)));
        let found = transport.token(&headers(&[&format!("a=b; {cookie}; c=d")]));
        assert_eq!(found.map(|token| token.hash()), Some(token.hash()));
    }
}

#[test]
fn two_tokens_differ() {
    let random = Seeded::new(1);
    assert_ne!(SessionToken::new(&random).hash(), SessionToken::new(&random).hash());
}

#[test]
fn the_cookie_is_bound_to_host_and_https() {
    let set = Transport::Https.set_cookie(&SessionToken::new(&Seeded::new(1)), Duration::from_hours(1));
    let text = set.to_str().unwrap();
    assert!(text.starts_with("__Host-remit="), "{text}");
    assert!(text.ends_with("; Path=/; Max-Age=3600; HttpOnly; SameSite=Lax; Secure"), "{text}");
    assert!(set.is_sensitive());
    assert!(!text.contains("Domain"));
}

#[test]
fn a_cleared_cookie_has_no_token() {
    let cleared = sent_back(&Transport::Https.clear_cookie());
    assert!(Transport::Https.token(&headers(&[&cleared])).is_none());
}

#[test]
fn a_cookie_that_was_set_twice_counts_for_nothing() {
    let random = Seeded::new(2);
    let cookie = || sent_back(&Transport::Loopback.set_cookie(&SessionToken::new(&random), Duration::ZERO));
    assert!(Transport::Loopback.token(&headers(&[&format!("{}; {}", cookie(), cookie())])).is_none());
    assert!(Transport::Loopback.token(&headers(&[&cookie(), &cookie()])).is_none());
}

#[test]
fn the_cookie_of_plain_http_is_not_taken_on_https() {
    let cookie =
        sent_back(&Transport::Loopback.set_cookie(&SessionToken::new(&Seeded::new(3)), Duration::ZERO));
    assert!(Transport::Https.token(&headers(&[&cookie])).is_none());
}

#[test]
fn only_64_small_hexadecimal_digits_are_a_token() {
    assert!(SessionToken::parse(&"a0".repeat(32)).is_some());
    for wrong in ["", "A0".repeat(32).as_str(), &"a0".repeat(31), &"g0".repeat(32), &"é".repeat(32)] {
        assert!(SessionToken::parse(wrong).is_none(), "{wrong}");
    }
}

#[test]
fn a_printed_token_says_nothing() {
    let token = SessionToken::new(&Seeded::new(4));
    assert_eq!(format!("{token:?}"), "SessionToken(…)");
}

#[test]
fn the_hash_is_blake3_of_the_bytes() {
    // The published test vector of BLAKE3 is for other lengths; the reference implementation is the crate itself.
    let token = SessionToken::parse(&"00".repeat(32)).unwrap();
    assert_eq!(token.hash().as_bytes(), blake3::hash(&[0; 32]).as_bytes());
}

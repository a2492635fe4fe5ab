use super::*;

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
fn a_secret_comes_back_from_its_cookie() {
    for transport in [Transport::Https, Transport::Loopback] {
        let cookie = sent_back(&transport.set_cookie("5ec7e7", Duration::from_mins(1)));
        assert_eq!(transport.secret(&headers(&[&format!("a=b; {cookie}; c=d")])), Some("5ec7e7"));
    }
}

#[test]
fn the_cookie_is_bound_to_host_and_https() {
    let set = Transport::Https.set_cookie("5ec7e7", Duration::from_hours(1));
    let text = set.to_str().unwrap();
    assert!(text.starts_with("__Host-remit="), "{text}");
    assert!(text.ends_with("; Path=/; Max-Age=3600; HttpOnly; SameSite=Lax; Secure"), "{text}");
    assert!(set.is_sensitive());
    assert!(!text.contains("Domain"));
}

#[test]
fn a_cleared_cookie_has_no_secret() {
    let cleared = sent_back(&Transport::Https.clear_cookie());
    assert_eq!(Transport::Https.secret(&headers(&[&cleared])), None);
}

#[test]
fn a_cookie_that_was_set_twice_counts_for_nothing() {
    let (one, other) = ("remit=a", "remit=b");
    assert_eq!(Transport::Loopback.secret(&headers(&[&format!("{one}; {other}")])), None);
    assert_eq!(Transport::Loopback.secret(&headers(&[one, other])), None);
}

#[test]
fn the_cookie_of_plain_http_is_not_taken_on_https() {
    let cookie = sent_back(&Transport::Loopback.set_cookie("a", Duration::ZERO));
    assert_eq!(Transport::Https.secret(&headers(&[&cookie])), None);
}

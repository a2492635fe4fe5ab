use super::*;
use crate::testing::{ask, get as request, header};
use http_body_util::BodyExt as _;
use remit_draw::{Theme, token};

#[tokio::test]
async fn every_asset_is_served_for_good_with_its_type() {
    let router: Router = router();
    for (name, kind) in [
        ("app.css", "text/css; charset=utf-8"),
        ("remit.js", JS),
        ("passkey.js", JS),
        ("htmx.js", JS),
        ("mark.svg", "image/svg+xml"),
        ("mark-192.png", "image/png"),
        ("mark-512.png", "image/png"),
        ("app.webmanifest", "application/manifest+json"),
    ] {
        let response = ask(&router, request(url(name), &[])).await;
        assert_eq!((response.status().as_u16(), header(&response, "content-type")), (200, kind), "{name}");
        assert_eq!(header(&response, "cache-control"), "public, max-age=31536000, immutable");
        let body = response.into_body().collect().await.unwrap().to_bytes();
        assert!(body.len() > 100, "{name}");
    }
}

#[tokio::test]
async fn a_name_without_its_hash_or_with_another_is_absent() {
    let router: Router = router();
    for path in ["/assets/app.css", "/assets/app-0000000000000000.css", "/assets/..%2fapp.css"] {
        assert_eq!(ask(&router, request(path, &[])).await.status(), 404, "{path}");
    }
}

#[test]
fn the_stylesheet_loads_nothing_and_uses_only_tokens_that_there_are() {
    let css = CSS.concat();
    assert!(!css.contains("url(") && !css.contains("@import") && !css.contains("outline: none"));
    for (at, _) in css.match_indices("var(--") {
        let name = css[at + 6..].split(')').next().unwrap();
        let there = token(name, Theme::Light).is_some() || css.contains(&format!("--{name}:"));
        assert!(there, "{name}");
    }
    assert_eq!(css.matches('{').count(), css.matches('}').count());
}

/// Contrast as WCAG 2.2 defines it.
fn contrast(a: &str, b: &str) -> f64 {
    let light = |hex: &str| {
        let part = |at: usize| f64::from(u8::from_str_radix(&hex[at..at + 2], 16).unwrap()) / 255.0;
        let linear = |c: f64| if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) };
        0.2126 * linear(part(1)) + 0.7152 * linear(part(3)) + 0.0722 * linear(part(5))
    };
    let (a, b) = (light(a), light(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn text_and_controls_have_the_contrast_of_level_aa_in_both_themes() {
    let texts = [
        ("ink", "ground"),
        ("ink", "raised"),
        ("quiet", "ground"),
        ("quiet", "raised"),
        ("ground", "ink"),
        ("ground", "r5"),
        ("ink", "r1"),
        ("ink", "p-soft"),
        ("p-ink", "p-soft"),
        ("i-ink", "i-soft"),
        ("v-ink", "v-soft"),
        ("z-ink", "z-soft"),
        ("n-ink", "ground"),
    ];
    let edges =
        [("rule", "ground"), ("rule", "raised"), ("focus", "ground"), ("focus", "raised"), ("ink", "raised")];
    for theme in [Theme::Light, Theme::Dark] {
        let ratio = |(a, b): (&str, &str)| contrast(token(a, theme).unwrap(), token(b, theme).unwrap());
        for pair in texts {
            assert!(ratio(pair) >= 4.5, "{pair:?} {theme:?} {}", ratio(pair));
        }
        for pair in edges {
            assert!(ratio(pair) >= 3.0, "{pair:?} {theme:?} {}", ratio(pair));
        }
    }
}

use super::*;

#[test]
fn text_cannot_leave_its_place() {
    assert_eq!(Html::from("<b a='1' c=\"2\">&").as_str(), "&lt;b a=&#39;1&#39; c=&quot;2&quot;&gt;&amp;");
    assert_eq!(Html::from("a\u{0}b\u{202e}c\nd").as_str(), "a\u{fffd}b\u{fffd}c d");
}

#[test]
fn only_harmless_addresses_become_links() {
    assert!(Html::link("x", "https://example.org/?a=1&b=2").as_str().contains("a=1&amp;b=2"));
    for address in
        ["javascript:alert(1)", " javascript:alert(1)", "data:text/html,x", "//example.org", "JAVASCRIPT:x"]
    {
        assert_eq!(Html::link("x", address).as_str(), "x", "{address}");
    }
}

#[test]
fn numbers_are_short_and_never_nonsense() {
    let written =
        [1.0, 0.005, -0.001, 12.3456, f64::NAN, f64::INFINITY].map(|value| Number(value).to_string());
    assert_eq!(written, ["1", "0.01", "0", "12.35", "0", "0"]);
}

#[test]
fn a_chip_always_has_its_letter() {
    assert!(Html::who(crate::Hue::Vendor(1), "Line <carrier>").as_str().contains(">V2</b>"));
    assert!(Html::who(crate::Hue::Nobody, "").as_str().contains("title=\"nobody\""));
}

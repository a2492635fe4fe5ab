use super::*;

/// Relative luminance of WCAG 2.2, <https://www.w3.org/TR/WCAG22/#dfn-relative-luminance>.
fn luminance(colour: &str) -> f64 {
    let channel = |at: usize| {
        let value = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}

/// Contrast ratio of WCAG 2.2, <https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio>.
fn contrast(a: &str, b: &str, theme: Theme) -> f64 {
    let of = |name| luminance(token(name, theme).unwrap_or_else(|| panic!("no token {name}")));
    let (a, b) = (of(a), of(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn assert_contrast(a: &str, b: &str, least: f64) {
    for theme in [Theme::Light, Theme::Dark] {
        let ratio = contrast(a, b, theme);
        assert!(ratio >= least, "{a} on {b}, {theme:?}: {ratio:.2} is less than {least}");
    }
}

#[test]
fn black_on_white_is_21_to_1() {
    assert!((luminance("#ffffff") - 1.0).abs() < 1e-9);
    assert!(luminance("#000000").abs() < 1e-9);
}

#[test]
fn every_text_colour_reaches_aa_on_its_ground() {
    for text in ["ink", "quiet"] {
        assert_contrast(text, "ground", 4.5);
        assert_contrast(text, "raised", 4.5);
    }
    for hue in ["p", "i", "v", "n", "z"] {
        assert_contrast(&format!("{hue}-ink"), "ground", 4.5);
        assert_contrast(&format!("{hue}-ink"), "raised", 4.5);
        assert_contrast(&format!("{hue}-ink"), &format!("{hue}-soft"), 4.5);
        assert_contrast(&format!("{hue}-on"), &format!("{hue}-fill"), 4.5);
    }
}

#[test]
fn every_mark_stands_out_from_the_ground_and_from_its_own_area() {
    for hue in ["p", "i", "v", "n", "z"] {
        assert_contrast(&format!("{hue}-fill"), "ground", 3.0);
        assert_contrast(&format!("{hue}-edge"), "ground", 3.0);
    }
    assert_contrast("rule", "ground", 3.0);
    assert_contrast("focus", "ground", 3.0);
}

#[test]
fn the_ramp_goes_one_way_and_its_steps_can_be_told_apart() {
    for theme in [Theme::Light, Theme::Dark] {
        for step in 0..6 {
            let (a, b) = (format!("r{step}"), format!("r{}", step + 1));
            assert!(contrast(&a, &b, theme) >= 1.15, "{a} to {b}, {theme:?}");
            let away = |name: &str| contrast(name, "ground", theme);
            assert!(away(&a) < away(&b), "{a} to {b}, {theme:?}");
        }
    }
}

#[test]
fn every_variable_in_use_is_a_token() {
    for css in [CHART_CSS, crate::PAGE_CSS] {
        for name in css.split("var(--").skip(1).map(|rest| rest.split(')').next().unwrap()) {
            assert!(token(name, Theme::Light).is_some(), "{name}");
        }
    }
}

#[test]
fn a_drawing_of_its_own_has_its_colours_written_out() {
    assert!(!chart_css(Theme::Light).contains("var("));
    assert_ne!(chart_css(Theme::Light), chart_css(Theme::Dark));
}

//! The colours, as CSS custom properties.

/// Custom properties for both themes: `--ink`, `--p-fill` and so on, each `light-dark(light, dark)`. Set `data-theme`
/// on the root element to choose one; without it the reader's own preference counts, and print is always light.
pub const TOKENS_CSS: &str = include_str!("tokens.css");

/// Rules for the marks of charts, all under the class `chart`.
pub const CHART_CSS: &str = include_str!("chart.css");

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    /// Dark text on a light ground; also print.
    Light,
    /// Light text on a dark ground.
    Dark,
}

/// The value of one token, `#rrggbb`; `None` for a name that is not a colour token.
///
/// ```
/// use remit_draw::{Theme, token};
/// assert_eq!(token("ground", Theme::Light), Some("#ffffff"));
/// ```
pub fn token(name: &str, theme: Theme) -> Option<&'static str> {
    tokens().find(|(found, ..)| *found == name).map(|(_, light, dark)| match theme {
        Theme::Light => light,
        Theme::Dark => dark,
    })
}

/// Every colour token as name, light value, dark value.
pub fn tokens() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    TOKENS_CSS.lines().filter_map(|line| {
        let (name, value) = line.trim().strip_prefix("--")?.split_once(": light-dark(")?;
        let (light, dark) = value.strip_suffix(");")?.split_once(", ")?;
        Some((name, light, dark))
    })
}

/// [`CHART_CSS`] with the values of one theme written out, for viewers of SVG files that know no custom properties.
pub(crate) fn chart_css(theme: Theme) -> String {
    tokens().fold(CHART_CSS.to_owned(), |css, (name, light, dark)| {
        let value = if theme == Theme::Light { light } else { dark };
        css.replace(&format!("var(--{name})"), value)
    })
}

#[cfg(test)]
mod tests;

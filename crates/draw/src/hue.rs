//! Who: the only meaning a colour has.

/// The party a mark belongs to. Every hue has a letter mark that stands beside or inside it, so that nothing is said by
/// colour alone.
///
/// ```
/// use remit_draw::Hue;
/// assert_eq!(Hue::Provider.mark(), "P");
/// assert_eq!(Hue::Vendor(0).mark(), "V");
/// assert_eq!(Hue::Vendor(1).mark(), "V2");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Hue {
    /// The provider: indigo, `P`.
    Provider,
    /// The client's internal IT: teal, `I`.
    Internal,
    /// A vendor, counted from 0: amber, `V`; further ones `V2`, `V3` ... in the same amber with a pattern.
    Vendor(u8),
    /// Nobody: red hatch, `!`; never a plain colour.
    Nobody,
    /// No party is meant: grey, `·`.
    Neutral,
}

impl Hue {
    /// The letter mark, one or two characters of ASCII but for the dot of [`Hue::Neutral`].
    pub fn mark(self) -> &'static str {
        const VENDORS: [&str; 9] = ["V", "V2", "V3", "V4", "V5", "V6", "V7", "V8", "V9"];
        match self {
            Self::Provider => "P",
            Self::Internal => "I",
            Self::Vendor(n) => VENDORS.get(usize::from(n)).copied().unwrap_or("V+"),
            Self::Nobody => "!",
            Self::Neutral => "·",
        }
    }

    /// The party in words, as a legend says it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Provider => "provider",
            Self::Internal => "internal IT",
            Self::Vendor(_) => "vendor",
            Self::Nobody => "nobody",
            Self::Neutral => "no party",
        }
    }

    /// The class that carries the hue in [`crate::CHART_CSS`] and [`crate::PAGE_CSS`], and the prefix of its tokens.
    pub fn class(self) -> &'static str {
        match self {
            Self::Provider => "p",
            Self::Internal => "i",
            Self::Vendor(_) => "v",
            Self::Nobody => "n",
            Self::Neutral => "z",
        }
    }

    /// Which pattern is laid over the fill: `None` is a plain fill. Patterns of vendors repeat after four.
    pub(crate) fn pattern(self) -> Option<Pattern> {
        match self {
            Self::Nobody => Some(Pattern::Hatch),
            Self::Vendor(n) => match n % 4 {
                0 => None,
                1 => Some(Pattern::Upright),
                2 => Some(Pattern::Dots),
                _ => Some(Pattern::Level),
            },
            Self::Provider | Self::Internal | Self::Neutral => None,
        }
    }
}

/// A texture over (or instead of) a fill.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Pattern {
    /// Diagonal lines on the ground.
    Hatch,
    /// Upright lines over the fill.
    Upright,
    /// Dots over the fill.
    Dots,
    /// Level lines over the fill.
    Level,
}

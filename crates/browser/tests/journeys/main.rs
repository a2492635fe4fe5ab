//! The product as people use it, in a browser. On every page that they come by: no serious finding of axe, nothing in the console, nothing
//! that the content security policy refuses, nothing from elsewhere.

mod account;
mod board;
mod desk;
mod keyboard;
mod matrix;
mod people;
mod places;
mod portal;
mod roles;
mod screens;
mod tickets;

use remit_browser::chromium::Chromium;
use remit_browser::means::Means;
use remit_browser::page::{Page, View};
use remit_browser::product::Product;

/// A product, and a browser to look at it with.
struct World {
    means: Means,
    product: Product,
    chromium: Chromium,
}

impl World {
    /// The demo; none where there is no browser.
    fn demo() -> Option<Self> {
        let means = Means::find()?;
        let chromium = Chromium::start(&means.browser);
        Some(Self { means, product: Product::demo(), chromium })
    }

    /// An installation that was just made, and the link with which its owner signs in.
    fn installed() -> Option<(Self, String)> {
        let means = Means::find()?;
        let chromium = Chromium::start(&means.browser);
        let (product, link) = Product::installed();
        Some((Self { means, product, chromium }, link))
    }

    /// Somebody with a browser of their own.
    fn somebody(&self) -> Page {
        self.chromium.person(&self.product.address)
    }

    /// Somebody of the demo in this role, signed in with their link.
    fn sign_in(&self, role: &str) -> Page {
        let mut page = self.somebody();
        page.open(&self.product.link(role));
        page.follow("Sign in");
        page
    }

    /// Holds the page to what must hold, at a desk and on a phone, in light and in the dark.
    fn check(&self, page: &mut Page) {
        page.is_sound(&self.means.axe, &View::ALL);
    }
}

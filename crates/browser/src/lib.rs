//! The product as people meet it: in a browser. Tests only; nothing of this is shipped.
//!
//! | file | question it answers |
//! |---|---|
//! | [`means`] | which browser and which rules of accessibility are there to test with? |
//! | [`product`] | how is the product started for a test? |
//! | [`chromium`], [`wire`] | how is a browser started and told what to do? |
//! | [`page`] | what can somebody do with a page? |
//! | [`audit`] | what must hold for every page that somebody sees? |
//!
//! `cargo xtask test` sets the variables of [`means`]; without them, the tests say that they skip.
//!
//! Nothing sleeps. What is waited for is an event: of the browser, or of the document. Who waits for something that does not come is told
//! so after [`wire::PATIENCE`].

#![forbid(unsafe_code)]

pub mod audit;
pub mod chromium;
pub mod means;
pub mod page;
pub mod product;
pub mod wire;

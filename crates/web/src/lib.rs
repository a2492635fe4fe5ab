//! HTTP plumbing: everything between a socket and a page that is the same in every product.
//!
//! Nothing here knows what the product is about, and nothing knows a database. Randomness and numbers of requests are
//! arguments; every page works without a script.
//!
//! | file | question it answers |
//! |---|---|
//! | [`mod@error`] | what is answered when there is no better answer, and to whom how? |
//! | [`form`], [`body`], [`upload`] | what did a person type, what did a program send, and what is wrong with it? |
//! | [`download`] | how does a file go out, whole or in part? |
//! | [`layout`] | what is around every page? |
//! | [`assets`] | what does it look like, and how does it stay in caches? |
//! | [`security`] | what stands between the network and the routes? |
//! | [`session`], [`random`] | how does a browser prove who it is? |
//! | [`paging`], [`etag`], [`limits`] | which part of a list, which version, how often? |
//! | [`live`] | how does a page learn that it is out of date? |
//! | [`serve`] | how does a server begin and end? |
//! | [`request_id`], [`observe`] | what is recorded of a request? |

#![forbid(unsafe_code)]

pub mod assets;
pub mod body;
pub mod download;
pub mod error;
pub mod etag;
pub mod form;
pub mod layout;
pub mod limits;
pub mod live;
pub mod observe;
pub mod paging;
pub mod random;
pub mod request_id;
pub mod security;
pub mod serve;
pub mod session;
pub mod upload;

#[cfg(test)]
mod testing;

pub use body::Body;
pub use error::pages::ErrorPages;
pub use error::{Error, FieldErrors, Problem};
pub use form::Form;
pub use layout::{Chrome, Shell};
pub use random::{Random, SystemRandom};
pub use request_id::{RequestId, RequestIds};
pub use security::{Settings, Uploads, stack};
pub use session::Transport;
pub use upload::Upload;

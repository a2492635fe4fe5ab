//! Requests to what is not ours: issuers, collectors.

use std::sync::Arc;
use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder};

/// How such requests are sent: believing the roots that this machine trusts, without redirects or proxies, and giving up after `patience`.
/// Says why the roots cannot be used.
pub fn client(patience: Duration) -> Result<ClientBuilder, String> {
    let mut roots = rustls::RootCertStore::empty();
    // One that cannot be read is left out; with none at all, nobody is believed.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let ring = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(ring)
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let client = Client::builder().tls_backend_preconfigured(tls).redirect(Policy::none()).no_proxy();
    Ok(client.timeout(patience).pool_max_idle_per_host(1))
}

//! Talking to an issuer: over https, to public addresses, with limits on everything that comes back.
//!
//! Whoever writes the address of an issuer into a form must not learn what answers inside the network of the server. So each request
//! is looked at, whatever told its address, and each name is looked up here and refused where it leads inside.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::pin::Pin;
use std::time::Duration;

use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse, http};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Client, Url};

use crate::outside;

/// Bytes of an answer. The longest that issuers give, their keys, has some thousands.
const LONGEST: usize = 256 * 1024;
/// For one answer.
const PATIENCE: Duration = Duration::from_secs(8);

/// To where requests may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Networks {
    /// To addresses of the internet alone.
    Public,
    /// To private ones too: for an operator whose issuer is in the same house.
    Private,
    /// To this machine too, and there without https. For tests.
    #[cfg(any(test, feature = "testing"))]
    Loopback,
}

/// Sends requests.
#[derive(Debug, Clone)]
pub(super) struct Outward {
    client: Client,
    networks: Networks,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unanswered {
    /// It was not asked.
    #[error("{0}")]
    Refused(&'static str),
    /// The answer is longer than it may be.
    #[error("its answer is longer than {LONGEST} bytes")]
    TooLong,
    /// The network, or what is not http.
    #[error("it cannot be reached: {0}")]
    Unreached(String),
}

impl Outward {
    /// Reads the roots that this machine trusts.
    pub fn new(networks: Networks) -> Result<Self, String> {
        let client = outside::client(PATIENCE)?.dns_resolver(Lookup(networks)).build();
        Ok(Self { client: client.map_err(|error| told(&error))?, networks })
    }

    /// Whether a request may go there, as far as the address alone says.
    pub fn permits(&self, url: &Url) -> Result<(), &'static str> {
        let literal = match url.host() {
            Some(openidconnect::url::Host::Ipv4(ip)) => Some(IpAddr::V4(ip)),
            Some(openidconnect::url::Host::Ipv6(ip)) => Some(IpAddr::V6(ip)),
            Some(openidconnect::url::Host::Domain(_)) => None,
            None => return Err("the address names no host"),
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err("the address holds a name or a password; leave them out");
        }
        if literal.is_some_and(|ip| !self.networks.permit(ip)) {
            return Err(
                "the address is not one of the internet; whoever operates this Remit can allow private ones",
            );
        }
        match url.scheme() {
            "https" => Ok(()),
            "http" if literal.is_some_and(|ip| self.networks.permits_plain(ip)) => Ok(()),
            _ => Err("the address does not begin with https://"),
        }
    }

    /// One request, and at most [`LONGEST`] bytes of its answer.
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, Unanswered> {
        let odd = |_| Unanswered::Refused("the address cannot be read");
        let url = Url::parse(&request.uri().to_string()).map_err(odd)?;
        self.permits(&url).map_err(Unanswered::Refused)?;
        let (parts, body) = request.into_parts();
        let unreached = |error: reqwest::Error| Unanswered::Unreached(told(&error));
        let asked = self.client.request(parts.method, url).headers(parts.headers).body(body);
        let mut answer = asked.send().await.map_err(unreached)?;
        let mut bytes = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(unreached)? {
            if bytes.len() + chunk.len() > LONGEST {
                return Err(Unanswered::TooLong);
            }
            bytes.extend_from_slice(&chunk);
        }
        let mut response = http::Response::new(bytes);
        *response.status_mut() = answer.status();
        *response.headers_mut() = std::mem::take(answer.headers_mut());
        Ok(response)
    }
}

impl<'c> AsyncHttpClient<'c> for Outward {
    type Error = Unanswered;
    // Named, so that the compiler can tell that what awaits it may move to another thread.
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, Unanswered>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}

/// The innermost reason, without the address, which can hold a code.
fn told(error: &dyn std::error::Error) -> String {
    let mut inner = error;
    while let Some(source) = inner.source() {
        inner = source;
    }
    inner.to_string()
}

impl Networks {
    /// Whether requests may go to an address.
    fn permit(self, ip: IpAddr) -> bool {
        match self {
            Self::Public => is_public(ip),
            // Never to what a cloud tells its machines about themselves, nor to this machine.
            Self::Private => is_public(ip) || is_private(ip),
            #[cfg(any(test, feature = "testing"))]
            Self::Loopback => ip.is_loopback(),
        }
    }

    /// Whether requests may go to an address without https.
    #[cfg_attr(
        not(any(test, feature = "testing")),
        expect(unused_variables, reason = "only tests do without https")
    )]
    fn permits_plain(self, ip: IpAddr) -> bool {
        match self {
            Self::Public | Self::Private => false,
            #[cfg(any(test, feature = "testing"))]
            Self::Loopback => ip.is_loopback(),
        }
    }
}

/// The IPv4 address that an IPv6 address carries inside it, where it does: mapped, 6to4 or behind a translator.
fn carried(ip: Ipv6Addr) -> Option<IpAddr> {
    let v4 = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        Some(IpAddr::from([a, b, c, d]))
    };
    match ip.segments() {
        [0x2002, high, low, ..]
        | [0x64, 0xff9b, 0, 0, 0, 0, high, low]
        | [0, 0, 0, 0, 0, 0xffff | 0, high, low] => v4(high, low),
        _ => None,
    }
}

/// Whether an address is one of the internet (the registries of IANA for special purposes, 2026).
fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            !(v4.is_private()
                || v4.is_loopback()
                || v4.is_link_local()
                || v4.is_documentation()
                || matches!(
                    (a, b, c),
                    (0 | 224..=255, ..) | (100, 64..=127, _) | (198, 18 | 19, _) | (192, 0, 0)
                ))
        }
        IpAddr::V6(v6) => carried(v6).map_or_else(
            // What is given out is 2000::/3; in it, 2001::/23 and the prefixes for documentation are set aside.
            || {
                let [a, b, ..] = v6.segments();
                a >> 13 == 1 && !(a == 0x2001 && (b < 0x200 || b == 0xdb8)) && a >> 4 != 0x3ff
            },
            is_public,
        ),
    }
}

fn is_private(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(v4) => v4.is_private() || matches!(v4.octets(), [100, 64..=127, ..]),
        IpAddr::V6(v6) => carried(v6).map_or(v6.segments()[0] >> 9 == 0x7e, is_private),
    }
}

/// Looks names up, and keeps of the addresses those that requests may go to: what is looked up is what is connected to.
#[derive(Debug, Clone, Copy)]
struct Lookup(Networks);

impl Resolve for Lookup {
    fn resolve(&self, name: Name) -> Resolving {
        let networks = self.0;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let good: Vec<SocketAddr> = found.filter(|at| networks.permit(at.ip())).collect();
            if good.is_empty() {
                return Err("its name leads to no address of the internet".into());
            }
            Ok(Box::new(good.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_inside_are_refused_however_they_are_written() {
        let outward = Outward::new(Networks::Public).unwrap();
        let refused = |url: &str| outward.permits(&Url::parse(url).unwrap()).is_err();
        for url in [
            "https://127.0.0.1/",
            "https://2130706433/",
            "https://0x7f.1/",
            "https://10.1.2.3/",
            "https://172.31.0.1/",
            "https://192.168.0.1/",
            "https://169.254.169.254/latest/meta-data/",
            "https://100.100.100.200/",
            "https://0.0.0.0/",
            "https://224.0.0.1/",
            "https://[::1]/",
            "https://[::]/",
            "https://[::ffff:10.0.0.1]/",
            "https://[64:ff9b::a00:1]/",
            "https://[2002:a00:1::]/",
            "https://[fe80::1]/",
            "https://[fd00::1]/",
            "https://[ff02::1]/",
            "http://login.example.com/",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "https://ana:secret@login.example.com/",
        ] {
            assert!(refused(url), "{url}");
        }
        for url in ["https://login.example.com/a", "https://8.8.8.8/", "https://[2606:4700::1111]/"] {
            assert!(!refused(url), "{url}");
        }
        let inside = Outward::new(Networks::Private).unwrap();
        assert!(inside.permits(&Url::parse("https://10.1.2.3/").unwrap()).is_ok());
        for url in ["https://127.0.0.1/", "https://169.254.169.254/", "http://10.1.2.3/"] {
            assert!(inside.permits(&Url::parse(url).unwrap()).is_err(), "{url}");
        }
    }
}

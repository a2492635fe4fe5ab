//! Where on the network a request comes from.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use remit_web::Error;

use super::Site;

/// The proxies whose word on where a request comes from is taken.
#[derive(Debug, Clone, Default)]
pub struct Proxies(Arc<[IpAddr]>);

impl Proxies {
    /// Those with these addresses.
    pub fn new(proxies: &[IpAddr]) -> Self {
        Self(proxies.iter().map(IpAddr::to_canonical).collect())
    }

    /// Whether `peer` is one of them.
    pub fn trust(&self, peer: IpAddr) -> bool {
        self.0.contains(&peer.to_canonical())
    }

    /// Where a request comes from that `peer` hands over: the last address in `X-Forwarded-For` that is not a proxy's. What stands
    /// before it, the caller can write as they like.
    fn origin(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        if !self.trust(peer) {
            return peer;
        }
        let lines = headers.get_all("x-forwarded-for").iter().filter_map(|line| line.to_str().ok());
        let named: Vec<&str> = lines.flat_map(|line| line.split(',')).collect();
        let mut origin = peer;
        for name in named.iter().rev() {
            let Ok(ip) = name.trim().parse::<IpAddr>() else { break };
            origin = ip;
            if !self.trust(ip) {
                break;
            }
        }
        origin
    }
}

/// Where a request comes from; none for this machine, which is a proxy that nobody has told us of, or the operator.
pub(crate) struct Remote(pub Option<IpAddr>);

impl FromRequestParts<Site> for Remote {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Error> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        let origin = peer.map(|peer| site.proxies.origin(peer, &parts.headers).to_canonical());
        Ok(Self(origin.filter(|ip| !ip.is_loopback())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_proxy_is_believed_and_only_the_last_stranger_that_it_names() {
        let proxies = Proxies::new(&["127.0.0.1".parse().unwrap(), "10.0.0.7".parse().unwrap()]);
        let origin = |peer: &str, forwarded: &[&str]| {
            let mut headers = HeaderMap::new();
            for line in forwarded {
                headers.append("x-forwarded-for", line.parse().unwrap());
            }
            proxies.origin(peer.parse().unwrap(), &headers).to_string()
        };
        assert_eq!(origin("203.0.113.9", &["198.51.100.1"]), "203.0.113.9", "a stranger says what they like");
        assert_eq!(origin("127.0.0.1", &["198.51.100.1, 203.0.113.9"]), "203.0.113.9");
        assert_eq!(origin("127.0.0.1", &["198.51.100.1", "203.0.113.9, 10.0.0.7"]), "203.0.113.9");
        assert_eq!(origin("::ffff:10.0.0.7", &["2001:db8::1"]), "2001:db8::1");
        assert_eq!(origin("127.0.0.1", &["198.51.100.1, nonsense"]), "127.0.0.1");
        assert_eq!(origin("127.0.0.1", &[]), "127.0.0.1");
    }
}

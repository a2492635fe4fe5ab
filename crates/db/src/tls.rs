//! Where a PostgreSQL server is, how the way there is protected, and how the server proves who it is.
//!
//! `sslmode` and `sslrootcert` in an address mean what they mean to `libpq`. Where an address says nothing, a server on this machine is
//! spoken to as it likes (`prefer`), and any other must prove who it is (`verify-full`).

use std::error::Error as _;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use postgres::config::{Host, SslMode};
use postgres::{Client, Config, NoTls};
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error as TlsError, RootCertStore, SignatureScheme,
};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::error::Error;

/// An address that was read.
pub(crate) struct Address {
    /// For whatever else is to be said of the connection.
    pub config: Config,
    mode: Mode,
    roots: Option<Roots>,
}

/// How the way is protected, in the words of `libpq`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// Not at all.
    Disable,
    /// Against listeners, where the server can.
    Prefer,
    /// Against listeners. With a file of authorities the same as the next.
    Require,
    /// The server has a certificate of an authority, for whatever name.
    VerifyCa,
    /// The server has a certificate of an authority for the name in the address.
    VerifyFull,
}

/// Who is believed.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Roots {
    /// Whom the system believes.
    System,
    /// The certificates in a file.
    File(PathBuf),
}

impl Address {
    /// Reads `postgres://...`, or says what is wrong with it.
    pub fn parse(url: &str) -> Result<Self, String> {
        // A password may hold a question mark.
        let host = url.find('@').unwrap_or(0);
        let (front, query) = match url[host..].find('?') {
            Some(mark) => (&url[..host + mark], &url[host + mark + 1..]),
            None => (url, ""),
        };
        let (mut mode, mut roots, mut rest) = (None, None, Vec::new());
        for part in query.split('&').filter(|part| !part.is_empty()) {
            match part.split_once('=') {
                Some(("sslmode", word)) => mode = Some(Mode::parse(word)?),
                Some(("sslrootcert", "system")) => roots = Some(Roots::System),
                Some(("sslrootcert", file)) => {
                    let file = percent_encoding::percent_decode_str(file).decode_utf8_lossy();
                    roots = Some(Roots::File(PathBuf::from(&*file)));
                }
                _ => rest.push(part),
            }
        }
        let plain = if rest.is_empty() { front.to_owned() } else { format!("{front}?{}", rest.join("&")) };
        let mut config: Config = plain.parse().map_err(|error: postgres::Error| {
            let cause = error.source().map_or_else(|| error.to_string(), |cause| format!("{error}: {cause}"));
            format!("write it as postgres://USER:PASSWORD@HOST/DATABASE: {cause}")
        })?;
        let mode = mode.unwrap_or(if is_here(&config) { Mode::Prefer } else { Mode::VerifyFull });
        config.ssl_mode(match mode {
            Mode::Disable => SslMode::Disable,
            Mode::Prefer => SslMode::Prefer,
            Mode::Require | Mode::VerifyCa | Mode::VerifyFull => SslMode::Require,
        });
        if let Some(Roots::File(file)) = &roots {
            in_file(file)?;
        }
        Ok(Self { config, mode, roots })
    }

    /// Connects.
    pub fn connect(&self) -> Result<Client, Error> {
        if self.mode == Mode::Disable {
            return self.config.connect(NoTls).map_err(|error| refused(&error));
        }
        let tls = self.tls().map_err(Error::Unusable)?;
        self.config.connect(MakeRustlsConnect::new(tls)).map_err(|error| refused(&error))
    }

    fn tls(&self) -> Result<ClientConfig, String> {
        let provider = Arc::new(ring::default_provider());
        let verifier: Arc<dyn ServerCertVerifier> = match (self.mode, &self.roots) {
            (Mode::Disable | Mode::Prefer, _) | (Mode::Require, None) => {
                Arc::new(Lenient { provider: provider.clone(), authority: None })
            }
            (Mode::Require | Mode::VerifyCa, roots) => {
                let authority = Some(authorities(roots.as_ref(), provider.clone())?);
                Arc::new(Lenient { provider: provider.clone(), authority })
            }
            (Mode::VerifyFull, roots) => authorities(roots.as_ref(), provider.clone())?,
        };
        let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let config = config.map_err(|error| format!("TLS cannot be spoken: {error}"))?;
        Ok(config.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth())
    }
}

impl Mode {
    fn parse(word: &str) -> Result<Self, String> {
        match word {
            "disable" => Ok(Self::Disable),
            "prefer" => Ok(Self::Prefer),
            "require" => Ok(Self::Require),
            "verify-ca" => Ok(Self::VerifyCa),
            "verify-full" => Ok(Self::VerifyFull),
            _ => {
                Err("write sslmode as `disable`, `prefer`, `require`, `verify-ca` or `verify-full`"
                    .to_owned())
            }
        }
    }
}

/// Whether nobody can be on the way: every host is this machine.
fn is_here(config: &Config) -> bool {
    let named = config.get_hosts().iter().all(|host| match host {
        Host::Tcp(name) => {
            name == "localhost" || name.parse().is_ok_and(|address: IpAddr| address.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    });
    named && config.get_hostaddrs().iter().all(IpAddr::is_loopback)
}

/// The certificates in a file; at least one.
fn in_file(file: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let odd = |why: &dyn std::fmt::Display| {
        format!("sslrootcert names {}, which cannot be used: {why}", file.display())
    };
    let read: Result<Vec<_>, _> = CertificateDer::pem_file_iter(file).map_err(|e| odd(&e))?.collect();
    let found = read.map_err(|e| odd(&e))?;
    if found.is_empty() { Err(odd(&"it holds no certificate as PEM")) } else { Ok(found) }
}

fn authorities(
    roots: Option<&Roots>,
    provider: Arc<CryptoProvider>,
) -> Result<Arc<WebPkiServerVerifier>, String> {
    let mut store = RootCertStore::empty();
    match roots {
        Some(Roots::File(file)) => {
            for certificate in in_file(file)? {
                store.add(certificate).map_err(|e| format!("a certificate in {}: {e}", file.display()))?;
            }
        }
        // Systems carry old certificates that cannot be read any more; those are left out.
        Some(Roots::System) | None => {
            store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        }
    }
    WebPkiServerVerifier::builder_with_provider(Arc::new(store), provider).build().map_err(|error| {
        format!("this system names no authority to believe ({error}): name a file by sslrootcert")
    })
}

/// Why there is no connection, with what to do about it.
fn refused(error: &postgres::Error) -> Error {
    let cause = error.source().map(ToString::to_string).unwrap_or_default();
    if cause.contains("invalid peer certificate") {
        return Error::Unusable(format!(
            "the server of the database did not prove who it is: {cause}. Name the authority of its certificate in the address, \
             sslmode=verify-full&sslrootcert=FILE, and the server as its certificate does"
        ));
    }
    if cause.contains("server does not support TLS") {
        return Error::Unusable(
            "the server of the database does not speak TLS, without which whoever is on the way reads along: set it up there, or write \
             sslmode=disable in the address where the way is safe"
                .to_owned(),
        );
    }
    crate::pg::gone(error)
}

/// Believes less than all of a certificate, but always that whoever shows it holds its key.
#[derive(Debug)]
struct Lenient {
    provider: Arc<CryptoProvider>,
    /// Who must have vouched for it, by whatever name. With nobody, it is enough against listeners, not against impostors.
    authority: Option<Arc<WebPkiServerVerifier>>,
}

impl ServerCertVerifier for Lenient {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        stapled: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, TlsError> {
        let Some(authority) = &self.authority else { return Ok(ServerCertVerified::assertion()) };
        // The name is looked at last, so whoever fails only there has passed everything else.
        match authority.verify_server_cert(certificate, others, name, stapled, now) {
            Err(TlsError::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) => Ok(ServerCertVerified::assertion()),
            other => other,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        verify_tls12_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        verify_tls13_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

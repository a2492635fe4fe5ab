//! What a device writes, and whether it may be believed: WebAuthn level 2, as far as a passkey needs it.
//!
//! What kind of device it is, nobody asks (attestation `none`): so the statement about it is not looked at, whatever it says.

use ciborium::Value;
use data_encoding::BASE64URL_NOPAD;
use ring::digest::{SHA256, digest};
use ring::signature::{self, RsaPublicKeyComponents, UnparsedPublicKey, VerificationAlgorithm};

/// Bytes of each part that a device writes.
const LONGEST: usize = 16 * 1024;
/// The longest name of a credential that the standard allows.
const CREDENTIAL: usize = 1_023;
/// Nesting of what a device writes; keys and statements have three.
const DEPTH: usize = 8;

/// Algorithms of keys, by their COSE numbers, in the order in which they are asked for: ES256, Ed25519, RS256.
pub(super) const ALGORITHMS: [i32; 3] = [-7, -8, -257];

/// Bits of the flags.
const PRESENT: u8 = 1;
const VERIFIED: u8 = 1 << 2;
const ATTESTED: u8 = 1 << 6;

/// For whom devices sign.
#[derive(Debug, Clone)]
pub(super) struct Party {
    /// As browsers write it.
    pub origin: String,
    /// The host.
    pub host: String,
}

/// What a browser says it asked the device.
#[derive(Debug, serde::Deserialize)]
struct Asked {
    #[serde(rename = "type")]
    kind: String,
    challenge: String,
    origin: String,
    #[serde(default, rename = "crossOrigin")]
    cross_origin: bool,
}

/// What a device says.
#[derive(Debug)]
struct Said<'d> {
    verified: bool,
    uses: u32,
    attested: Option<&'d [u8]>,
}

/// A new passkey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Made {
    pub credential: Vec<u8>,
    /// COSE, as it came.
    pub public: Vec<u8>,
    pub uses: u32,
}

/// A use of a passkey.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Used {
    /// Whether the device has asked its owner for a PIN, a finger, a face.
    pub verified: bool,
    pub uses: u32,
}

/// What a browser sends of a use: all of it signed, except the names.
#[derive(Debug, Clone)]
pub(super) struct Assertion {
    pub credential: Vec<u8>,
    /// Whose it is, where the device knows.
    pub user: Vec<u8>,
    pub client: Vec<u8>,
    pub device: Vec<u8>,
    pub signature: Vec<u8>,
}

/// Reads a part that a browser sends.
pub(super) fn part(text: &str) -> Option<Vec<u8>> {
    if text.len() > LONGEST { None } else { BASE64URL_NOPAD.decode(text.as_bytes()).ok() }
}

/// The question that the browser says it has asked; nothing is proved by it yet.
pub(super) fn challenge(client: &[u8]) -> Option<[u8; 32]> {
    let asked: Asked = serde_json::from_slice(client).ok()?;
    BASE64URL_NOPAD.decode(asked.challenge.as_bytes()).ok()?.try_into().ok()
}

impl Party {
    /// The new passkey that a device has made for the question in `client`, or what is wrong with it.
    pub fn made(&self, client: &[u8], attestation: &[u8]) -> Result<Made, &'static str> {
        self.asked(client, "webauthn.create")?;
        let object = decoded(attestation).ok_or("the answer of the device cannot be read")?;
        let device = field(&object, &Value::Text("authData".to_owned())).and_then(Value::as_bytes);
        let device = device.ok_or("the answer of the device has no data")?;
        let said = self.said(device)?;
        let attested = said.attested.ok_or("the answer of the device has no key")?;
        // 16 bytes name the kind of device.
        let rest = attested.get(16..).ok_or("the answer of the device is cut short")?;
        let (length, rest) = rest.split_first_chunk::<2>().ok_or("the answer of the device is cut short")?;
        let length = usize::from(u16::from_be_bytes(*length));
        if length == 0 || length > CREDENTIAL || rest.len() < length {
            return Err("the name of the passkey is too long, or cut short");
        }
        let (credential, public) = rest.split_at(length);
        let public = first(public).ok_or("the key of the device cannot be read")?;
        Key::read(public).ok_or("the key of the device is of a kind that is not known here")?;
        Ok(Made { credential: credential.to_vec(), public: public.to_vec(), uses: said.uses })
    }

    /// Checks a use against the public key, or says what is wrong.
    pub fn used(&self, public: &[u8], assertion: &Assertion) -> Result<Used, &'static str> {
        self.asked(&assertion.client, "webauthn.get")?;
        let said = self.said(&assertion.device)?;
        let key = Key::read(public).ok_or("the passkey that is kept cannot be read")?;
        let mut signed = assertion.device.clone();
        signed.extend_from_slice(digest(&SHA256, &assertion.client).as_ref());
        key.verify(&signed, &assertion.signature)?;
        Ok(Used { verified: said.verified, uses: said.uses })
    }

    fn asked(&self, client: &[u8], kind: &str) -> Result<(), &'static str> {
        let asked: Asked =
            serde_json::from_slice(client).map_err(|_| "the answer of the browser cannot be read")?;
        if asked.kind != kind {
            return Err("the device was asked for something else");
        }
        if asked.origin != self.origin || asked.cross_origin {
            return Err("the device was asked by another site");
        }
        Ok(())
    }

    fn said<'d>(&self, device: &'d [u8]) -> Result<Said<'d>, &'static str> {
        let short = "the answer of the device is cut short";
        let (site, rest) = device.split_first_chunk::<32>().ok_or(short)?;
        let (flags, rest) = rest.split_first().ok_or(short)?;
        let (uses, rest) = rest.split_first_chunk::<4>().ok_or(short)?;
        if digest(&SHA256, self.host.as_bytes()).as_ref() != site {
            return Err("the device has answered another site");
        }
        if flags & PRESENT == 0 {
            return Err("nobody has touched the device");
        }
        let attested = (flags & ATTESTED != 0).then_some(rest);
        Ok(Said { verified: flags & VERIFIED != 0, uses: u32::from_be_bytes(*uses), attested })
    }
}

fn decoded(bytes: &[u8]) -> Option<Value> {
    ciborium::de::from_reader_with_recursion_limit(bytes, DEPTH).ok()
}

/// The bytes of the first value: others may follow it.
fn first(bytes: &[u8]) -> Option<&[u8]> {
    let mut rest = bytes;
    let _: Value = ciborium::de::from_reader_with_recursion_limit(&mut rest, DEPTH).ok()?;
    bytes.get(..bytes.len() - rest.len())
}

fn field<'v>(value: &'v Value, name: &Value) -> Option<&'v Value> {
    value.as_map()?.iter().find(|(key, _)| key == name).map(|(_, value)| value)
}

/// A public key.
enum Key {
    /// On P-256, as an uncompressed point.
    Ecdsa([u8; 65]),
    Ed25519(Vec<u8>),
    Rsa {
        n: Vec<u8>,
        e: Vec<u8>,
    },
}

impl Key {
    /// Reads COSE (RFC 9053).
    fn read(public: &[u8]) -> Option<Self> {
        let key = decoded(public)?;
        let at = |label: i32| field(&key, &Value::from(label));
        let number = |label| at(label)?.as_integer().and_then(|number| i32::try_from(number).ok());
        let bytes = |label| at(label)?.as_bytes();
        match (number(1)?, number(3)?) {
            (2, -7) if number(-1) == Some(1) => {
                let (x, y) = (bytes(-2)?, bytes(-3)?);
                let mut point = [4; 65];
                if x.len() != 32 || y.len() != 32 {
                    return None;
                }
                point[1..33].copy_from_slice(x);
                point[33..].copy_from_slice(y);
                Some(Self::Ecdsa(point))
            }
            (1, -8) if number(-1) == Some(6) => Some(Self::Ed25519(bytes(-2)?.clone()))
                .filter(|key| matches!(key, Self::Ed25519(bytes) if bytes.len() == 32)),
            (3, -257) => Some(Self::Rsa { n: bytes(-1)?.clone(), e: bytes(-2)?.clone() }),
            _ => None,
        }
    }

    fn verify(&self, signed: &[u8], signature: &[u8]) -> Result<(), &'static str> {
        let plain = |how: &'static dyn VerificationAlgorithm, key: &[u8]| {
            UnparsedPublicKey::new(how, key).verify(signed, signature)
        };
        let fits = match self {
            Self::Ecdsa(point) => plain(&signature::ECDSA_P256_SHA256_ASN1, point),
            Self::Ed25519(key) => plain(&signature::ED25519, key),
            Self::Rsa { n, e } => RsaPublicKeyComponents { n, e }.verify(
                &signature::RSA_PKCS1_2048_8192_SHA256,
                signed,
                signature,
            ),
        };
        fits.map_err(|_| "the signature is not one of this passkey")
    }
}

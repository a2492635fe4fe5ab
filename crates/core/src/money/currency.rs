//! The currencies of ISO 4217.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// A currency of ISO 4217 that people can pay in.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency {
    code: [u8; 3],
    digits: u8,
}

/// A code that is no currency of ISO 4217.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{code}` is not a currency: write its three-letter code of ISO 4217, such as USD, EUR, GBP or PHP")]
pub struct UnknownCurrency {
    code: String,
}

/// Codes of ISO 4217 list one by the digits of their minor unit (0, 2, 3, 4), without funds, metals and test codes.
const BY_DIGITS: [(u8, &str); 4] = [
    (0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"),
    (
        2,
        "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC \
         CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR \
         JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD \
         NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN \
         SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG",
    ),
    (3, "BHD IQD JOD KWD LYD OMR TND"),
    (4, "CLF UYW"),
];

impl Currency {
    /// The euro.
    pub const EUR: Currency = Currency { code: *b"EUR", digits: 2 };
    /// The pound sterling.
    pub const GBP: Currency = Currency { code: *b"GBP", digits: 2 };
    /// The Japanese yen.
    pub const JPY: Currency = Currency { code: *b"JPY", digits: 0 };
    /// The Philippine peso.
    pub const PHP: Currency = Currency { code: *b"PHP", digits: 2 };
    /// The United States dollar.
    pub const USD: Currency = Currency { code: *b"USD", digits: 2 };

    /// The currency of a three-letter code, in any case of letters.
    pub fn parse(code: &str) -> Result<Currency, UnknownCurrency> {
        let upper: String = code.chars().take(12).map(|c| c.to_ascii_uppercase()).collect();
        let digits = BY_DIGITS.iter().find(|(_, codes)| codes.split(' ').any(|known| known == upper));
        match (digits, upper.as_bytes().try_into()) {
            (Some((digits, _)), Ok(code)) => Ok(Currency { code, digits: *digits }),
            _ => Err(UnknownCurrency { code: code.chars().take(12).collect() }),
        }
    }

    /// The three-letter code.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.code).expect("codes are ASCII letters")
    }

    /// How many decimal digits its minor unit has: 2 for cents, 0 for yen, 3 for fils.
    pub const fn digits(self) -> u8 {
        self.digits
    }

    /// Minor units in a major one, `10^digits`.
    pub const fn minor_per_major(self) -> i64 {
        10_i64.pow(self.digits as u32)
    }

    /// Every currency there is, by code.
    pub fn all() -> Vec<Currency> {
        let codes = BY_DIGITS.iter().flat_map(|(_, codes)| codes.split(' '));
        let mut all: Vec<_> = codes.map(|code| Currency::parse(code).expect("its own table")).collect();
        all.sort();
        all
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

impl FromStr for Currency {
    type Err = UnknownCurrency;
    fn from_str(code: &str) -> Result<Currency, UnknownCurrency> {
        Currency::parse(code)
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Currency, D::Error> {
        let code = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Currency::parse(&code).map_err(D::Error::custom)
    }
}

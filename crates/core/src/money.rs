//! Money in minor units. There are no floating-point numbers here; whatever rounds says how.

mod currency;
mod text;

pub use currency::{Currency, UnknownCurrency};

use std::cmp::Reverse;

/// An amount in the minor unit of its currency: `USD 12.34` is 1,234 cents. Negative amounts are credits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Money {
    /// Minor units: cents of a dollar, yen of a yen, fils of a dinar.
    pub minor: i64,
    /// What they are minor units of.
    pub currency: Currency,
}

/// How a result between two minor units is rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rounding {
    /// To the nearest; a half to the even neighbour (no drift over many roundings).
    HalfEven,
    /// To the nearest; a half away from zero (as taught at school, and as most invoices do).
    HalfUp,
    /// Away from zero.
    Up,
    /// Towards zero.
    Down,
}

/// Why an amount could not be computed or read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Amounts of two currencies do not add up.
    #[error("{left} and {right} cannot be added: convert one of them first, at a rate that is on record")]
    Mixed {
        /// The currency on the left.
        left: Currency,
        /// The currency on the right.
        right: Currency,
    },
    /// The result does not fit in 63 bits of minor units.
    #[error("the amount is too large: at most 9,223,372,036,854,775,807 minor units can be represented")]
    TooLarge,
    /// A ratio with a denominator of zero.
    #[error("an amount cannot be divided by zero")]
    DivisionByZero,
    /// Weights that leave nobody to allocate to.
    #[error("an amount cannot be allocated: at least one weight has to be more than zero")]
    NoWeight,
    /// The currency of a text is not known.
    #[error(transparent)]
    Currency(#[from] UnknownCurrency),
    /// A text that is no amount.
    #[error("`{text}` is not an amount of money: {hint}")]
    Text {
        /// The text, shortened.
        text: String,
        /// What to write instead.
        hint: String,
    },
}

impl Rounding {
    /// `numerator / denominator` rounded to a whole number.
    fn divide(self, numerator: i128, denominator: i128) -> i128 {
        let (quotient, rest) = (numerator / denominator, numerator % denominator);
        if rest == 0 {
            return quotient;
        }
        let away = if (numerator < 0) == (denominator < 0) { 1 } else { -1 };
        let (rest, half_rest) = (rest.unsigned_abs(), denominator.unsigned_abs() - rest.unsigned_abs());
        let rounds_away = match self {
            Rounding::Up => true,
            Rounding::Down => false,
            Rounding::HalfUp => rest >= half_rest,
            Rounding::HalfEven => rest > half_rest || (rest == half_rest && quotient % 2 != 0),
        };
        if rounds_away { quotient + away } else { quotient }
    }
}

impl Money {
    /// An amount of minor units.
    pub const fn new(minor: i64, currency: Currency) -> Money {
        Money { minor, currency }
    }

    /// The sum; an error when the currencies differ or the sum is too large.
    pub fn checked_add(self, other: Money) -> Result<Money, MoneyError> {
        self.same_currency(other)?;
        let minor = self.minor.checked_add(other.minor).ok_or(MoneyError::TooLarge)?;
        Ok(Money { minor, ..self })
    }

    /// The difference; an error when the currencies differ or it is too large.
    pub fn checked_sub(self, other: Money) -> Result<Money, MoneyError> {
        self.same_currency(other)?;
        let minor = self.minor.checked_sub(other.minor).ok_or(MoneyError::TooLarge)?;
        Ok(Money { minor, ..self })
    }

    /// The amount times `count`; an error when it is too large.
    pub fn checked_mul(self, count: i64) -> Result<Money, MoneyError> {
        let minor = self.minor.checked_mul(count).ok_or(MoneyError::TooLarge)?;
        Ok(Money { minor, ..self })
    }

    /// The amount times `numerator / denominator`, rounded once, at the end: 90 minutes at an hourly price is
    /// `price.mul_ratio(90, 60, Rounding::HalfUp)`, 19 % of it `mul_ratio(19, 100, ...)`.
    pub fn mul_ratio(
        self,
        numerator: i64,
        denominator: i64,
        rounding: Rounding,
    ) -> Result<Money, MoneyError> {
        if denominator == 0 {
            return Err(MoneyError::DivisionByZero);
        }
        let exact = i128::from(self.minor) * i128::from(numerator);
        let minor = rounding.divide(exact, i128::from(denominator));
        Ok(Money { minor: i64::try_from(minor).map_err(|_| MoneyError::TooLarge)?, ..self })
    }

    /// Splits the amount in the proportion of the weights, so that the parts add up to it: each gets its share rounded
    /// towards zero, and the minor units left over go one each to the largest remainders, the first of equal ones first. A
    /// weight of zero gets nothing. An error when no weight is more than zero.
    pub fn allocate(self, weights: &[u32]) -> Result<Vec<Money>, MoneyError> {
        let sum: u128 = weights.iter().map(|weight| u128::from(*weight)).sum();
        if sum == 0 {
            return Err(MoneyError::NoWeight);
        }
        let amount = u128::from(self.minor.unsigned_abs());
        let mut shares: Vec<u128> = weights.iter().map(|weight| amount * u128::from(*weight) / sum).collect();
        let left = amount - shares.iter().sum::<u128>();
        let mut order: Vec<usize> = (0..weights.len()).collect();
        order.sort_by_key(|i| Reverse(amount * u128::from(weights[*i]) % sum));
        for i in order.into_iter().take(left as usize) {
            shares[i] += 1;
        }
        let signed = |share: u128| {
            let share = i128::try_from(share).expect("a share is at most the amount");
            i64::try_from(if self.minor < 0 { -share } else { share }).expect("a share is at most the amount")
        };
        Ok(shares.into_iter().map(|share| Money { minor: signed(share), ..self }).collect())
    }

    fn same_currency(self, other: Money) -> Result<(), MoneyError> {
        if self.currency == other.currency {
            return Ok(());
        }
        Err(MoneyError::Mixed { left: self.currency, right: other.currency })
    }
}

#[cfg(test)]
mod tests;

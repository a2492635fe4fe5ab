use super::*;

fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

#[test]
fn every_currency_reads_back_and_none_is_listed_twice() {
    let all = Currency::all();
    assert!(all.windows(2).all(|pair| pair[0].code() < pair[1].code()));
    assert!(all.len() > 150);
    for currency in all {
        assert_eq!(Currency::parse(&currency.code().to_lowercase()), Ok(currency));
    }
    let digits = |code: &str| Currency::parse(code).unwrap().digits();
    assert_eq!((digits("JPY"), digits("PHP"), digits("KWD"), digits("UYW")), (0, 2, 3, 4));
    for known in [Currency::EUR, Currency::GBP, Currency::JPY, Currency::PHP, Currency::USD] {
        assert_eq!(Currency::parse(known.code()), Ok(known));
    }
    for code in ["", "US", "USDX", "XXX", "Dollar", "US ", "USD EUR", "$$$"] {
        assert!(Currency::parse(code).unwrap_err().to_string().contains("ISO 4217"), "{code}");
    }
}

#[test]
fn amounts_are_shown_with_their_minor_digits_and_read_back() {
    for (minor, code, text) in [
        (123_450, "USD", "USD 1,234.50"),
        (-300, "EUR", "EUR -3.00"),
        (-5, "EUR", "EUR -0.05"),
        (0, "USD", "USD 0.00"),
        (500, "JPY", "JPY 500"),
        (1_234_567, "JPY", "JPY 1,234,567"),
        (1_234_567, "KWD", "KWD 1,234.567"),
        (i64::MAX, "USD", "USD 92,233,720,368,547,758.07"),
        (i64::MIN, "USD", "USD -92,233,720,368,547,758.08"),
    ] {
        let money = Money::new(minor, Currency::parse(code).unwrap());
        assert_eq!(money.to_string(), text);
        assert_eq!(Money::parse(text), Ok(money));
    }
    assert_eq!(Money::parse("usd 1234.5"), Ok(usd(123_450)));
    assert_eq!(Money::parse("USD 7"), Ok(usd(700)));
}

#[test]
fn other_amounts_are_refused_with_what_to_write() {
    for (text, hint) in [
        ("1234.50", "write the currency"),
        ("1,234.50 USD", "currency first"),
        ("USD 1,23.50", "commas at every third"),
        ("USD 1,2345", "commas at every third"),
        ("USD 1.234,50", "digits after the point"),
        ("USD 1.234", "USD has 2 digits"),
        ("JPY 1.5", "JPY has 0 digits"),
        ("USD 1.", "digits after the point"),
        ("USD --1", "write digits"),
        ("USD ", "write the currency"),
        ("USD .50", "write digits"),
        ("ABC 5", "ISO 4217"),
        ("USD 92233720368547758.08", "too large"),
    ] {
        let message = Money::parse(text).unwrap_err().to_string();
        assert!(message.contains(hint), "{text}: {message}");
    }
}

#[test]
fn each_rounding_does_what_its_name_says() {
    // 5, 15, -5, -15, 14, -16 tenths of a minor unit.
    for (rounding, expected) in [
        (Rounding::HalfEven, [0, 2, 0, -2, 1, -2]),
        (Rounding::HalfUp, [1, 2, -1, -2, 1, -2]),
        (Rounding::Up, [1, 2, -1, -2, 2, -2]),
        (Rounding::Down, [0, 1, 0, -1, 1, -1]),
    ] {
        let round = |tenths: i64| usd(tenths).mul_ratio(1, 10, rounding).unwrap().minor;
        assert_eq!([5, 15, -5, -15, 14, -16].map(round), expected, "{rounding:?}");
        let negated = |tenths: i64| usd(-tenths).mul_ratio(1, -10, rounding).unwrap().minor;
        assert_eq!([5, 15, -5, -15, 14, -16].map(negated), expected, "{rounding:?} by a negative");
    }
}

#[test]
fn sums_are_checked() {
    let php = Money::new(1, Currency::PHP);
    assert_eq!(usd(1).checked_add(usd(2)), Ok(usd(3)));
    assert_eq!(usd(1).checked_sub(usd(2)), Ok(usd(-1)));
    assert!(usd(1).checked_add(php).unwrap_err().to_string().starts_with("USD and PHP cannot be added"));
    assert!(matches!(usd(1).checked_sub(php), Err(MoneyError::Mixed { .. })));
    assert_eq!(usd(i64::MAX).checked_add(usd(1)), Err(MoneyError::TooLarge));
    assert_eq!(usd(i64::MIN).checked_sub(usd(1)), Err(MoneyError::TooLarge));
    assert_eq!(usd(i64::MAX).checked_mul(2), Err(MoneyError::TooLarge));
    assert_eq!(usd(i64::MAX).mul_ratio(3, 2, Rounding::Down), Err(MoneyError::TooLarge));
    assert_eq!(usd(i64::MIN).mul_ratio(i64::MIN, i64::MIN, Rounding::Up), Ok(usd(i64::MIN)));
    assert_eq!(usd(1).mul_ratio(1, 0, Rounding::Up), Err(MoneyError::DivisionByZero));
    assert_eq!(usd(12_000).mul_ratio(90, 60, Rounding::HalfUp), Ok(usd(18_000)));
}

#[test]
fn an_allocation_loses_no_minor_unit() {
    let parts = |minor: i64, weights: &[u32]| -> Vec<i64> {
        usd(minor).allocate(weights).unwrap().iter().map(|part| part.minor).collect()
    };
    assert_eq!(parts(100, &[1, 1, 1]), [34, 33, 33]);
    assert_eq!(parts(-100, &[1, 1, 1]), [-34, -33, -33]);
    assert_eq!(parts(5, &[3, 7]), [2, 3]);
    assert_eq!(parts(10, &[0, 3, 0, 3, 3]), [0, 4, 0, 3, 3]);
    assert_eq!(parts(1, &[1, 2, 1]), [0, 1, 0]);
    assert_eq!(parts(i64::MIN, &[1]), [i64::MIN]);
    assert_eq!(usd(1).allocate(&[]), Err(MoneyError::NoWeight));
    assert_eq!(usd(1).allocate(&[0, 0]), Err(MoneyError::NoWeight));
    for minor in [i64::MIN, i64::MAX, -7, 0, 1, 999_999_999] {
        for weights in [&[1, 1, 1][..], &[u32::MAX, 1, u32::MAX], &[7, 0, 11, 13, 17]] {
            let sum: i128 = parts(minor, weights).iter().map(|part| i128::from(*part)).sum();
            assert_eq!(sum, i128::from(minor), "{minor} by {weights:?}");
        }
    }
}

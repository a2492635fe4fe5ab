//! Prints the holidays of every region, one a line: code, date, `observed` or `-`, name, with tabs between.
//!
//! `cargo run -p remit-core --example holiday_dates -- 2026 2027 DE-BY US` prints two years of two regions.

use std::io::{self, Write};

use remit_core::holidays::{HolidaySet, regions};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let first: i16 = args.next().ok_or("first year missing")?.parse()?;
    let last: i16 = args.next().ok_or("last year missing")?.parse()?;
    let mut codes: Vec<String> = args.collect();
    if codes.is_empty() {
        codes = regions().into_iter().map(|(code, _)| code.to_owned()).collect();
    }
    let mut out = io::BufWriter::new(io::stdout().lock());
    for code in codes {
        let set = HolidaySet::parse(&[&code])?;
        for holiday in (first..=last).flat_map(|year| set.in_year(year)) {
            let observed = if holiday.observed { "observed" } else { "-" };
            writeln!(out, "{code}\t{}\t{observed}\t{}", holiday.date, holiday.name)?;
        }
    }
    Ok(())
}

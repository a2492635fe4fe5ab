//! `remit holidays`.

use remit_core::{Holiday, HolidaySet, holidays};
use serde::Serialize;

use crate::clock;
use crate::failure::Failure;
use crate::outcome::Outcome;
use crate::screen::Screen;
use crate::table::Listing;

/// List the public holidays that calendars can use
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Without a region, lists every country and region; with one or more, their holidays in a year.

Examples:
  remit holidays
  remit holidays US-CA
  remit holidays GB-SCT PH --year 2027
  remit holidays DE-BY --format json")]
pub struct Args {
    /// Countries and regions, such as US, US-CA or GB-SCT
    regions: Vec<String>,
    /// The year; this one when not given
    #[arg(long, value_name = "YEAR")]
    year: Option<i16>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Regions {
    schema: &'static str,
    regions: Vec<Region>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Region {
    code: &'static str,
    name: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Days {
    schema: &'static str,
    year: i16,
    holidays: Vec<Day>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Day {
    date: String,
    weekday: String,
    region: String,
    name: String,
}

/// Lists regions or days.
pub fn run(args: &Args, screen: Screen) -> Result<Outcome, Failure> {
    if args.regions.is_empty() {
        let regions = holidays::regions().into_iter().map(|(code, name)| Region { code, name }).collect();
        let answer = Regions { schema: "remit-holiday-regions/1", regions };
        screen.answer(&answer, || regions_text(&answer))?;
        return Ok(Outcome::Sound);
    }
    let year = args.year.unwrap_or_else(|| clock::today(&remit_core::Zone::utc()).year());
    let set = HolidaySet::parse(&args.regions).map_err(|e| Failure::new(e.to_string()))?;
    if !HolidaySet::YEARS.contains(&year) {
        let (first, last) = (HolidaySet::YEARS.start(), HolidaySet::YEARS.end());
        let known = format!("write a year from {first} to {last}");
        return Err(Failure::new(format!("the holidays of {year} are not known")).hint(known));
    }
    let holidays = set.in_year(year).iter().map(day).collect();
    let answer = Days { schema: "remit-holidays/1", year, holidays };
    screen.answer(&answer, || days_text(&answer))?;
    Ok(Outcome::Sound)
}

fn day(holiday: &Holiday) -> Day {
    Day {
        date: holiday.date.to_string(),
        weekday: holiday.date.strftime("%a").to_string(),
        region: holiday.region.clone(),
        name: holiday.name.clone(),
    }
}

fn regions_text(answer: &Regions) -> String {
    let mut listing = Listing::new(&["code", "region"]);
    for region in &answer.regions {
        listing.row([region.code, region.name]);
    }
    format!(
        "{}\n{} countries and regions; their days: remit holidays CODE\n",
        listing.text(),
        answer.regions.len()
    )
}

fn days_text(answer: &Days) -> String {
    let mut listing = Listing::new(&["date", "", "region", "holiday"]);
    for day in &answer.holidays {
        listing.row([&day.date, &day.weekday, &day.region, &day.name]);
    }
    listing.text()
}

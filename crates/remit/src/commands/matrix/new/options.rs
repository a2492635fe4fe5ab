//! The options of a template on the command line.

use clap::ValueEnum;
use remit_matrix::catalogue::Arrangement;
use remit_matrix::draft::ServiceModel;
use remit_matrix::templates::{Offshore, TemplateOptions, Vendor};

use crate::failure::{Failure, did_you_mean};

/// What a template needs to know of a client.
#[derive(Debug, Clone, clap::Args)]
pub struct Options {
    /// Name of the client
    #[arg(long, value_name = "NAME", required_unless_present = "list")]
    client: Option<String>,
    /// IANA zone of the client's office, such as Europe/Berlin
    #[arg(long, value_name = "ZONE", required_unless_present = "list")]
    zone: Option<String>,
    /// How the client is served: fully-managed or co-managed [default: as the arrangements say]
    #[arg(long, value_enum, hide_possible_values = true)]
    model: Option<Model>,
    /// Co-managed arrangements: tools-only, tier-3-escalation, after-hours, project-augmentation,
    /// hybrid-expertise, strategic-partnership, internal-helpdesk
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    arrangement: Vec<String>,
    /// Regions whose public holidays close the office, such as US-CA
    #[arg(long, value_name = "REGION", value_delimiter = ',')]
    holidays: Vec<String>,
    /// Office hours, such as "mon-fri 08:00-12:00, 13:00-17:30"; repeat for other days
    #[arg(long, value_name = "HOURS")]
    office_hours: Vec<String>,
    /// Add a day shift in Manila while the office is closed
    #[arg(long)]
    offshore: bool,
    /// Zone of the offshore team, where it is not Manila
    #[arg(long, value_name = "ZONE", requires = "offshore")]
    offshore_zone: Option<String>,
    /// Hours of the offshore team in its own zone
    #[arg(long, value_name = "HOURS", requires = "offshore")]
    offshore_hours: Vec<String>,
    /// Regions whose public holidays the offshore team keeps
    #[arg(long, value_name = "REGION", value_delimiter = ',', requires = "offshore")]
    offshore_holidays: Vec<String>,
    /// A vendor: isp=NAME, line-of-business=NAME, auditor=NAME, or ID=NAME:SERVICE,SERVICE
    #[arg(long, value_name = "VENDOR")]
    vendor: Vec<String>,
    /// Name of the provider
    #[arg(long, value_name = "NAME")]
    provider: Option<String>,
    /// Name of the client's internal IT, or of its management where there is none
    #[arg(long, value_name = "NAME")]
    internal: Option<String>,
    /// Name for a team, such as service-desk="Night desk"
    #[arg(long, value_name = "ID=NAME")]
    team: Vec<String>,
    /// Site of the client
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    site: Vec<String>,
    /// First day in force
    #[arg(long, value_name = "DATE")]
    in_force_from: Option<String>,
}

/// How the client is served.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Model {
    /// The provider is the whole IT department.
    FullyManaged,
    /// The provider and internal IT share the work.
    CoManaged,
}

/// The arrangement that is none of the six.
const INTERNAL_HELPDESK: &str = "internal-helpdesk";

impl Options {
    /// The options as templates take them.
    pub fn template(&self) -> Result<TemplateOptions, Failure> {
        let (client, zone) =
            (self.client.as_deref().unwrap_or_default(), self.zone.as_deref().unwrap_or_default());
        let mut options = TemplateOptions::fully_managed(client, zone);
        options.model = self.model();
        for name in &self.arrangement {
            match name.trim() {
                INTERNAL_HELPDESK => options.internal_helpdesk = true,
                name => options.arrangements.push(arrangement(name)?),
            }
        }
        options.holidays.clone_from(&self.holidays);
        if !self.office_hours.is_empty() {
            options.office = hours(&self.office_hours)?;
        }
        options.offshore = self.offshore.then(|| self.offshore_team()).transpose()?;
        options.vendors = self.vendor.iter().map(|text| vendor(text)).collect::<Result<_, _>>()?;
        if let Some(name) = &self.provider {
            options.provider_name.clone_from(name);
        }
        options.internal_name.clone_from(&self.internal);
        for text in &self.team {
            let (id, name) = pair(text, "a team", "service-desk=\"Night desk\"")?;
            options.team_names.insert(id.to_owned(), name.to_owned());
        }
        options.sites.clone_from(&self.site);
        options.in_force_from.clone_from(&self.in_force_from);
        Ok(options)
    }

    fn model(&self) -> ServiceModel {
        match self.model {
            Some(Model::FullyManaged) => ServiceModel::FullyManaged,
            None if self.arrangement.is_empty() => ServiceModel::FullyManaged,
            Some(Model::CoManaged) | None => ServiceModel::CoManaged,
        }
    }

    fn offshore_team(&self) -> Result<Offshore, Failure> {
        let mut team = Offshore::manila();
        if let Some(zone) = &self.offshore_zone {
            // A zone is named by its place: `Asia/Kuala_Lumpur`.
            team.place = zone.rsplit('/').next().unwrap_or(zone).replace('_', " ");
            team.zone.clone_from(zone);
            team.holidays.clear();
        }
        if !self.offshore_hours.is_empty() {
            team.week = hours(&self.offshore_hours)?;
        }
        if !self.offshore_holidays.is_empty() {
            team.holidays.clone_from(&self.offshore_holidays);
        }
        Ok(team)
    }
}

fn arrangement(name: &str) -> Result<Arrangement, Failure> {
    let word = |a: Arrangement| serde_json::to_value(a).ok().and_then(|v| v.as_str().map(str::to_owned));
    let words: Vec<(String, Arrangement)> =
        Arrangement::ALL.into_iter().filter_map(|a| Some((word(a)?, a))).collect();
    if let Some((_, found)) = words.iter().find(|(word, _)| word == name) {
        return Ok(*found);
    }
    let failure = Failure::new(format!("there is no arrangement `{name}`"));
    let known: Vec<&str> = words.iter().map(|(word, _)| word.as_str()).chain([INTERNAL_HELPDESK]).collect();
    Err(match did_you_mean(name, known) {
        Some(hint) => failure.hint(hint),
        None => failure,
    })
}

/// Days and their windows: `mon-fri 08:00-12:00, 13:00-17:30`.
fn hours(texts: &[String]) -> Result<Vec<(String, String)>, Failure> {
    let read = |text: &String| {
        let (days, windows) = text.trim().split_once([' ', '=']).ok_or_else(|| {
            let failure = Failure::new(format!("`{text}` does not say days and hours"));
            failure.hint("write days, a space and windows, such as \"mon-fri 08:00-18:00\"")
        })?;
        Ok((days.trim().to_owned(), windows.trim().to_owned()))
    };
    texts.iter().map(read).collect()
}

fn vendor(text: &str) -> Result<Vendor, Failure> {
    let (id, name) = pair(text, "a vendor", "isp=\"Pacific Fiber\"")?;
    match (id, name.split_once(':')) {
        (_, Some((name, services))) => {
            let services: Vec<&str> = services.split(',').map(str::trim).collect();
            Ok(Vendor::new(id, name.trim(), &services))
        }
        ("isp", None) => Ok(Vendor::isp(name)),
        ("line-of-business", None) => Ok(Vendor::line_of_business(name)),
        ("auditor", None) => Ok(Vendor::auditor(name)),
        (_, None) => {
            let failure = Failure::new(format!("vendor `{id}` owns no service"));
            Err(failure.hint(format!(
                "write its services after the name: {id}=\"{name}:network.internet\"; known without are isp, line-of-business, auditor"
            )))
        }
    }
}

/// `id=name`.
fn pair<'t>(text: &'t str, what: &str, example: &str) -> Result<(&'t str, &'t str), Failure> {
    let found = text.split_once('=').map(|(id, name)| (id.trim(), name.trim()));
    found.filter(|(id, name)| !id.is_empty() && !name.is_empty()).ok_or_else(|| {
        Failure::new(format!("`{text}` does not name {what}"))
            .hint(format!("write id and name, such as {example}"))
    })
}

//! What a template needs to know of a client.

use std::collections::BTreeMap;

use crate::catalogue::Arrangement;
use crate::draft::ServiceModel;

/// What a template needs to know. Start with [`TemplateOptions::fully_managed`] or [`TemplateOptions::co_managed`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateOptions {
    /// Name of the client.
    pub client: String,
    /// IANA zone of the client's office.
    pub zone: String,
    /// How the client is served.
    pub model: ServiceModel,
    /// The co-managed arrangements that are agreed, in any order.
    pub arrangements: Vec<Arrangement>,
    /// Strategy and infrastructure by the provider, the help desk by internal IT; it can stand beside arrangements.
    pub internal_helpdesk: bool,
    /// A team in another part of the world that has its day while the client has its night.
    pub offshore: Option<Offshore>,
    /// Other companies that own duties. Without them their duties fall to who owns the rest of the branch.
    pub vendors: Vec<Vendor>,
    /// Regions whose public holidays close the office, such as `US-CA`.
    pub holidays: Vec<String>,
    /// Office hours: days and their windows, `("mon-fri", "08:00-18:00")`.
    pub office: Vec<(String, String)>,
    /// Name of the provider.
    pub provider_name: String,
    /// Name of the client's internal IT, or of its management where there is none; made from the client's when absent.
    pub internal_name: Option<String>,
    /// Names for teams by their id, such as `service-desk`, where the template's own should not stand.
    pub team_names: BTreeMap<String, String>,
    /// Sites of the client, for conditions that are added later.
    pub sites: Vec<String>,
    /// First local day in force, `YYYY-MM-DD`. The 13 months from it, or from 2026-01-01, are those in which the
    /// calendars are compared.
    pub in_force_from: Option<String>,
}

/// A team elsewhere, with its own hours and holidays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offshore {
    /// Where it works, such as `the Philippines`, for names and notes.
    pub place: String,
    /// IANA zone of its shift.
    pub zone: String,
    /// Its shift in its own zone: days and their windows.
    pub week: Vec<(String, String)>,
    /// Regions whose public holidays it keeps.
    pub holidays: Vec<String>,
}

impl Offshore {
    /// A day shift in Manila, Monday to Saturday, 08:00 to 20:00, on the Philippine holidays.
    pub fn manila() -> Self {
        Self {
            place: "Manila".to_owned(),
            zone: "Asia/Manila".to_owned(),
            week: pairs([("mon-sat", "08:00-20:00")]),
            holidays: vec!["PH".to_owned()],
        }
    }

    /// The same team on this shift.
    #[must_use]
    pub fn shift<'a>(mut self, week: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        self.week = pairs(week);
        self
    }
}

/// Another company that owns duties of the client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vendor {
    /// Id of the party; its team is `<id>-support`.
    pub id: String,
    /// Name as people say it.
    pub name: String,
    /// Services that it owns; each covers its subtree.
    pub services: Vec<String>,
    /// Whether its support answers at night too; else it keeps the office's hours.
    pub always: bool,
    /// Time to its first answer, such as `4h`.
    pub respond: Option<String>,
}

impl Vendor {
    /// The internet carrier: owns the lines, answers at any hour.
    pub fn isp(name: &str) -> Self {
        Self::new("isp", name, &["network.internet"]).answering("4h").at_any_hour()
    }

    /// The maker of the client's line-of-business application.
    pub fn line_of_business(name: &str) -> Self {
        Self::new("line-of-business", name, &["applications.specialist", "applications.industry"])
            .answering("8h")
    }

    /// Independent auditors and testers.
    pub fn auditor(name: &str) -> Self {
        let services = ["security.penetration-tests", "incidents.forensics", "compliance.independent-audits"];
        Self::new("auditor", name, &services)
    }

    /// A vendor that owns these services in office hours and promises nothing.
    pub fn new(id: &str, name: &str, services: &[&str]) -> Self {
        let services = services.iter().map(|s| (*s).to_owned()).collect();
        Self { id: id.to_owned(), name: name.to_owned(), services, always: false, respond: None }
    }

    /// The same vendor with a support that answers at night too.
    #[must_use]
    pub fn at_any_hour(mut self) -> Self {
        self.always = true;
        self
    }

    /// The same vendor with a promised time to the first answer.
    #[must_use]
    pub fn answering(mut self, within: &str) -> Self {
        self.respond = Some(within.to_owned());
        self
    }
}

impl TemplateOptions {
    /// A client whose whole IT department is the provider; office hours Monday to Friday, 08:00 to 18:00.
    pub fn fully_managed(client: &str, zone: &str) -> Self {
        Self {
            client: client.to_owned(),
            zone: zone.to_owned(),
            model: ServiceModel::FullyManaged,
            arrangements: Vec::new(),
            internal_helpdesk: false,
            offshore: None,
            vendors: Vec::new(),
            holidays: Vec::new(),
            office: pairs([("mon-fri", "08:00-18:00")]),
            provider_name: "The provider".to_owned(),
            internal_name: None,
            team_names: BTreeMap::new(),
            sites: Vec::new(),
            in_force_from: None,
        }
    }

    /// A client whose internal IT shares the work in these arrangements; the same office hours.
    pub fn co_managed(client: &str, zone: &str, arrangements: &[Arrangement]) -> Self {
        Self {
            model: ServiceModel::CoManaged,
            arrangements: arrangements.to_vec(),
            ..Self::fully_managed(client, zone)
        }
    }

    /// With strategy and infrastructure by the provider and the help desk by internal IT.
    #[must_use]
    pub fn internal_helpdesk(mut self) -> Self {
        self.model = ServiceModel::CoManaged;
        self.internal_helpdesk = true;
        self
    }

    /// With offshore cover while the office is closed.
    #[must_use]
    pub fn offshore(mut self, offshore: Offshore) -> Self {
        self.offshore = Some(offshore);
        self
    }

    /// With one more vendor.
    #[must_use]
    pub fn vendor(mut self, vendor: Vendor) -> Self {
        self.vendors.push(vendor);
        self
    }

    /// With the holidays of these regions.
    #[must_use]
    pub fn holidays<'a>(mut self, regions: impl IntoIterator<Item = &'a str>) -> Self {
        self.holidays = regions.into_iter().map(str::to_owned).collect();
        self
    }

    /// With these office hours.
    #[must_use]
    pub fn office<'a>(mut self, week: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        self.office = pairs(week);
        self
    }

    /// With the names of the provider and of the client's internal IT.
    #[must_use]
    pub fn names(mut self, provider: &str, internal: &str) -> Self {
        provider.clone_into(&mut self.provider_name);
        self.internal_name = Some(internal.to_owned());
        self
    }

    /// With this name for the team of that id.
    #[must_use]
    pub fn team_name(mut self, id: &str, name: &str) -> Self {
        self.team_names.insert(id.to_owned(), name.to_owned());
        self
    }

    /// With these sites.
    #[must_use]
    pub fn sites<'a>(mut self, sites: impl IntoIterator<Item = &'a str>) -> Self {
        self.sites = sites.into_iter().map(str::to_owned).collect();
        self
    }

    /// In force from this local day, `YYYY-MM-DD`.
    #[must_use]
    pub fn in_force_from(mut self, day: &str) -> Self {
        self.in_force_from = Some(day.to_owned());
        self
    }
}

fn pairs<'a>(week: impl IntoIterator<Item = (&'a str, &'a str)>) -> Vec<(String, String)> {
    week.into_iter().map(|(days, windows)| (days.to_owned(), windows.to_owned())).collect()
}

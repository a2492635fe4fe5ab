//! The options, read and compared with the catalogue and the calendars.

use std::collections::BTreeMap;

use remit_core::{Date, HolidaySet, Horizon, Millis, Weekdays, Window, WorkingCalendar, Zone};

use super::options::{Offshore, TemplateOptions};
use super::shape;
use super::team::Team;
use super::{TemplateError, owner};
use crate::catalogue::{Arrangement, Catalogue, OTHER, Service};
use crate::draft::{CalendarDraft, ServiceModel};

/// The calendar of the client's office.
pub(super) const OFFICE: &str = "office";
/// The calendar of the offshore team.
pub(super) const SHIFT: &str = "offshore-shift";
/// The first day of the comparison where the options name none: any will do, the rows do not depend on it.
const SOME_DAY: Date = Date::constant(2026, 1, 1);
/// The months in which calendars are compared: the usual horizon of a proof.
const MONTHS: u16 = 13;

/// Branches whose tickets come from people and devices every day.
pub(super) const EVERYDAY: [&str; 14] = [
    "helpdesk",
    "users",
    "devices",
    "assets",
    "applications",
    "m365",
    "network",
    "infrastructure",
    "monitoring",
    "backup",
    "patching",
    "incidents",
    "security",
    OTHER,
];

/// How the tickets of a branch find their owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Scope {
    /// By line, priority and hour, like every other everyday branch.
    Everyday,
    /// They go to the owner of the branch at once.
    Direct,
    /// There are none to speak of: whatever comes is owned by service.
    Standing,
}

/// Options that make sense, with what follows from them.
pub(super) struct Plan<'o> {
    pub(super) options: &'o TemplateOptions,
    pub(super) catalogue: &'static Catalogue,
    /// Each once, in the usual order.
    pub(super) arrangements: Vec<Arrangement>,
    /// Whether the office is ever closed.
    pub(super) has_nights: bool,
    /// Leaf number to the vendor that owns it.
    vendors: BTreeMap<u32, usize>,
}

impl<'o> Plan<'o> {
    pub(super) fn new(options: &'o TemplateOptions) -> Result<Self, TemplateError> {
        if options.client.trim().is_empty() {
            return Err(TemplateError::NoClient);
        }
        let arrangements: Vec<_> =
            Arrangement::ALL.into_iter().filter(|a| options.arrangements.contains(a)).collect();
        check_model(options, &arrangements)?;
        let catalogue = Catalogue::builtin();
        let mut plan = Self {
            options,
            catalogue,
            arrangements,
            has_nights: false,
            vendors: vendors(options, catalogue)?,
        };
        plan.compare_hours()?;
        Ok(plan)
    }

    pub(super) fn managed(&self) -> bool {
        self.options.model == ServiceModel::FullyManaged
    }

    pub(super) fn agreed(&self, arrangement: Arrangement) -> bool {
        self.arrangements.contains(&arrangement)
    }

    /// Whether an offshore team helps.
    pub(super) fn offshore(&self) -> bool {
        self.options.offshore.is_some()
    }

    /// Whether the provider owns what is urgent at night.
    pub(super) fn provider_nights(&self) -> bool {
        self.has_nights && (self.managed() || self.agreed(Arrangement::AfterHours))
    }

    /// The owner of everything that no other row names.
    pub(super) fn default_team(&self) -> Team {
        if self.managed() { Team::ServiceDesk } else { Team::InternalIt }
    }

    /// The owner of a leaf's planned work.
    pub(super) fn team_of(&self, leaf: u32) -> Team {
        match self.vendors.get(&leaf) {
            Some(&vendor) => Team::Vendor(vendor),
            None => owner::team(self, self.leaf(leaf)),
        }
    }

    /// The owner of what a branch has no name for, and so of the branch.
    pub(super) fn base(&self, branch: &str) -> Team {
        let leaves = self.catalogue.leaves(branch).expect("a branch of the catalogue");
        owner::team(self, self.leaf(leaves.end - 1))
    }

    pub(super) fn leaf(&self, leaf: u32) -> &'static Service {
        self.catalogue.leaf(leaf).expect("leaves are numbered without a hole")
    }

    /// The branches of the catalogue in its order, the nameless one last.
    pub(super) fn branches(&self) -> impl Iterator<Item = &'static str> {
        self.catalogue.roots().map(|branch| &*branch.id)
    }

    pub(super) fn scope(&self, branch: &str) -> Scope {
        if !EVERYDAY.contains(&branch) {
            return Scope::Standing;
        }
        let specialists = matches!(branch, "security" | "monitoring") && !self.managed();
        let runs = self.options.internal_helpdesk && owner::RUN_BY_PROVIDER.contains(&branch);
        let direct = specialists || runs || branch == "security";
        if direct && self.base(branch) != self.default_team() { Scope::Direct } else { Scope::Everyday }
    }

    /// The branches of one scope.
    pub(super) fn in_scope(&self, scope: Scope) -> Vec<&'static str> {
        EVERYDAY.into_iter().filter(|branch| self.scope(branch) == scope).collect()
    }

    pub(super) fn calendars(&self) -> BTreeMap<String, CalendarDraft> {
        let week = |week: &[(String, String)]| week.iter().cloned().collect();
        let office = CalendarDraft {
            week: week(&self.options.office),
            holidays: self.options.holidays.clone(),
            ..CalendarDraft::default()
        };
        let mut calendars = BTreeMap::from([(OFFICE.to_owned(), office)]);
        if let Some(offshore) = &self.options.offshore {
            let shift = CalendarDraft {
                zone: Some(offshore.zone.clone()),
                week: week(&offshore.week),
                holidays: offshore.holidays.clone(),
                ..CalendarDraft::default()
            };
            calendars.insert(SHIFT.to_owned(), shift);
        }
        calendars
    }

    /// Finds out whether there is any night, and refuses help that could never be given.
    fn compare_hours(&mut self) -> Result<(), TemplateError> {
        let options = self.options;
        let zone = zone(&options.zone)?;
        let first = match &options.in_force_from {
            None => SOME_DAY,
            Some(day) => day.parse().map_err(|_| TemplateError::Date(day.clone()))?,
        };
        let horizon = Horizon::months(first, &zone, MONTHS);
        let office = calendar(OFFICE, zone, &options.office, &options.holidays)?.open(horizon);
        if office.is_empty() {
            let reason = "the office never opens; write some such as mon-fri 08:00-18:00".to_owned();
            return Err(TemplateError::Hours { whose: OFFICE, reason });
        }
        let nights = office.complement_within(horizon);
        self.has_nights = !nights.is_empty();
        if !self.has_nights && self.agreed(Arrangement::AfterHours) {
            return Err(TemplateError::NothingAfterHours(shape::name_of(Arrangement::AfterHours)));
        }
        let Some(Offshore { zone: there, week, holidays, .. }) = &options.offshore else { return Ok(()) };
        let shift = calendar("offshore", self::zone(there)?, week, holidays)?.open(horizon);
        if !self.has_nights {
            return Err(TemplateError::NothingAfterHours("offshore"));
        }
        if nights.intersect(&shift).is_empty() {
            return Err(TemplateError::OffshoreNeverHelps { zone: options.zone.clone() });
        }
        Ok(())
    }
}

fn check_model(options: &TemplateOptions, arrangements: &[Arrangement]) -> Result<(), TemplateError> {
    match options.model {
        ServiceModel::FullyManaged => match arrangements.first() {
            Some(&first) => Err(TemplateError::ManagedWith(shape::name_of(first).to_owned())),
            None if options.internal_helpdesk => {
                Err(TemplateError::ManagedWith("internal-helpdesk".to_owned()))
            }
            None => Ok(()),
        },
        ServiceModel::CoManaged if arrangements.is_empty() && !options.internal_helpdesk => {
            Err(TemplateError::NothingAgreed)
        }
        ServiceModel::CoManaged => Ok(()),
    }
}

/// Who owns which leaf, with every vendor's id and services checked.
fn vendors(options: &TemplateOptions, catalogue: &Catalogue) -> Result<BTreeMap<u32, usize>, TemplateError> {
    let mut owners: BTreeMap<u32, usize> = BTreeMap::new();
    for (number, vendor) in options.vendors.iter().enumerate() {
        let wrong =
            |reason: String| TemplateError::Vendor { id: vendor.id.chars().take(100).collect(), reason };
        if remit_core::Slug::parse(&vendor.id).is_err() {
            return Err(wrong("no id; write lower-case words such as `carrier`".to_owned()));
        }
        let own = Team::OWN.iter().any(|team| team.id() == vendor.id);
        // A vendor's team is called after it, and a team and a party cannot share a name.
        let support = |one: &str, other: &str| one.strip_suffix("-support") == Some(other);
        let clash =
            |other: &str| other == vendor.id || support(other, &vendor.id) || support(&vendor.id, other);
        let twice = options.vendors[..number].iter().any(|other| clash(&other.id));
        if own || twice || matches!(vendor.id.as_str(), "provider" | "internal" | "client" | "duty-manager") {
            return Err(wrong("the id is taken; choose another".to_owned()));
        }
        if vendor.services.is_empty() {
            return Err(wrong("it owns no service; name one such as `network.internet`".to_owned()));
        }
        if let Some(Err(e)) = vendor.respond.as_deref().map(Millis::parse) {
            return Err(wrong(e.to_string()));
        }
        for service in &vendor.services {
            let Some(leaves) = catalogue.leaves(service) else {
                let hint = catalogue.find(service).first().map(|found| found.service.id.to_string());
                let hint = hint.unwrap_or_else(|| "network.internet".to_owned());
                return Err(wrong(format!("there is no service `{service}`; did you mean `{hint}`?")));
            };
            if catalogue.get(service).is_some_and(|node| node.depth == 0) {
                return Err(wrong(format!(
                    "`{service}` is a whole branch; name the services in it that the vendor owns"
                )));
            }
            for leaf in leaves {
                if owners.insert(leaf, number).is_some_and(|other| other != number) {
                    return Err(wrong(format!(
                        "another vendor owns `{service}` already; name it at one of them"
                    )));
                }
            }
        }
    }
    Ok(owners)
}

fn zone(name: &str) -> Result<Zone, TemplateError> {
    Zone::parse(name).map_err(|e| TemplateError::Zone(e.to_string()))
}

fn calendar(
    whose: &'static str,
    zone: Zone,
    week: &[(String, String)],
    holidays: &[String],
) -> Result<WorkingCalendar, TemplateError> {
    let wrong = |reason: String| TemplateError::Hours { whose, reason };
    let mut open: Vec<(Weekdays, Window)> = Vec::new();
    for (days, windows) in week {
        let days = Weekdays::parse(days).map_err(|e| wrong(e.to_string()))?;
        for window in windows.split(',') {
            open.push((days, Window::parse(window.trim()).map_err(|e| wrong(e.to_string()))?));
        }
    }
    let holidays = HolidaySet::parse(holidays).map_err(|e| TemplateError::Holidays(e.to_string()))?;
    let calendar = WorkingCalendar::weekly(zone, &open).map_err(|e| wrong(e.to_string()))?;
    Ok(calendar.with_holidays(holidays))
}

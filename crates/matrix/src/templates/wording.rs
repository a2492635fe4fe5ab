//! Who is asked and who is told, and the notes where a reader would ask why.

use super::conditions::Line;
use super::plan::Plan;
use super::team::{Side, Team};

/// What a row says beside its owner.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Words {
    consulted: &'static [Team],
    informed: &'static [Team],
    note: &'static str,
}

impl Words {
    pub(super) fn apply(self, line: Line<'_>) -> Line<'_> {
        let line = line.consulted(self.consulted).informed(self.informed);
        if self.note.is_empty() { line } else { line.note(self.note) }
    }
}

/// The words for the row of a branch.
pub(super) fn of_branch(plan: &Plan<'_>, id: &str, team: Team) -> Words {
    if team == Team::ItLead {
        let note = "Steering, approvals, contracts and the business stay with the client's own head of IT.";
        return Words { consulted: &[Team::Vcio], note, ..Words::default() };
    }
    let (consulted, informed) = around(plan, id);
    Words { consulted, informed, note: branch_note(plan, id) }
}

/// The words for a team's share of a branch.
pub(super) fn of_share(plan: &Plan<'_>, theme: &str, team: Team) -> Words {
    let (consulted, informed): (&[Team], &[Team]) = match (team.side(), theme) {
        (Side::Client, "projects.decisions") => (&[Team::Vcio], &[Team::Projects]),
        (Side::Client, _) => (&[Team::Vcio], &[Team::Security]),
        (Side::Vendor(_), _) if plan.managed() => (&[], &[Team::ServiceDesk]),
        (Side::Vendor(_), _) => (&[], &[Team::InternalIt]),
        (Side::Internal, "decisions" | "security.decisions") => (&[Team::Security], &[Team::InternalIt]),
        (Side::Internal, "compliance.decisions" | "strategy.decisions" | "projects.decisions") => {
            (&[Team::Vcio], &[Team::InternalIt])
        }
        (Side::Internal, _) => (&[], &[]),
        (Side::Provider, "relationship") => (&[], &[Team::ItLead]),
        (Side::Provider, _) => around(plan, theme.split('.').next().unwrap_or(theme)),
    };
    Words { consulted, informed, note: share_note(plan, theme, team) }
}

/// Whom the provider asks and tells about its share of a branch.
fn around(plan: &Plan<'_>, branch: &str) -> (&'static [Team], &'static [Team]) {
    match (plan.managed(), branch) {
        (true, "projects" | "strategy" | "vendors" | "compliance") => (&[Team::Management], &[]),
        (true, "security" | "delivery") => (&[], &[Team::Management]),
        (true, _) => (&[], &[]),
        (false, "security" | "compliance" | "strategy" | "projects" | "vendors") => {
            (&[Team::ItLead], &[Team::InternalIt])
        }
        (false, _) => (&[], &[Team::InternalIt]),
    }
}

fn branch_note(plan: &Plan<'_>, id: &str) -> &'static str {
    match (plan.managed(), id) {
        (true, "projects") => {
            "Usually outside the monthly fee: scoped, quoted and approved by the client before work begins."
        }
        (true, "vendors") => {
            "The provider speaks to all vendors. Hardware and licences are passed on at the price the client approved."
        }
        (true, "strategy") => {
            "The vCIO plans with the client's management and reports in plain words every quarter."
        }
        (false, "projects") => "Each project has its own quote; internal IT keeps the daily work free of it.",
        (false, "strategy") => "The vCIO leads, the head of IT decides with him what the business hears.",
        (false, "monitoring") => "Alerts go to the provider at once; internal IT sees every one of them.",
        (false, "security") => "Policies stay with the client, running the controls with the specialists.",
        (_, "compliance") => "Each control has one named owner; risks are accepted by the client alone.",
        (true, "infrastructure") => {
            "Changes and planned work. Tickets about these services start at the service desk."
        }
        (_, "infrastructure") if plan.options.internal_helpdesk => {
            "The provider runs it alone, tickets and changes alike; the help desk passes on what users report."
        }
        (false, "infrastructure") => {
            "Changes and planned work. Tickets go through internal IT's first and second line."
        }
        (_, "backup") => "A backup counts only once a restore of it has been tested and written down.",
        (true, "delivery") => "Mentoring finds nobody to mentor here; it rests with the account.",
        _ => "",
    }
}

fn share_note(plan: &Plan<'_>, theme: &str, team: Team) -> &'static str {
    match (theme, team) {
        (_, Team::Management) => "The client answers for its own risk and money; the provider proposes.",
        ("decisions", _) => "Decisions on policy, exceptions and what outsiders are told are not given away.",
        ("security.decisions", _) => {
            "Specialists propose and carry out; the client decides what the policy is."
        }
        ("absence-cover", _) if plan.managed() => "Vacation and sick leave change nothing for users.",
        ("absence-cover", _) => {
            "When internal IT is on leave or ill, the desk takes its place; no duty waits for one person."
        }
        ("mentoring", _) => "Knowledge is shared on purpose: internal IT learns what it now hands over.",
        ("tools", _) => {
            "The provider owns and licenses the tools and gives access; what happens to them at the end is agreed before work begins."
        }
        ("relationship", _) => {
            "Reviews, reports, promised times and bills come from the provider's account management."
        }
        ("on-call", _) => "The rota itself: who carries the phone, and the hand-over in the morning.",
        ("users.specialists" | "devices.specialists", _) => {
            "Specialists set and review the rules; an everyday ticket about them starts with the first line."
        }
        ("patching.offshore", _) => {
            "Senior people patch while the office sleeps; internal IT approves what and when."
        }
        (_, Team::Vendor(_)) => {
            "Tickets start with the first line, which opens the vendor's case; the vendor answers for the thing itself."
        }
        _ => "",
    }
}

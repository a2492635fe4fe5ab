//! Whom to ask next.

use serde::{Deserialize, Serialize};

use crate::custody::{Custody, Step};

/// Who is to be asked, and as what.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Ask<H> {
    /// Who.
    pub to: H,
    /// How far that escalates the ticket.
    pub step: Step,
}

/// Whom the escalation of `custody` asks next: now, if it is due, else after the open offer should it fail.
///
/// The owner first, then the fallbacks in their order, then the duty manager. Whoever declined or let an offer run out in this
/// round is not asked again in it, except the duty manager. `None` when nothing is on offer, or when all have passed and the
/// duty manager holds the ticket already.
pub fn next_ask<H: Clone + Eq>(custody: &Custody<H>) -> Option<Ask<H>> {
    let round = custody.round()?;
    let named = custody.named();
    let asked = round.offer.as_ref().map(|offer| &offer.to);
    let fresh = |who: &H| who != custody.holder() && asked != Some(who) && !round.passed.contains(who);
    let ask = |to: &H, step| Some(Ask { to: to.clone(), step });
    if fresh(&named.owner) {
        return ask(&named.owner, Step::Owner);
    }
    if let Some(to) = named.fallback.iter().find(|to| fresh(to)) {
        return ask(to, Step::Fallback);
    }
    if named.duty_manager == *custody.holder() {
        return None;
    }
    ask(&named.duty_manager, Step::DutyManager)
}

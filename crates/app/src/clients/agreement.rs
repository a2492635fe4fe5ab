//! How a client is served, dated.

use remit_core::{At, Date, Edge, Id, Slug, Zone};
use remit_db::{Tx, sql};
use remit_matrix::catalogue::Arrangement;
use remit_matrix::draft::ServiceModel;

use super::Client;
use crate::act::Act;
use crate::audit::{self, Event};
use crate::people::Permission;
use crate::refused::{Faults, Refused};
use crate::{promises, tickets};

/// A model and its arrangements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreement {
    /// Fully managed or co-managed.
    pub model: ServiceModel,
    /// The arrangements of a co-managed client.
    pub arrangements: Vec<Arrangement>,
    /// The first day on which it holds, on the client's wall clock.
    pub starts_on: Date,
    /// The tier of what is promised, such as `gold`; empty where there are none.
    pub tier: String,
}

impl Agreement {
    /// Reads `model|arrangements|day|tier`.
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut parts = text.split('|');
        let (model, arrangements, starts_on) = (parts.next()?, parts.next()?, parts.next()?);
        let model = match model {
            "fully-managed" => ServiceModel::FullyManaged,
            "co-managed" => ServiceModel::CoManaged,
            _ => return None,
        };
        let arrangements =
            arrangements.split_whitespace().map(Arrangement::from_key).collect::<Option<_>>()?;
        let starts_on = starts_on.parse().ok()?;
        Some(Self { model, arrangements, starts_on, tier: parts.next()?.to_owned() })
    }

    /// In a few words, as it stands wherever the client's name stands.
    pub fn words(&self) -> String {
        let model = self.model_words();
        if self.tier.is_empty() { model } else { format!("{model}; tier {}", self.tier) }
    }

    fn model_words(&self) -> String {
        match self.model {
            ServiceModel::FullyManaged => "fully managed".to_owned(),
            ServiceModel::CoManaged if self.arrangements.is_empty() => "co-managed".to_owned(),
            ServiceModel::CoManaged => {
                let names: Vec<&str> = self.arrangements.iter().map(|a| a.words()).collect();
                format!("co-managed: {}", names.join(", "))
            }
        }
    }
}

const fn key(model: ServiceModel) -> &'static str {
    match model {
        ServiceModel::FullyManaged => "fully-managed",
        ServiceModel::CoManaged => "co-managed",
    }
}

/// Agrees how a client is served from a day on. Another agreement from the same day is replaced.
pub fn agree(tx: &mut Tx<'_, '_>, act: &Act, client: Id<Client>, new: &Agreement) -> Result<(), Refused> {
    act.require(Permission::ManageClients)?;
    let zone = super::find(tx, act, client)?.zone;
    let mut faults = Faults::default();
    let fits = match (new.model, new.arrangements.is_empty()) {
        (ServiceModel::FullyManaged, false) => Err("a fully managed client has no arrangements"),
        (ServiceModel::CoManaged, true) => {
            Err("say which arrangements: a co-managed client has at least one")
        }
        _ => Ok(()),
    };
    faults.take("arrangements", fits);
    let tier = match new.tier.trim() {
        "" => Some(String::new()),
        tier => faults.take("tier", Slug::parse(tier)).map(|slug| slug.to_string()),
    };
    faults.end()?;
    let arrangements: Vec<&str> = new.arrangements.iter().map(|a| a.key()).collect();
    let zone = Zone::parse(&zone).map_err(|error| Refused::Conflict(error.to_string()))?;
    let starts_at = zone.at(new.starts_on.at(0, 0, 0, 0), Edge::Start);
    let add = sql!(
        "INSERT INTO agreement (provider_id, client_id, model, arrangements, starts_on, starts_at, created_at, tier) \
         VALUES ($1, {client: $2}, $3, $4, $5, $6, $7, $8) ON CONFLICT (provider_id, client_id, starts_at) \
         DO UPDATE SET model = excluded.model, arrangements = excluded.arrangements, created_at = excluded.created_at, tier = excluded.tier"
    );
    let day = new.starts_on.to_string();
    let tier = tier.unwrap_or_default();
    tx.exec(add, (client, key(new.model), arrangements.join(" "), day, starts_at, act.at, tier))?;
    promises::turned(tx, act)?;
    tickets::reckon_again(tx, act, Some(client))?;
    let detail = format!("{} from {}", new.words(), new.starts_on);
    let event = Event {
        action: "agreement.agree",
        subject: client.to_string(),
        client: Some(client),
        detail: &detail,
    };
    audit::note(tx, act, event)
}

/// How a client is served at an instant.
pub fn agreement_at(tx: &mut Tx<'_, '_>, client: Id<Client>, at: At) -> Result<Option<Agreement>, Refused> {
    let find = sql!(
        "SELECT model || '|' || arrangements || '|' || starts_on || '|' || tier FROM agreement WHERE provider_id = $1 \
         AND {reach: client_id} AND client_id = $2 AND starts_at <= $3 ORDER BY starts_at DESC LIMIT 1"
    );
    let found: Option<(String,)> = tx.find(find, (client, at))?;
    Ok(found.and_then(|(text,)| Agreement::read(&text)))
}

/// What was agreed for a day to come, the soonest.
pub fn next_agreement(tx: &mut Tx<'_, '_>, client: Id<Client>, at: At) -> Result<Option<Agreement>, Refused> {
    let find = sql!(
        "SELECT model || '|' || arrangements || '|' || starts_on || '|' || tier FROM agreement WHERE provider_id = $1 \
         AND {reach: client_id} AND client_id = $2 AND starts_at > $3 ORDER BY starts_at LIMIT 1"
    );
    let found: Option<(String,)> = tx.find(find, (client, at))?;
    Ok(found.and_then(|(text,)| Agreement::read(&text)))
}

/// What was agreed with a client, the newest first, from before an instant; each with the instant from which it holds.
pub fn agreements(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    client: Id<Client>,
    before: Option<At>,
    most: u16,
) -> Result<Vec<(Agreement, At)>, Refused> {
    super::find(tx, act, client)?;
    let list = sql!(
        "SELECT model || '|' || arrangements || '|' || starts_on || '|' || tier, starts_at FROM agreement WHERE provider_id = $1 \
         AND {reach: client_id} AND client_id = $2 AND starts_at < $3 ORDER BY starts_at DESC LIMIT $4"
    );
    let found: Vec<(String, At)> = tx.rows(list, (client, before.unwrap_or(At::MAX), most))?;
    Ok(found.into_iter().filter_map(|(text, at)| Some((Agreement::read(&text)?, at))).collect())
}

/// The tiers of a client's agreements, from when on each, the oldest first; what is promised depends on them.
pub(crate) fn tiers(tx: &mut Tx<'_, '_>, client: Id<Client>) -> Result<Vec<(At, String)>, Refused> {
    let list = sql!(
        "SELECT starts_at, tier FROM agreement WHERE provider_id = $1 AND {reach: client_id} AND client_id = $2 \
         ORDER BY starts_at LIMIT 1000"
    );
    Ok(tx.rows(list, (client,))?)
}

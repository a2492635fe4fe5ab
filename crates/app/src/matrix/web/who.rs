//! Who owns a service at an instant, why, and who was near: asked of the version that was in force then.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use remit_core::{Id, Zone};
use remit_draw::Hue;
use remit_matrix::ask::{self, Answer, Asker, Instant, NearMiss, Unclear, Values, Verdict, Why};
use remit_matrix::model::Dimension;
use remit_matrix::{Matrix, text};
use remit_web::Error;

use super::week::ask_encoded;
use super::{Tabs, Tx, Version, frame};
use crate::Act;
use crate::clients::{self, Client, Summary};
use crate::matrix::in_force_signed;
use crate::site::{Signed, Site, shell};

/// Near misses that are shown.
const NEAR: usize = 12;
/// Names of one share that are shown.
const NAMES: usize = 8;
/// The longest text of a question.
const LONGEST: usize = 200;

/// What is asked; what is not said is `other`, the kind an incident, and the instant now.
#[derive(Debug, Clone, Default, serde::Deserialize)]
pub(super) struct Question {
    /// A service of the catalogue, or words for it.
    #[serde(default)]
    service: String,
    /// Wall time of the client, such as 2027-01-03T02:00, or an instant with its offset.
    #[serde(default)]
    at: String,
    #[serde(default)]
    tier: String,
    #[serde(default)]
    priority: String,
    #[serde(default)]
    site: String,
    #[serde(default, rename = "asset-class")]
    asset_class: String,
    #[serde(default, rename = "requester-group")]
    requester_group: String,
    #[serde(default)]
    kind: String,
}

impl Question {
    fn of(&self, dimension: Dimension) -> &str {
        match dimension {
            Dimension::Service => &self.service,
            Dimension::Tier => &self.tier,
            Dimension::Priority => &self.priority,
            Dimension::Site => &self.site,
            Dimension::AssetClass => &self.asset_class,
            Dimension::RequesterGroup => &self.requester_group,
            Dimension::Kind => &self.kind,
            Dimension::Time => &self.at,
        }
    }
}

/// A condition that can be chosen.
struct Choice {
    key: &'static str,
    label: &'static str,
    given: String,
    values: Vec<String>,
}

/// A service that may have been meant, and the link that asks for it.
struct Near {
    name: String,
    id: String,
    link: String,
}

#[derive(Template)]
#[template(path = "matrix/who.html")]
struct WhoPage {
    tabs: Tabs,
    client: Summary,
    question: Question,
    choices: Vec<Choice>,
    services: Vec<(String, String)>,
    version: Option<Version>,
    problem: Option<Unclear>,
    near: Vec<Near>,
    answer: Option<Answer>,
    /// The row as it is written, and its line in the text of the version.
    row: Option<(usize, String)>,
    viewer: Zone,
}

impl WhoPage {
    /// What the field can show again: a browser takes wall time alone. What else was given stands in the answer or in what is wrong.
    fn local_at(&self) -> &str {
        let text = self.question.at.trim();
        let wall = text.len() >= 16 && text.parse::<jiff::civil::DateTime>().is_ok();
        if wall { text } else { "" }
    }

    fn hue(&self) -> Hue {
        let owner = self.answer.as_ref().and_then(|answer| answer.owner.as_ref());
        owner.map_or(Hue::Nobody, |owner| owner.hue)
    }

    fn shortened(values: &[String]) -> String {
        let more = values.len().saturating_sub(NAMES);
        let shown = values[..values.len() - more].join(", ");
        if more > 0 { format!("{shown} and {more} more") } else { shown }
    }

    /// Rows about other services are near in number only.
    fn misses(answer: &Answer) -> Vec<&NearMiss> {
        answer.near_misses.iter().filter(|miss| miss.dimension != Dimension::Service).take(NEAR).collect()
    }
}

pub(super) async fn show(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<Client>>,
    Query(mut question): Query<Question>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    question.service = question.service.trim().chars().take(LONGEST).collect();
    let at = question.at.clone();
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| {
        let client = clients::find(tx, act, id)?;
        let zone = client.wall_clock()?;
        let meant = ask::instant(Some(&at), &zone, act.at);
        let version = in_force_signed(tx, act, id, meant.as_ref().map_or(act.at, |instant| instant.at))?;
        Ok((client, meant, version))
    };
    let (client, meant, version) = site.app.read(&signed.caller, read).await?;
    let (instant, problem) = match meant {
        Ok(instant) => (instant, None),
        Err(unclear) => (Instant { at: site.app.now(), note: None }, Some(unclear)),
    };
    let mut page = WhoPage {
        tabs: Tabs::new(&client, "/who"),
        choices: Vec::new(),
        services: Vec::new(),
        near: Vec::new(),
        answer: None,
        row: None,
        viewer: signed.caller.zone.clone(),
        client,
        question,
        version,
        problem,
    };
    if let Some(version) = page.version.take() {
        let shelf = site.app.shelf();
        let matrix = shelf.matrix(&version.text).await?;
        let lines = shelf.row_lines(&version.text).await?;
        let asker = shelf.asker(&version.text, instant.at).await?;
        page.fill((&matrix, &lines), asker, instant);
        page.version = Some(version);
    }
    Ok(shell(frame(&signed, &page.client, "who owns it?"), &page).answer(&headers))
}

impl WhoPage {
    /// Asks the version that is in force at the instant.
    fn fill(
        &mut self,
        (matrix, lines): (&Matrix, &[usize]),
        asker: Result<Arc<Asker>, Unclear>,
        instant: Instant,
    ) {
        let listed = matrix.services.listed();
        self.services = listed.map(|service| (service.id.to_string(), service.name.clone())).collect();
        self.choices = Dimension::LISTED
            .into_iter()
            .filter(|dimension| matrix.values_of(*dimension).len() > 1)
            .map(|dimension| Choice {
                key: dimension.key(),
                label: dimension.label(),
                given: self.question.of(dimension).to_owned(),
                values: matrix.values_of(dimension).to_vec(),
            })
            .collect();
        if self.question.service.is_empty() || self.problem.is_some() {
            return;
        }
        match asker.and_then(|asker| self.ask(matrix, &asker, instant)) {
            Ok(answer) => {
                self.row = answer.row.as_ref().and_then(|row| {
                    let n = matrix.draft.rows.iter().position(|other| other.id == row.id)?;
                    let line = lines.get(n).copied()?;
                    Some((line, text::write_row(&matrix.draft.rows[n])))
                });
                self.answer = Some(answer);
            }
            Err(unclear) => {
                let found = matrix.services.find(&self.question.service);
                let unknown = matrix.services.get(&self.question.service).is_none();
                let found = found.into_iter().filter(|_| unknown).take(5);
                self.near = found
                    .map(|found| {
                        let id = found.service.id.to_string();
                        Near { name: found.service.name.clone(), link: self.link(&id), id }
                    })
                    .collect();
                self.problem = Some(unclear);
            }
        }
    }

    fn ask(&self, matrix: &Matrix, asker: &Asker, instant: Instant) -> Result<Answer, Unclear> {
        let values = Values::new(matrix, |dimension| {
            Some(self.question.of(dimension)).filter(|text| !text.trim().is_empty())
        })?;
        let meant = ask::meant(&matrix.services, &self.question.service)?;
        let mut answer = asker.answer(meant.service, &values, instant.at)?;
        answer.notes = meant.note.into_iter().chain(instant.note).chain(answer.notes).collect();
        Ok(answer)
    }

    /// The same question about another service.
    fn link(&self, service: &str) -> String {
        let mut link = format!("?service={}&at={}", ask_encoded(service), ask_encoded(&self.question.at));
        for dimension in Dimension::LISTED {
            let given = self.question.of(dimension);
            if !given.is_empty() {
                link = format!("{link}&{}={}", dimension.key(), ask_encoded(given));
            }
        }
        link
    }
}

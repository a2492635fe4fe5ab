//! The table of impact and urgency.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use remit_web::layout::{Link, Shell};
use remit_web::{Error, Form};

use super::super::{Impact, Priority, PriorityTable, Urgency, priorities, set_priorities};
use crate::people::Permission;
use crate::site::{Signed, Site, chrome, shell, told};

const CELLS: [&str; 9] = [
    "high-high",
    "high-medium",
    "high-low",
    "medium-high",
    "medium-medium",
    "medium-low",
    "low-high",
    "low-medium",
    "low-low",
];

#[derive(Template)]
#[template(path = "tickets/priorities.html")]
struct Page<'p> {
    table: PriorityTable,
    form: &'p Form,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "templates pass what they show by reference")]
impl Page<'_> {
    fn cell(impact: &Impact, urgency: &Urgency) -> &'static str {
        CELLS[*impact as usize * 3 + *urgency as usize]
    }

    /// What was chosen, else what holds.
    fn of(&self, impact: &Impact, urgency: &Urgency) -> Priority {
        let chosen = Priority::from_key(self.form.value(Self::cell(impact, urgency)));
        chosen.unwrap_or_else(|| self.table.of(*impact, *urgency))
    }
}

async fn page(site: &Site, signed: &Signed, form: &Form) -> Result<Shell, Error> {
    signed.caller.require(Permission::ManageSettings)?;
    let table = site.app.read(&signed.caller, |tx, _| priorities(tx)).await?;
    let mut chrome = chrome(signed, "Priorities", "/settings");
    chrome.crumbs.push(Link::new("Settings", "/settings"));
    Ok(shell(chrome, &Page { table, form }).status(form.status()))
}

pub(super) async fn show(State(site): State<Site>, signed: Signed) -> Result<Shell, Error> {
    page(&site, &signed, &Form::default()).await
}

pub(super) async fn change(
    State(site): State<Site>,
    signed: Signed,
    mut form: Form,
) -> Result<Response, Error> {
    signed.caller.require(Permission::ManageSettings)?;
    form.only(&CELLS)?;
    let mut cells = [[Priority::P4; 3]; 3];
    for (cell, name) in cells.iter_mut().flatten().zip(CELLS) {
        let Some(priority) = Priority::from_key(form.value(name)) else {
            return Err(Error::malformed("Choose a priority for each."));
        };
        *cell = priority;
    }
    let table = PriorityTable::new(cells);
    match site.app.write(&signed.caller, move |tx, act| set_priorities(tx, act, &table)).await {
        Ok(()) => Ok(Redirect::to("/settings/priorities").into_response()),
        Err(refused) => {
            told(&mut form, "cells", refused)?;
            Ok(page(&site, &signed, &form).await?.into_response())
        }
    }
}

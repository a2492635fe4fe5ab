//! Ready-made matrices: each way of sharing the work, as a draft that is sound as it stands.
//!
//! A template is a default row that covers everything and rows that refine it. The rows form a tree: any two are
//! apart or one lies inside the other, so no two can disagree, whatever arrangements are combined and whatever the
//! zone, the holidays and the hours are. Three ideas make them so:
//!
//! - **Tickets** (incidents, requests, problems, alerts) of the everyday services are owned by line, priority and
//!   hour, as `flow` says. **Planned work** (changes, tasks) on the same services is owned by service, as
//!   `duties` says, which follows the catalogue's typical owners.
//! - Services of other branches (projects, strategy, compliance ...) are owned by service, whatever the kind.
//! - Hours are only ever compared by their words. Whether the offshore team is on duty while the office is closed is
//!   worked out from both calendars, because the two zones may change their clocks on different days.
//!
//! ```
//! use remit_matrix::catalogue::Arrangement;
//! use remit_matrix::templates::{self, Offshore, TemplateOptions};
//!
//! let options = TemplateOptions::co_managed(
//!     "Harbor Dental",
//!     "America/Los_Angeles",
//!     &[Arrangement::Tier3Escalation, Arrangement::AfterHours],
//! )
//! .holidays(["US-CA"])
//! .offshore(Offshore::manila());
//! let draft = templates::draft(&options)?;
//! assert!(draft.rows.iter().any(|row| row.id == "after-hours.critical"));
//! # Ok::<(), templates::TemplateError>(())
//! ```

mod conditions;
mod direct;
mod duties;
mod error;
mod flow;
mod options;
mod owner;
mod people;
mod plan;
mod shape;
mod team;
mod wording;

#[cfg(test)]
mod tests;

pub use error::TemplateError;
pub use options::{Offshore, TemplateOptions, Vendor};
pub use shape::{Shape, shapes};

use crate::draft::{Draft, FORMAT, ValuesDraft};
use plan::Plan;

/// The draft of a matrix for these options: sound over any horizon in which its calendars keep their shape.
pub fn draft(options: &TemplateOptions) -> Result<Draft, TemplateError> {
    let plan = Plan::new(options)?;
    let mut rows = vec![duties::default_row(&plan)];
    rows.extend(flow::rows(&plan));
    rows.extend(duties::rows(&plan));
    let teams = people::teams(&plan, &rows)?;
    Ok(Draft {
        format: FORMAT,
        client: options.client.clone(),
        zone: options.zone.clone(),
        model: options.model,
        arrangements: plan.arrangements.clone(),
        version: 1,
        in_force_from: options.in_force_from.clone(),
        last_resort: people::LAST_RESORT.to_owned(),
        parties: people::parties(&plan, &teams),
        teams,
        calendars: plan.calendars(),
        values: ValuesDraft { site: options.sites.clone(), ..ValuesDraft::default() },
        services: Vec::new(),
        rows,
    })
}

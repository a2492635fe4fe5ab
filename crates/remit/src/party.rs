//! Parties and teams on the terminal.

use remit_draw::Hue;
use remit_draw::term::{letter, style};
use remit_matrix::ask::Owner;

use crate::table::plain;

/// The letter of a hue in its colour.
pub fn mark(hue: Hue) -> String {
    let style = style(hue);
    format!("{style}{}{style:#}", letter(hue))
}

/// `P Northwind: Service desk`, the letter in its colour.
pub fn marked(owner: &Owner) -> String {
    format!("{} {}", mark(owner.hue), words(owner))
}

/// `P Northwind: Service desk`, without colour.
pub fn lettered(owner: &Owner) -> String {
    format!("{} {}", letter(owner.hue), words(owner))
}

fn words(owner: &Owner) -> String {
    plain(&format!("{}: {}", owner.party_name, owner.team_name))
}

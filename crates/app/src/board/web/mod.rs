//! Pages: the board of a team, moving one of its cards, and the load of all teams.

mod board;
mod load;
mod moving;

use axum::Router;
use axum::routing::get;
use remit_core::Id;
use remit_web::Error;
use remit_web::layout::{Chrome, Link};

use super::{By, Spot};
use crate::people::{Membership, Team};
use crate::site::{Signed, Site, chrome};
use crate::tickets::Status;

pub(crate) fn routes() -> Router<Site> {
    Router::new()
        .route("/board", get(board::show))
        .route("/load", get(load::show))
        .route("/tickets/{number}/move", get(moving::ask).post(moving::go))
}

/// What is around these pages.
fn frame(signed: &Signed, title: &str) -> Chrome {
    let mut chrome = chrome(signed, title, "/tickets");
    chrome.crumbs.push(Link::new("Tickets", "/tickets"));
    chrome
}

/// Which board.
#[derive(Debug, Clone, Copy)]
struct Which {
    team: Option<Id<Team>>,
    by: By,
    /// Behind whom its people begin.
    after: Option<Id<Membership>>,
}

impl Which {
    /// As an address or a form says it.
    fn read(team: &str, by: &str, after: &str) -> Result<Self, Error> {
        let team = Some(team).filter(|text| !text.is_empty()).map(Id::parse).transpose();
        let after = Some(after).filter(|text| !text.is_empty()).map(Id::parse).transpose();
        Ok(Self {
            team: team.map_err(|_| Error::NotFound)?,
            by: By::from_key(by),
            after: after.map_err(|_| Error::malformed("This is not where the board goes on."))?,
        })
    }

    /// Its address, with what is said besides.
    fn address(self, besides: &[(&str, &str)]) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        if let Some(team) = self.team {
            query.append_pair("team", &team.to_string());
        }
        if self.by == By::Status {
            query.append_pair("by", self.by.key());
        }
        if let Some(after) = self.after {
            query.append_pair("after", &after.to_string());
        }
        query.extend_pairs(besides);
        let query = query.finish();
        if query.is_empty() { "/board".to_owned() } else { format!("/board?{query}") }
    }

    /// A column of it, as an address or a form names one.
    fn spot(self, text: &str) -> Result<Spot, Error> {
        let odd = || Error::malformed("There is no such column.");
        match self.by {
            By::Person if text.is_empty() => Ok(Spot::Worker(None)),
            By::Person => Id::parse(text).map(|who| Spot::Worker(Some(who))).map_err(|_| odd()),
            By::Status => Status::from_key(text).map(Spot::Status).ok_or_else(odd),
        }
    }
}

/// A figure that was counted to a limit.
fn counted(count: usize, most: u16) -> String {
    if count >= usize::from(most) { format!("{}+", most - 1) } else { count.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_counted_to_the_limit_says_that_there_may_be_more() {
        assert_eq!([0, 99, 100, 101].map(|count| counted(count, 100)), ["0", "99", "99+", "99+"]);
    }

    #[test]
    fn an_address_of_a_board_says_which_and_is_read_again() {
        let team = "team_01890a5d-ac96-774b-bcce-b302099a8057";
        let which = Which::read(team, "status", "").unwrap();
        assert_eq!(which.address(&[("moved", "7")]), format!("/board?team={team}&by=status&moved=7"));
        assert_eq!(which.spot("working").unwrap(), Spot::Status(Status::Working));
        assert!(which.spot("").is_err() && which.spot("none").is_err());
        let usual = Which::read("", "", "").unwrap();
        assert_eq!((usual.address(&[]).as_str(), usual.spot("").unwrap()), ("/board", Spot::Worker(None)));
        assert!(Which::read("none", "", "").is_err() && Which::read("", "", "none").is_err());
    }
}

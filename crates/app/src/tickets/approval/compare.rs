//! Whether what is kept of approvals holds together: each is decided as its answers say, waits for whom it should, and pauses its ticket.

use remit_core::Id;
use remit_db::{Tx, sql};
use uuid::Uuid;

use super::{Answer, Approval, ApprovalState, Tally, Verdict};
use crate::refused::Refused;

/// Approvals that are compared at once.
const PAGE: i64 = 500;

/// An approval as it is kept, with the status and number of its ticket.
type Kept = (Id<Approval>, ApprovalState, i64, Option<i64>, String, i64);
/// Who is asked: what they said, and whether their word is waited for.
type Word = (Option<Answer>, Option<i64>);

/// How many approvals there are, and what is wrong with which. That a ticket waits for none that is not there is seen with its clocks.
pub(crate) fn compare(tx: &mut Tx<'_, '_>) -> Result<(u64, Vec<String>), Refused> {
    let kept = sql!(
        "SELECT v.id, v.state, v.needed, v.look_at, t.status, t.number FROM approval v \
         JOIN ticket t ON t.provider_id = v.provider_id AND t.id = v.ticket_id \
         WHERE v.provider_id = $1 AND {reach: v.client_id} AND v.id > $2 ORDER BY v.id LIMIT $3"
    );
    let words = sql!(
        "SELECT answer, waits_until FROM approval_asked WHERE provider_id = $1 AND {reach: client_id} AND approval_id = $2 ORDER BY place"
    );
    let (mut seen, mut findings, mut after) = (0, Vec::new(), Uuid::nil());
    loop {
        let page: Vec<Kept> = tx.rows(kept, (after, PAGE))?;
        for one in &page {
            let words: Vec<Word> = tx.rows(words, (one.0,))?;
            findings.extend(amiss(one, &words));
        }
        seen += page.len() as u64;
        let Some((last, ..)) = page.last().filter(|_| page.len() as i64 == PAGE) else { break };
        after = last.uuid();
    }
    Ok((seen, findings))
}

fn amiss((_, state, needed, look, status, number): &Kept, words: &[Word]) -> Option<String> {
    let needed = usize::try_from(*needed).unwrap_or(usize::MAX);
    let tally = Tally::of(needed, words.iter().map(|(answer, _)| *answer));
    let waits = words.iter().filter(|(_, until)| until.is_some()).count();
    let open = *state == ApprovalState::Open;
    let decided = match state {
        ApprovalState::Granted => tally.verdict() == Verdict::Granted,
        ApprovalState::Refused => tally.verdict() == Verdict::Refused,
        ApprovalState::Open | ApprovalState::Lapsed | ApprovalState::Withdrawn => {
            tally.verdict() == Verdict::Undecided
        }
    };
    let why = if !decided {
        "it stands otherwise than its answers say"
    } else if !open && (waits > 0 || look.is_some()) {
        "it is over, and somebody's word is waited for"
    } else if open && (waits + tally.yes + tally.no != tally.of || look.is_none()) {
        "it is open, and nobody waits for a word that is missing"
    } else if open && status != "waiting-approval" {
        "it is open, and its ticket does not wait for it"
    } else {
        return None;
    };
    Some(format!("#{number}: an approval is {}: {why}; withdraw it and ask again, and tell us", state.name()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(state: ApprovalState, look: Option<i64>, status: &str) -> Kept {
        let id = Id::parse("0190a0c6-7d2b-7f00-8000-000000000001").expect("it is of version 7");
        (id, state, 1, look, status.to_owned(), 7)
    }

    #[test]
    fn what_does_not_hold_together_is_named() {
        let open = kept(ApprovalState::Open, Some(5), "waiting-approval");
        assert_eq!(amiss(&open, &[(None, Some(9))]), None);
        assert!(
            amiss(&open, &[(Some(Answer::Yes), None)])
                .unwrap()
                .contains("#7: an approval is open: it stands otherwise")
        );
        assert!(amiss(&open, &[(None, None)]).unwrap().contains("nobody waits"));
        let moved = kept(ApprovalState::Open, Some(5), "working");
        assert!(amiss(&moved, &[(None, Some(9))]).unwrap().contains("does not wait"));
        let unseen = kept(ApprovalState::Open, None, "waiting-approval");
        assert!(amiss(&unseen, &[(None, Some(9))]).unwrap().contains("nobody waits"));
        let granted = kept(ApprovalState::Granted, None, "working");
        assert_eq!(amiss(&granted, &[(Some(Answer::Yes), None), (None, None)]), None);
        assert!(amiss(&granted, &[(Some(Answer::No), None)]).unwrap().contains("stands otherwise"));
        assert!(amiss(&granted, &[(Some(Answer::Yes), None), (None, Some(9))]).unwrap().contains("is over"));
        let refused = kept(ApprovalState::Refused, None, "closed");
        assert_eq!(amiss(&refused, &[(Some(Answer::No), None)]), None);
        assert!(amiss(&refused, &[(None, None)]).unwrap().contains("stands otherwise"));
        let lapsed = kept(ApprovalState::Lapsed, Some(5), "working");
        assert!(amiss(&lapsed, &[(None, None)]).unwrap().contains("is over"));
    }
}

//! The way a ticket came: who handed it to whom, so that a hand-back knows where to go.

use serde::{Deserialize, Serialize};

/// How a ticket moved from one holder to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// To somebody who had not handed it to the present holder.
    Forward,
    /// Back to whoever handed it to the present holder.
    Back,
}

/// Those who handed the ticket on and still wait behind it, the latest last.
///
/// A hand-over puts the giver on the path and a hand-back takes the receiver off it again, so after A → B → A nobody waits
/// behind A, and a second A → B is a new hand-over, not a hand-back.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Path<H>(Vec<H>);

impl<H> Default for Path<H> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<H: Clone + Eq> Path<H> {
    /// Whoever a hand-back would go to; `None` when the holder is the first.
    pub fn giver(&self) -> Option<&H> {
        self.0.last()
    }

    /// How many hand-overs a chain of hand-backs could still undo.
    pub fn depth(&self) -> usize {
        self.0.len()
    }

    /// Records the move `from` → `to` and says which way it was.
    pub fn go(&mut self, from: H, to: &H) -> Way {
        if self.giver() == Some(to) {
            self.0.pop();
            Way::Back
        } else {
            self.0.push(from);
            Way::Forward
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_hand_over_to_the_same_team_is_not_a_hand_back() {
        let mut path = Path::default();
        assert_eq!(path.go('a', &'b'), Way::Forward);
        assert_eq!(path.go('b', &'a'), Way::Back);
        assert_eq!(path.go('a', &'b'), Way::Forward);
        assert_eq!((path.giver(), path.depth()), (Some(&'a'), 1));
    }

    #[test]
    fn hand_backs_retrace_the_whole_way() {
        let mut path = Path::default();
        path.go('a', &'b');
        path.go('b', &'c');
        assert_eq!(path.go('c', &'b'), Way::Back);
        assert_eq!(path.go('b', &'a'), Way::Back);
        assert_eq!(path.giver(), None);
    }

    #[test]
    fn returning_past_the_giver_is_a_move_forward() {
        let mut path = Path::default();
        path.go('a', &'b');
        path.go('b', &'c');
        assert_eq!(path.go('c', &'a'), Way::Forward);
        assert_eq!(path.giver(), Some(&'c'));
    }
}

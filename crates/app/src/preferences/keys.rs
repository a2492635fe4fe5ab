//! Every key that does something, in one list: the page that shows them, the form that changes them and the test that presses them go by it,
//! and a page may give an element no key that is not in it.

use std::collections::BTreeMap;

use crate::refused::Faults;

/// Where a key does something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// On every page.
    Everywhere,
    /// On lists.
    List,
    /// On the board.
    Board,
    /// On the page of a ticket.
    Ticket,
    /// On the pages of a matrix.
    Matrix,
    /// While somebody types. These cannot be changed.
    Typing,
}

impl Place {
    /// All, in the order in which they are shown.
    pub const ALL: [Self; 6] =
        [Self::Everywhere, Self::List, Self::Board, Self::Ticket, Self::Matrix, Self::Typing];

    /// For people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Everywhere => "On every page",
            Self::List => "On lists",
            Self::Board => "On the board",
            Self::Ticket => "On a ticket",
            Self::Matrix => "On a matrix",
            Self::Typing => "While you type",
        }
    }

    /// Whether a key can mean one thing here and another there.
    fn apart(self, other: Self) -> bool {
        self != other && self != Self::Everywhere && other != Self::Everywhere
    }
}

/// A key, or two that are pressed one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// Names it in forms and in the database.
    pub id: &'static str,
    /// What is pressed, as it comes: two keys have a blank between them.
    pub usual: &'static str,
    /// What it does.
    pub does: &'static str,
    /// Where.
    pub place: Place,
}

const fn key(id: &'static str, usual: &'static str, place: Place, does: &'static str) -> Key {
    Key { id, usual, does, place }
}

/// All of them.
pub const KEYS: &[Key] = &[
    key("go", "Ctrl+K", Place::Typing, "go to a page, a ticket, a client or a person; on a Mac with ⌘"),
    key("send", "Ctrl+Enter", Place::Typing, "send the form; on a Mac with ⌘"),
    key("leave", "Escape", Place::Typing, "leave the field"),
    key("keys", "?", Place::Everywhere, "show these keys"),
    key("search", "/", Place::Everywhere, "search"),
    key("why", "w", Place::Everywhere, "why: open the nearest reason"),
    key("tickets", "g t", Place::Everywhere, "go to tickets"),
    key("approvals", "g a", Place::Everywhere, "go to approvals"),
    key("notices", "g n", Place::Everywhere, "go to notices"),
    key("clients", "g c", Place::Everywhere, "go to clients"),
    key("promises", "g p", Place::Everywhere, "go to promises"),
    key("report", "g r", Place::Everywhere, "go to the report"),
    key("people", "g h", Place::Everywhere, "go to people"),
    key("audit", "g l", Place::Everywhere, "go to the audit log"),
    key("settings", "g s", Place::Everywhere, "go to settings"),
    key("you", "g y", Place::Everywhere, "go to your own page"),
    key("new", "n", Place::List, "a new one"),
    key("next", "j", Place::List, "the next of the list"),
    key("before", "k", Place::List, "the one before"),
    key("choose", "x", Place::List, "choose it, or not"),
    key("more", "m", Place::List, "more of the list"),
    key("narrow", "f", Place::List, "narrow the list down"),
    key("left", "←", Place::Board, "the column before"),
    key("right", "→", Place::Board, "the column after"),
    key("up", "↑", Place::Board, "the card above"),
    key("down", "↓", Place::Board, "the card below"),
    key("move", "v", Place::Board, "move the card"),
    key("write", "r", Place::Ticket, "write"),
    key("macro", "i", Place::Ticket, "choose a macro"),
    key("alike", "z", Place::Ticket, "show solved ones that are like it"),
    key("public", "1", Place::Ticket, "written for everybody"),
    key("teams", "2", Place::Ticket, "written for both IT teams"),
    key("party", "3", Place::Ticket, "written for your own side"),
    key("undo", "u", Place::Ticket, "take back what you have just sent"),
    key("accept", "a", Place::Ticket, "accept what is offered"),
    key("decline", "d", Place::Ticket, "decline it"),
    key("hand-on", "o", Place::Ticket, "hand it on"),
    key("next-line", "e", Place::Ticket, "take it to the next line"),
    key("hand-back", "b", Place::Ticket, "hand it back"),
    key("status", "s", Place::Ticket, "where the work stands"),
    key("worker", "p", Place::Ticket, "who works on it"),
    key("clocks", "c", Place::Ticket, "its clocks"),
    key("follow", "l", Place::Ticket, "follow it, or not"),
];

/// Keys that somebody has changed, by the ids of them: what they press.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Keys(BTreeMap<&'static str, String>);

/// What can be changed.
fn known(id: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.id == id && key.place != Place::Typing)
}

/// One key, or two with a blank between them: letters, digits and signs as they come from a keyboard.
fn pressed(text: &str) -> Result<String, &'static str> {
    let keys: Vec<&str> = text.split_whitespace().collect();
    let single = |key: &&str| key.chars().count() == 1 && key.chars().all(|c| !c.is_control());
    match keys.as_slice() {
        [one] if single(one) => Ok((*one).to_owned()),
        [one, two] if single(one) && single(two) => Ok(format!("{one} {two}")),
        _ => Err("write one key, such as `n`, or two with a blank between them, such as `g t`"),
    }
}

impl Keys {
    /// What is pressed.
    pub fn of<'k>(&'k self, key: &'k Key) -> &'k str {
        self.0.get(key.id).map_or(key.usual, String::as_str)
    }

    /// Those that are changed, as an object for scripts: what is usual, and what is pressed. Nothing where nothing is.
    pub(crate) fn for_scripts(&self) -> Option<String> {
        let changed: BTreeMap<&str, &String> =
            self.0.iter().filter_map(|(id, own)| Some((known(id)?.usual, own))).collect();
        (!changed.is_empty()).then(|| serde_json::to_string(&changed).expect("texts are written"))
    }

    /// Out of the database. A key that a newer release took away is nobody's any more.
    pub(super) fn read(text: &str) -> Self {
        let changed = text.lines().filter_map(|line| {
            let (id, own) = line.split_once(' ')?;
            Some((known(id)?.id, own.to_owned()))
        });
        Self(changed.collect())
    }

    /// For the database.
    pub(super) fn written(&self) -> String {
        let lines: Vec<String> = self.0.iter().map(|(id, own)| format!("{id} {own}")).collect();
        lines.join("\n")
    }

    /// What somebody chose. What cannot be pressed, and what would do two things in one place, is told at its field.
    pub(super) fn chosen(keys: &[(String, String)], faults: &mut Faults) -> Self {
        let mut own = Self::default();
        for (id, wanted) in keys.iter().filter(|(_, wanted)| !wanted.trim().is_empty()) {
            let Some(key) = known(id) else {
                faults.take::<(), _>(field(id), Err("there is no such key"));
                continue;
            };
            let wanted = faults.take(field(id), pressed(wanted));
            if let Some(wanted) = wanted.filter(|wanted| wanted != key.usual) {
                own.0.insert(key.id, wanted);
            }
        }
        for key in own.0.keys().filter_map(|id| known(id)) {
            let others = KEYS.iter().filter(|other| other.place != Place::Typing && other.id != key.id);
            let taken = others
                .filter(|other| !key.place.apart(other.place))
                .find(|other| in_the_way(own.of(key), own.of(other)));
            if let Some(other) = taken {
                let why = format!("“{}” is there already: {}", own.of(other), other.does);
                faults.take::<(), _>(field(key.id), Err(why));
            }
        }
        own
    }
}

/// The name of the field of a key.
pub(super) fn field(id: &str) -> String {
    format!("key-{id}")
}

/// Whether two keys cannot both do something: they are the same, or one is the first half of the other.
fn in_the_way(one: &str, other: &str) -> bool {
    let begins = |long: &str, short: &str| long.strip_prefix(short).is_some_and(|rest| rest.starts_with(' '));
    one == other || begins(one, other) || begins(other, one)
}

//! What stands in a cell of a RACI grid.

/// What a party has to do with a duty.
#[expect(clippy::struct_excessive_bools, reason = "a cell can hold any combination of the letters")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Marks {
    pub accountable: bool,
    pub responsible: bool,
    pub consulted: bool,
    pub informed: bool,
    /// Takes over when the one in charge is away: "Backup", "Secondary".
    pub fallback: bool,
    /// The S of a RASCI grid: helps with the work.
    pub supports: bool,
}

impl Marks {
    /// Nothing: a blank cell, or a dash.
    pub const NONE: Marks = Marks {
        accountable: false,
        responsible: false,
        consulted: false,
        informed: false,
        fallback: false,
        supports: false,
    };

    /// Reads a cell; `None` when it is not understood.
    pub fn read(cell: &str) -> Option<Marks> {
        const NOTHING: [&str; 8] = ["", "-", "n/a", "na", "none", "no", "0", "n"];
        const TICKS: [char; 9] = ['✓', '✔', '✅', '●', '•', '■', '☑', '✗', '✘'];
        let cell = cell.trim().trim_matches(['*', '(', ')', '.', '–', '—']).to_lowercase();
        if NOTHING.contains(&cell.as_str()) {
            return Some(Marks::NONE);
        }
        if cell.contains(TICKS) && !cell.chars().any(char::is_alphanumeric) {
            return Some(Marks { accountable: true, responsible: true, ..Marks::NONE });
        }
        let mut marks = Marks::NONE;
        for word in cell.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
            marks.add(word)?;
        }
        Some(marks)
    }

    /// Whether the cell is made of letters alone, as a duty's line is and a header is not.
    pub fn is_letters(cell: &str) -> bool {
        let letters = cell.split(|c: char| !c.is_alphanumeric()).all(|word| word.len() <= 4);
        letters && Self::read(cell).is_some_and(|marks| marks != Marks::NONE)
    }

    fn add(&mut self, word: &str) -> Option<()> {
        match word {
            "accountable" | "approver" | "approves" => self.accountable = true,
            "responsible" | "does" | "performs" => self.responsible = true,
            "consulted" | "consult" | "advises" => self.consulted = true,
            "informed" | "inform" | "notified" => self.informed = true,
            "secondary" | "backup" | "alternate" | "fallback" => self.fallback = true,
            "support" | "supports" | "supporting" | "assists" => self.supports = true,
            "x" | "yes" | "y" | "owner" | "owns" | "primary" | "lead" | "leads" => {
                self.accountable = true;
                self.responsible = true;
            }
            "and" => {}
            _ if word.len() <= 5 => word.chars().try_for_each(|letter| self.letter(letter))?,
            _ => return None,
        }
        Some(())
    }

    fn letter(&mut self, letter: char) -> Option<()> {
        let mark = match letter {
            'a' => &mut self.accountable,
            'r' => &mut self.responsible,
            'c' => &mut self.consulted,
            'i' => &mut self.informed,
            's' => &mut self.supports,
            _ => return None,
        };
        if std::mem::replace(mark, true) { None } else { Some(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_read_however_they_are_joined() {
        let both = Marks { accountable: true, responsible: true, ..Marks::NONE };
        for cell in ["A/R", "R,A", "ra", " A & R ", "A + R", "X", "✓", "Primary", "owner", "R*, A"] {
            assert_eq!(Marks::read(cell), Some(both), "{cell}");
        }
        for cell in ["", "-", "n/a", "—", "None"] {
            assert_eq!(Marks::read(cell), Some(Marks::NONE), "{cell}");
        }
        assert_eq!(
            Marks::read("Consulted, I"),
            Some(Marks { consulted: true, informed: true, ..Marks::NONE })
        );
    }

    #[test]
    fn other_words_are_not_guessed() {
        for cell in ["shared", "ask Tom", "RR", "monthly", "A1", "24/7"] {
            assert_eq!(Marks::read(cell), None, "{cell}");
        }
    }
}

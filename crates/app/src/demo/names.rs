//! Names of invented people.

/// Gives one person after the other, all different within a company.
pub struct Names<'d> {
    n: usize,
    domain: &'d str,
}

const FIRST: [&str; 41] = [
    "Ana", "Joe", "Mara", "Ravi", "Lucia", "Tom", "Ines", "Paolo", "Grace", "Omar", "Yuki", "Ben", "Carla",
    "Dmitri", "Elena", "Femi", "Greta", "Hugo", "Isla", "Jamal", "Kira", "Liam", "Marisol", "Nadia", "Oscar",
    "Priya", "Quinn", "Rosa", "Samir", "Tessa", "Umar", "Vera", "Wen", "Ximena", "Yusuf", "Zoe", "Althea",
    "Bayani", "Corazon", "Dalisay", "Efren",
];
const LAST: [&str; 37] = [
    "Reyes",
    "Okafor",
    "Lindqvist",
    "Patel",
    "Moreau",
    "Castillo",
    "Nguyen",
    "Abara",
    "Keller",
    "Sato",
    "Ibrahim",
    "Novak",
    "Silva",
    "Hart",
    "Dubois",
    "Mendoza",
    "Larsen",
    "Achebe",
    "Rossi",
    "Tanaka",
    "Villanueva",
    "Cole",
    "Farouk",
    "Jansen",
    "Bautista",
    "Olsen",
    "Marsh",
    "Ferreira",
    "Quist",
    "Delgado",
    "Ueda",
    "Weber",
    "Santos",
    "Byrne",
    "Kowal",
    "Aquino",
    "Pham",
];

impl<'d> Names<'d> {
    pub fn new(n: usize, domain: &'d str) -> Self {
        Self { n, domain }
    }

    /// A name and an address. 41 and 37 have no common factor, so the pairs repeat after 1,517.
    pub fn next(&mut self) -> (String, String) {
        let (first, last) = (FIRST[self.n % FIRST.len()], LAST[self.n % LAST.len()]);
        self.n += 1;
        let email = format!("{}.{}@{}", first.to_lowercase(), last.to_lowercase(), self.domain);
        (format!("{first} {last}"), email)
    }
}

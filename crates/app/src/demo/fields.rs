//! What the provider asks of tickets besides.

use remit_db::Tx;

use crate::act::Act;
use crate::refused::Refused;
use crate::tickets::{Definition, Kind, Needed, Shape, Visibility, add_field};

/// A few that show what a field can be. Nothing is asked of incidents in general: their past has no answers.
pub(super) fn ask(tx: &mut Tx<'_, '_>, act: &Act) -> Result<(), Refused> {
    let field = |label: &str, hint: &str, shape: Shape| Definition {
        label: label.to_owned(),
        hint: hint.to_owned(),
        shape,
        kinds: Vec::new(),
        service: String::new(),
        needed: Needed::Never,
        read_by: Visibility::Public,
        place: 100,
    };
    let serial = field("Serial number", "On the back of the device.", Shape::Line);
    let day = field("Needed by", "Such as the first day of somebody new.", Shape::Date);
    let sum = Shape::Number { unit: "USD".to_owned(), least: Some("0".to_owned()), most: None };
    let cost = field("May cost", "Above that, ask again before anything is bought.", sum);
    let risks = ["low", "medium", "high"].map(str::to_owned).to_vec();
    let risk =
        field("Risk", "What can go wrong, and how far it would reach.", Shape::Choice { options: risks });
    let cause = field("Cause", "What it was in the end, in words that the next one finds.", Shape::Text);
    let inner = |of: Definition, kind| Definition {
        kinds: vec![kind],
        needed: Needed::Solving,
        read_by: Visibility::Teams,
        ..of
    };
    let of_requests = |of: Definition, place| Definition { kinds: vec![Kind::Request], place, ..of };
    for (key, new) in [
        ("serial_number", Definition { service: "devices".to_owned(), ..serial }),
        ("needed_by", of_requests(day, 10)),
        ("may_cost", of_requests(cost, 20)),
        ("risk", inner(risk, Kind::Change)),
        ("cause", inner(cause, Kind::Problem)),
    ] {
        add_field(tx, act, key, new)?;
    }
    Ok(())
}

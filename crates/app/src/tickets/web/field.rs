//! The provider's own fields: which there are, and filling them in.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use remit_core::Id;
use remit_db::{Tx, sql};
use remit_matrix::catalogue::Catalogue;
use remit_web::form::Control;
use remit_web::layout::{Link, Shell};
use remit_web::{Error, Form};

use super::super::visibility::Sight;
use super::super::{
    CustomField, Definition, Filling, Kind, Needed, Shape, Ticket, Value, Visibility, add_field,
    change_field, custody, custom_field, custom_fields, fill, retire_field, values,
};
use super::deed::worked;
use super::{frame, is_said};
use crate::act::Act;
use crate::clients::Client;
use crate::people::{Membership, Permission};
use crate::refused::Refused;
use crate::site::{CHANGED, Signed, Site, chrome, shell, told};

/// Before the names of fields in a form, and before what stood in them when it was shown.
pub(super) const GIVEN: &str = "fields.";
const WAS: &str = "was.";
/// What a field is said to be in its form.
const SAID: [&str; 13] = [
    "key", "label", "hint", "shape", "options", "unit", "least", "most", "kinds", "service", "needed",
    "read-by", "place",
];

/// A field as it is asked in a form.
pub(super) struct Ask {
    name: String,
    label: String,
    hint: String,
    shape: Shape,
    needed: bool,
    /// What can be chosen.
    options: Vec<(String, String)>,
}

impl Ask {
    /// It as a control.
    pub fn control<'a>(&'a self, form: &'a Form) -> Control<'a> {
        let control = match self.shape {
            Shape::Line => form.line(&self.name, &self.label),
            Shape::Number { .. } => form.line(&self.name, &self.label).decimal(),
            Shape::Date => form.line(&self.name, &self.label).input("date"),
            Shape::Text => form.area(&self.name, &self.label, 4),
            Shape::Choice { .. } | Shape::YesNo | Shape::Person => {
                let options = self.options.iter().map(|(key, words)| (key.as_str(), words.as_str()));
                form.choice(&self.name, &self.label, options)
            }
        };
        let control = if self.needed { control } else { control.optional() };
        control.hint(&self.hint)
    }

    fn of(field: &CustomField, people: &[(Id<Membership>, String)], needed: bool) -> Self {
        let Definition { label, hint, shape, .. } = &field.definition;
        let own = |text: &str| (text.to_owned(), text.to_owned());
        let mut options = match shape {
            Shape::Choice { options } => options.iter().map(|option| own(option)).collect(),
            Shape::YesNo => vec![own("yes"), own("no")],
            Shape::Person => people.iter().map(|(id, name)| (id.to_string(), name.clone())).collect(),
            _ => Vec::new(),
        };
        options.insert(0, (String::new(), "not said".to_owned()));
        let label = match shape {
            Shape::Number { unit, .. } if !unit.is_empty() => format!("{label} ({unit})"),
            _ => label.clone(),
        };
        Self {
            name: format!("{GIVEN}{}", field.key),
            label,
            hint: hint.clone(),
            shape: shape.clone(),
            needed,
            options,
        }
    }
}

/// People of a client.
pub(super) fn people(
    tx: &mut Tx<'_, '_>,
    client: Id<Client>,
) -> Result<Vec<(Id<Membership>, String)>, Refused> {
    let list = sql!(
        "SELECT id, name FROM membership WHERE provider_id = $1 AND {reach: client_id} AND client_id = $2 AND state <> 'left' \
         ORDER BY folded, id LIMIT 500"
    );
    Ok(tx.rows(list, (client,))?)
}

/// What whoever opens such a ticket is asked.
pub(super) fn asks(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    (client, kind, service): (Id<Client>, Kind, &str),
) -> Result<Vec<Ask>, Refused> {
    let works = matches!(Sight::of(act)?, Sight::Working(_));
    let mut fields = custom_fields(tx, act)?;
    fields.retain(|field| {
        field.is_asked_of(kind, service) && (works || field.definition.shape != Shape::Person)
    });
    let people = if fields.iter().any(|field| field.definition.shape == Shape::Person) {
        people(tx, client)?
    } else {
        Vec::new()
    };
    let ask = |field: &CustomField| Ask::of(field, &people, field.definition.needed == Needed::Opening);
    Ok(fields.iter().map(ask).collect())
}

/// What was filled into fields that are asked: others were asked of another kind of ticket, and are asked no more.
pub(super) fn given(form: &Form, asks: &[Ask]) -> BTreeMap<String, String> {
    let asked = |key: &str| asks.iter().any(|ask| ask.name.strip_prefix(GIVEN) == Some(key));
    form.under(GIVEN)
        .filter(|(key, _)| asked(key))
        .map(|(key, text)| (key.to_owned(), text.to_owned()))
        .collect()
}

/// Whether something is asked that the form did not show, because another kind or service was chosen since.
pub(super) fn asks_more(form: &Form, asks: &[Ask]) -> bool {
    let shown = |ask: &Ask| form.under("").any(|(name, _)| name == ask.name);
    !asks.iter().all(shown)
}

#[derive(Template)]
#[template(path = "tickets/fill.html")]
struct FillPage<'p> {
    ticket: &'p Ticket,
    form: &'p Form,
    asks: Vec<Ask>,
    /// What stands in each when the form is shown, to see what somebody else changes meanwhile.
    was: Vec<(String, String)>,
}

async fn fill_page(site: &Site, signed: &Signed, number: i64, typed: Option<&Form>) -> Result<Shell, Error> {
    let id = worked(site, signed, number).await?.id;
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| {
        let ticket = custody::held(tx, act, id)?;
        let works = matches!(Sight::of(act)?, Sight::Working(_));
        let mut values = values(tx, act, &ticket)?;
        values.retain(|value| works || value.field.definition.shape != Shape::Person);
        let people = people(tx, ticket.client)?;
        Ok((ticket, values, people))
    };
    let (ticket, values, people): (Ticket, Vec<Value>, _) = site.app.read(&signed.caller, read).await?;
    let asked =
        |value: &Value| Ask::of(&value.field, &people, value.field.definition.needed != Needed::Never);
    let stands = |value: &Value| (format!("{GIVEN}{}", value.field.key), value.value.clone());
    let filled = Form::filled(values.iter().map(stands));
    let was = values.iter().map(|value| (format!("{WAS}{}", value.field.key), value.value.clone())).collect();
    let form = typed.unwrap_or(&filled);
    let mut chrome = frame(signed, &ticket);
    chrome.crumbs.push(Link::new(format!("#{number}"), format!("/tickets/{number}")));
    let page = FillPage { ticket: &ticket, form, asks: values.iter().map(asked).collect(), was };
    Ok(shell(chrome, &page).status(form.status()))
}

pub(super) async fn ask_fill(
    State(site): State<Site>,
    signed: Signed,
    Path(number): Path<i64>,
) -> Result<Shell, Error> {
    fill_page(&site, &signed, number, None).await
}

pub(super) async fn fill_in(
    State(site): State<Site>,
    signed: Signed,
    Path(number): Path<i64>,
    mut form: Form,
) -> Result<Response, Error> {
    let id = worked(&site, &signed, number).await?.id;
    form.only_and(&[], &[GIVEN, WAS])?;
    let was: BTreeMap<&str, &str> = form.under(WAS).collect();
    let filling = |(key, to): (&str, &str)| Filling {
        key: key.to_owned(),
        was: was.get(key).map(|was| (*was).to_owned()),
        to: to.to_owned(),
    };
    let given: Vec<Filling> = form.under(GIVEN).map(filling).collect();
    match site.app.write(&signed.caller, move |tx, act| fill(tx, act, id, &given)).await {
        Ok(_) => Ok(Redirect::to(&format!("/tickets/{number}")).into_response()),
        Err(refused) if is_said(&refused) => {
            match refused {
                Refused::Stale => form.wrong(GIVEN, CHANGED),
                other => told(&mut form, GIVEN, other)?,
            }
            Ok(fill_page(&site, &signed, number, Some(&form)).await?.into_response())
        }
        Err(refused) => Err(refused.into()),
    }
}

#[derive(Template)]
#[template(path = "tickets/fields.html")]
struct ListPage {
    fields: Vec<CustomField>,
}

impl ListPage {
    fn asked_of(field: &CustomField) -> String {
        let Definition { kinds, service, .. } = &field.definition;
        let kinds: Vec<&str> = kinds.iter().map(|kind| kind.name()).collect();
        match (kinds.is_empty(), service.is_empty()) {
            (true, true) => "every ticket".to_owned(),
            (true, false) => format!("every ticket about {service}"),
            (false, true) => kinds.join(", "),
            (false, false) => format!("{} about {service}", kinds.join(", ")),
        }
    }
}

pub(super) async fn list(State(site): State<Site>, signed: Signed) -> Result<Shell, Error> {
    signed.caller.require(Permission::ManageSettings)?;
    let fields = site.app.read(&signed.caller, custom_fields).await?;
    let mut chrome = chrome(&signed, "Fields", "/settings");
    chrome.crumbs.push(Link::new("Settings", "/settings"));
    Ok(shell(chrome, &ListPage { fields }))
}

#[derive(Template)]
#[template(path = "tickets/field.html")]
struct FieldPage<'p> {
    /// None where it is new.
    field: Option<CustomField>,
    form: &'p Form,
    services: Vec<(String, String)>,
}

impl FieldPage<'_> {
    /// The shapes that it can have: of one that is there, its own.
    fn shapes(&self) -> impl Iterator<Item = (&str, &str)> {
        let own = self.field.as_ref().map(|field| field.definition.shape.key());
        Shape::KEYS.into_iter().filter(move |(key, _)| own.is_none_or(|own| own == *key))
    }

    fn readers<'k>() -> impl Iterator<Item = (&'k str, &'k str)> {
        [("public", "everybody who sees the ticket"), ("teams", "both IT teams alone")].into_iter()
    }

    fn is_shape(&self, key: &str) -> bool {
        self.field.as_ref().is_none_or(|field| field.definition.shape.key() == key)
    }
}

fn field_page(signed: &Signed, field: Option<CustomField>, form: &Form) -> Shell {
    let title = field.as_ref().map_or("New field", |field| field.definition.label.as_str()).to_owned();
    let mut chrome = chrome(signed, &title, "/settings");
    chrome.crumbs.push(Link::new("Settings", "/settings"));
    chrome.crumbs.push(Link::new("Fields", "/settings/fields"));
    let services = Catalogue::builtin().listed();
    let services = services.map(|service| (service.id.to_string(), service.name.clone())).collect();
    shell(chrome, &FieldPage { field, form, services }).status(form.status())
}

pub(super) async fn ask_new(signed: Signed) -> Result<Shell, Error> {
    signed.caller.require(Permission::ManageSettings)?;
    let usual = [("shape", "line"), ("needed", "never"), ("read-by", "public"), ("place", "100")];
    Ok(field_page(&signed, None, &Form::filled(usual)))
}

/// What was typed, or none where something is to be mended.
fn read(form: &mut Form) -> Option<Definition> {
    let text = |name: &str| form.value(name).to_owned();
    let bound = |name: &str| Some(text(name)).filter(|text| !text.trim().is_empty());
    let shape = match form.value("shape") {
        "line" => Some(Shape::Line),
        "text" => Some(Shape::Text),
        "number" => Some(Shape::Number { unit: text("unit"), least: bound("least"), most: bound("most") }),
        "date" => Some(Shape::Date),
        "choice" => {
            Some(Shape::Choice { options: form.value("options").lines().map(str::to_owned).collect() })
        }
        "yes-no" => Some(Shape::YesNo),
        "person" => Some(Shape::Person),
        _ => None,
    };
    let kinds: Option<Vec<Kind>> = form.values("kinds").map(Kind::from_key).collect();
    let (label, hint, service) = (text("label"), text("hint"), text("service"));
    let needed = Needed::from_key(form.value("needed"));
    let read_by = Visibility::from_key(form.value("read-by"));
    let place: Option<i64> = form.parsed("place");
    for (name, is_there) in [
        ("shape", shape.is_some()),
        ("kinds", kinds.is_some()),
        ("needed", needed.is_some()),
        ("read-by", read_by.is_some()),
    ] {
        if !is_there {
            form.wrong(name, "Choose one of the list.");
        }
    }
    Some(Definition {
        label,
        hint,
        shape: shape?,
        kinds: kinds?,
        service,
        needed: needed?,
        read_by: read_by?,
        place: place?,
    })
}

/// The form again, with what is wrong; or the list, where it was kept.
fn kept(
    signed: &Signed,
    (field, mut form): (Option<CustomField>, Form),
    done: Result<CustomField, Refused>,
) -> Result<Response, Error> {
    match done {
        Ok(_) => Ok(Redirect::to("/settings/fields").into_response()),
        Err(Refused::Stale) => {
            form.wrong("label", CHANGED);
            Ok(field_page(signed, field, &form).into_response())
        }
        Err(refused) => {
            told(&mut form, "label", refused)?;
            Ok(field_page(signed, field, &form).into_response())
        }
    }
}

pub(super) async fn make(
    State(site): State<Site>,
    signed: Signed,
    mut form: Form,
) -> Result<Response, Error> {
    signed.caller.require(Permission::ManageSettings)?;
    form.only(&SAID)?;
    let Some(new) = read(&mut form) else { return Ok(field_page(&signed, None, &form).into_response()) };
    let key = form.value("key").to_owned();
    let done = site.app.write(&signed.caller, move |tx, act| add_field(tx, act, &key, new)).await;
    kept(&signed, (None, form), done)
}

/// The field of a page, for those who may change it.
async fn named(site: &Site, signed: &Signed, id: Id<CustomField>) -> Result<CustomField, Error> {
    signed.caller.require(Permission::ManageSettings)?;
    Ok(site.app.read(&signed.caller, move |tx, act| custom_field(tx, act, id)).await?)
}

pub(super) async fn show(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<CustomField>>,
) -> Result<Shell, Error> {
    let field = named(&site, &signed, id).await?;
    let Definition { label, hint, shape, kinds, service, needed, read_by, place } = field.definition.clone();
    let mut said: Vec<(&str, String)> = vec![
        ("label", label),
        ("hint", hint),
        ("shape", shape.key().to_owned()),
        ("service", service),
        ("needed", needed.key().to_owned()),
        ("read-by", read_by.key().to_owned()),
        ("place", place.to_string()),
        ("version", field.version.to_string()),
    ];
    said.extend(kinds.iter().map(|kind| ("kinds", kind.key().to_owned())));
    match shape {
        Shape::Choice { options } => said.push(("options", options.join("\n"))),
        Shape::Number { unit, least, most } => {
            said.extend([
                ("unit", unit),
                ("least", least.unwrap_or_default()),
                ("most", most.unwrap_or_default()),
            ]);
        }
        _ => {}
    }
    Ok(field_page(&signed, Some(field), &Form::filled(said)))
}

pub(super) async fn change(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<CustomField>>,
    mut form: Form,
) -> Result<Response, Error> {
    let field = named(&site, &signed, id).await?;
    form.only(&[SAID.as_slice(), &["version"]].concat())?;
    let version: i64 = form.given("version")?;
    let Some(new) = read(&mut form) else {
        return Ok(field_page(&signed, Some(field), &form).into_response());
    };
    let done = site.app.write(&signed.caller, move |tx, act| change_field(tx, act, (id, version), new)).await;
    kept(&signed, (Some(field), form), done)
}

pub(super) async fn retire(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<CustomField>>,
    form: Form,
) -> Result<Response, Error> {
    let field = named(&site, &signed, id).await?;
    form.only(&[])?;
    let retired = !field.retired;
    site.app.write(&signed.caller, move |tx, act| retire_field(tx, act, id, retired)).await?;
    Ok(Redirect::to("/settings/fields").into_response())
}

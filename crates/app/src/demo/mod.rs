//! A believable provider and its clients, to look around in. Everybody in it is invented.
//!
//! It is made by the same verbs as anything else, so it is also a test of them: every matrix is sound and signed by both sides, one client
//! has a draft with a hole, one is on its way from one model to the other.

mod approvals;
mod checklists;
mod fields;
mod macros;
mod names;
mod past;
mod places;
mod plans;
mod promises;
mod requests;
mod story;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use remit_core::{Date, Id, Millis, Zone};
use remit_db::{Tx, sql, system_sql};
use remit_matrix::draft::ServiceModel;
use remit_matrix::templates::{self, Offshore, TemplateOptions, Vendor};
use remit_matrix::text;

use crate::App;
use crate::act::{Act, Caller};
use crate::clients::{self, Agreement, Client};
use crate::matrix;
use crate::people::{self, Invitation, Member, Party, PartyKind, Provider, Role};
use crate::refused::Refused;
use crate::tickets;
use names::Names;
pub use past::{Incident, Log, Moment};
use story::{CLIENTS, PROVIDER, STAFF, Story, VENDORS, ZONE};

/// What was made.
#[derive(Debug, Clone)]
pub struct Demo {
    /// The provider.
    pub provider: Id<Provider>,
    /// One membership for each role, to sign in as.
    pub roles: Vec<Member>,
}

/// Somebody who reaches some clients alone, and which.
type Limited = (Member, Vec<Id<Client>>);

/// All of it, for what is to be told of it.
#[derive(Debug, Clone)]
struct Made {
    demo: Demo,
    manager: Member,
    staff: Vec<Member>,
    limited: Vec<Limited>,
    /// As they stand in the story.
    clients: Vec<MadeClient>,
}

/// A client with its people.
#[derive(Debug, Clone)]
struct MadeClient {
    id: Id<Client>,
    people: Vec<Member>,
    /// Of its draft.
    version: i64,
}

impl Made {
    /// Everybody.
    fn people(&self) -> Vec<Member> {
        let clients = self.clients.iter().flat_map(|client| &client.people);
        let limited = self.limited.iter().map(|(member, _)| member);
        self.staff.iter().chain(limited).chain(clients).cloned().collect()
    }
}

/// Makes the provider with all its clients in an empty database. Nothing has been asked of it yet.
pub async fn make(app: &App) -> Result<Demo, Refused> {
    let made = found(app).await?;
    go_on(app, &made).await?;
    Ok(made.demo)
}

/// The same with a past: the incidents of a log, from a year ago until now. `tell` hears how many steps are done, and how many there are about
/// to be.
pub async fn make_with_past(
    app: &App,
    log: Log,
    tell: &mut (dyn FnMut(u64, u64) + Send),
) -> Result<Demo, Refused> {
    let log = Arc::new(log);
    let made = found(&app.as_of(past::start(&log, app.now()))).await?;
    past::fill(app, &made, log, tell).await?;
    approvals::ask(app, &made).await?;
    go_on(app, &made).await?;
    Ok(made.demo)
}

/// The provider, its people and clients, each with a matrix that both sides have signed.
async fn found(app: &App) -> Result<Made, Refused> {
    let (provider, party) = app.found(PROVIDER, ZONE).await?;
    let operator = Caller::operator(provider);
    let (staff, vendors) = app.write(&operator, move |tx, act| staff(tx, act, party)).await?;
    let manager =
        staff.iter().find(|member| member.role == Role::ServiceManager).cloned().ok_or(Refused::NotFound)?;
    app.write(&operator, |tx, act| {
        // A year and a half: tickets of the demo go back so far.
        promises::promise(tx, act, (ZONE, act.at - Millis::from_hours(24 * 550)))?;
        fields::ask(tx, act)?;
        approvals::rule(tx, act)?;
        checklists::write_down(tx, act)?;
        macros::write_down(tx, act)?;
        requests::write_down(tx, act)
    })
    .await?;
    let mut roles: Vec<Member> = one_of_each(&staff);
    let mut clients = Vec::new();
    for (n, story) in CLIENTS.iter().enumerate() {
        let manager = manager.clone();
        let made = app.write(&operator, move |tx, act| client(tx, act, story, n, &manager)).await?;
        // The co-managed client with most to look at stands for the roles of clients.
        if story.shown {
            roles.extend(one_of_each(&made.people));
        }
        clients.push(made);
    }
    for made in &clients {
        let internal = made.people.iter().filter(|member| member.role == Role::ClientIt).cloned();
        let internal: Vec<Member> = internal.collect();
        app.write(&operator, move |tx, act| places::internal_teams(tx, act, &internal)).await?;
    }
    let (own, reached) = (staff.clone(), clients.iter().map(|client| client.id).collect::<Vec<_>>());
    let limited = app
        .write(&operator, move |tx, act| {
            let limited = limited(tx, act, (party, vendors), &reached, own.len())?;
            let abroad: Vec<Member> = limited.iter().map(|(member, _)| member.clone()).collect();
            places::teams(tx, act, party, &[own, abroad].concat())?;
            Ok(limited)
        })
        .await?;
    roles.extend(one_of_each(&limited.iter().map(|(member, _)| member.clone()).collect::<Vec<_>>()));
    roles.sort_by_key(|member| member.role);
    Ok(Made { demo: Demo { provider, roles }, manager, staff, limited, clients })
}

/// What is under way now: a client that changes over, a draft with a hole.
async fn go_on(app: &App, made: &Made) -> Result<(), Refused> {
    let made = made.clone();
    let operator = Caller::operator(made.demo.provider);
    let go_on = move |tx: &mut Tx<'_, '_>, act: &Act| {
        let told = CLIENTS.iter().zip(&made.clients);
        let today = Zone::utc().local(act.at).date();
        let by_hand = checklists::by_hand(&tickets::checklists(tx, act)?);
        told.enumerate().try_for_each(|(n, (story, client))| {
            plans::plan(tx, act, client, today)?;
            if let Some(by_hand) = by_hand {
                checklists::go_through(tx, act, (&made, client), by_hand)?;
            }
            under_way(tx, act, (story, n, &made.manager), client)
        })
    };
    app.write(&operator, go_on).await
}

/// The demo that is there already, if any.
pub async fn find(app: &App) -> Result<Option<Demo>, Refused> {
    let why = "the demo is found before anybody is in a scope";
    app.db
        .system_read(why, |tx| {
            let provider = system_sql!("SELECT provider_id FROM provider WHERE name = $1 ORDER BY provider_id LIMIT 1");
            let Some((provider,)) = tx.find::<(Id<Provider>,), _>(provider, (PROVIDER,))? else { return Ok(None) };
            // What is under way is told last.
            let changes_over = CLIENTS.iter().find(|story| story.next.is_some()).map_or("", |story| story.name);
            let versions = system_sql!(
                "SELECT COUNT(*) FROM matrix_version v JOIN client c ON c.provider_id = v.provider_id AND c.id = v.client_id \
                 WHERE v.provider_id = $1 AND c.name = $2"
            );
            let (versions,): (i64,) = tx.find(versions, (provider, changes_over))?.unwrap_or_default();
            if versions < 2 {
                let why = "the demo in this folder was ended before it was made: remove the folder and start it again";
                return Err(Refused::Conflict(why.to_owned()));
            }
            let shown = CLIENTS.iter().find(|story| story.shown).map_or("", |story| story.name);
            let mut roles = Vec::new();
            for role in Role::ALL {
                let member = system_sql!(
                    "SELECT m.id, m.party_id, m.client_id, m.role, m.name, m.email, m.state, m.everywhere FROM membership m \
                     LEFT JOIN client c ON c.provider_id = m.provider_id AND c.id = m.client_id WHERE m.provider_id = $1 \
                     AND m.role = $2 AND (m.client_id IS NULL OR c.name = $3) AND m.state IN ('invited', 'active') \
                     ORDER BY m.created_at, m.id LIMIT 1"
                );
                roles.extend(tx.find::<Member, _>(member, (provider, role.key(), shown))?);
            }
            Ok(Some(Demo { provider, roles }))
        })
        .await
}

fn one_of_each(people: &[Member]) -> Vec<Member> {
    Role::ALL.iter().filter_map(|role| people.iter().find(|member| member.role == *role).cloned()).collect()
}

/// Somebody in a party.
fn add(tx: &mut Tx<'_, '_>, act: &Act, invitation: &Invitation) -> Result<Member, Refused> {
    // They are invented: nobody is to get mail.
    let (id, _) = people::admit(tx, act, invitation)?;
    // All but one in eight have been here before.
    if !id.uuid().as_u128().is_multiple_of(8) {
        let set = sql!(
            "UPDATE membership SET state = 'active' WHERE provider_id = $1 AND {reach?: client_id} AND id = $2"
        );
        tx.exec(set, (id,))?;
    }
    people::member(tx, act, id)
}

fn staff(tx: &mut Tx<'_, '_>, act: &Act, party: Id<Party>) -> Result<(Vec<Member>, Vec<Id<Party>>), Refused> {
    let mut names = Names::new(0, "lanternworks.example");
    let mut staff = Vec::new();
    for (role, count) in STAFF {
        for _ in 0..*count {
            let (name, email) = names.next();
            let invitation =
                Invitation { party, role: *role, name, email, everywhere: true, clients: Vec::new() };
            staff.push(add(tx, act, &invitation)?);
        }
    }
    let found = VENDORS.iter().map(|(slug, name)| people::found_party(tx, act, name, slug));
    Ok((staff, found.collect::<Result<_, _>>()?))
}

/// Technicians abroad and contacts of vendors, who reach some of the clients.
fn limited(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    (party, vendors): (Id<Party>, Vec<Id<Party>>),
    clients: &[Id<Client>],
    from: usize,
) -> Result<Vec<Limited>, Refused> {
    let mut made = Vec::new();
    let mut names = Names::new(from, "lanternworks.example");
    for n in 0..8 {
        let (name, email) = names.next();
        // All but every third client.
        let clients: Vec<Id<Client>> =
            clients.iter().enumerate().filter(|(i, _)| (i + n) % 3 != 0).map(|(_, id)| *id).collect();
        let (role, reach) = (Role::OffshoreTechnician, clients.clone());
        made.push((
            add(tx, act, &Invitation { party, role, name, email, everywhere: false, clients })?,
            reach,
        ));
    }
    for ((slug, _), party) in VENDORS.iter().zip(vendors) {
        let domain = format!("{slug}.example");
        let mut names = Names::new(made.len() * 5, &domain);
        let (name, email) = names.next();
        let clients: Vec<Id<Client>> = clients.iter().step_by(3).copied().collect();
        let (role, reach) = (Role::VendorContact, clients.clone());
        made.push((
            add(tx, act, &Invitation { party, role, name, email, everywhere: false, clients })?,
            reach,
        ));
    }
    Ok(made)
}

fn client(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    story: &'static Story,
    n: usize,
    manager: &Member,
) -> Result<MadeClient, Refused> {
    let id = clients::create(tx, act, story.name, story.zone)?;
    let people = people_of(tx, act, story, (id, n))?;
    places::furnish(tx, act, story, (id, n), &people)?;
    let today = today(act, story)?;
    let first = first_agreement(story, n, today);
    clients::agree(tx, act, id, &first)?;
    let sound = text::write(&draft_of(story, &first)?);
    matrix::start(tx, act, id, &sound)?;
    let version = signed(tx, act, (id, 1), today, (manager, &people))?;
    Ok(MadeClient { id, people, version })
}

fn today(act: &Act, story: &Story) -> Result<Date, Refused> {
    let zone = Zone::parse(story.zone).map_err(|e| Refused::Conflict(e.to_string()))?;
    Ok(zone.local(act.at).date())
}

fn first_agreement(story: &Story, n: usize, today: Date) -> Agreement {
    Agreement {
        model: story.model(),
        arrangements: story.arrangements.to_vec(),
        starts_on: today.saturating_sub(story::since(n)),
        tier: story.tier().to_owned(),
    }
}

fn under_way(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    (story, n, manager): (&Story, usize, &Member),
    client: &MadeClient,
) -> Result<(), Refused> {
    let (id, mut version, today) = (client.id, client.version, today(act, story)?);
    if let Some(next) = story.next {
        // On its way: agreed and signed for a day to come.
        let day = today.saturating_add(story::until());
        let next = Agreement {
            model: ServiceModel::CoManaged,
            arrangements: next.to_vec(),
            starts_on: day,
            tier: story.tier().to_owned(),
        };
        clients::agree(tx, act, id, &next)?;
        version = matrix::edit(tx, act, id, version, &text::write(&draft_of(story, &next)?))?;
        version = signed(tx, act, (id, version), day, (manager, &client.people))?;
    }
    if story.hole {
        let mut draft = draft_of(story, &first_agreement(story, n, today))?;
        // A simpler split by the clock, in which both sides believe that the other has the holidays.
        draft.rows.retain(|row| row.id == "default");
        let mut nights = draft.rows[0].clone();
        draft.rows[0].time = Some("office".to_owned());
        "nights".clone_into(&mut nights.id);
        nights.time = Some("not office and not holidays(office)".to_owned());
        "provider".clone_into(&mut nights.accountable);
        "on-call".clone_into(&mut nights.responsible);
        draft.rows.push(nights);
        matrix::edit(tx, act, id, version, &text::write(&draft))?;
    }
    Ok(())
}

fn people_of(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    story: &Story,
    (client, n): (Id<Client>, usize),
) -> Result<Vec<Member>, Refused> {
    let parties = people::list_parties(tx, Some(client))?;
    let party = parties.iter().find(|(_, kind, _)| *kind == PartyKind::Internal).ok_or(Refused::NotFound)?.0;
    let mut names = Names::new(40 + n * 29, story.domain);
    let mut made = Vec::new();
    let counts = [
        (Role::ClientIt, story.internal_it),
        (Role::ClientApprover, 1),
        (Role::ClientLeadership, 2),
        (Role::Requester, 18 + n % 5),
    ];
    for (role, count) in counts {
        for _ in 0..count {
            let (name, email) = names.next();
            let clients = Vec::new();
            made.push(add(tx, act, &Invitation { party, role, name, email, everywhere: false, clients })?);
        }
    }
    Ok(made)
}

/// The matrix that a template gives for an agreement.
fn draft_of(story: &Story, agreement: &Agreement) -> Result<remit_matrix::Draft, Refused> {
    let options = match agreement.model {
        ServiceModel::FullyManaged => TemplateOptions::fully_managed(story.name, story.zone),
        ServiceModel::CoManaged => {
            TemplateOptions::co_managed(story.name, story.zone, &agreement.arrangements)
        }
    };
    let options =
        options.names(PROVIDER, &format!("{} IT", story.name)).holidays(story.holidays.iter().copied());
    let options = options.vendor(Vendor::isp("Bayline Internet"));
    let options = if story.offshore { options.offshore(Offshore::manila()) } else { options };
    templates::draft(&options).map_err(|error| Refused::Conflict(error.to_string()))
}

/// Proposes the draft for a day and has both sides sign it. Says the draft's version, which stays.
fn signed(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    (client, version): (Id<Client>, i64),
    day: Date,
    (manager, people): (&Member, &[Member]),
) -> Result<i64, Refused> {
    let text = matrix::draft(tx, act, client)?.ok_or(Refused::NotFound)?.text;
    let proposed = matrix::propose(tx, act, client, version, &matrix::check(&text, day))?;
    let hash = matrix::find(tx, act, proposed)?.hash;
    let approver =
        people.iter().find(|member| member.role == Role::ClientApprover).ok_or(Refused::NotFound)?;
    for member in [manager, approver] {
        let act = Act { caller: Caller::member(act.caller.provider, None, member), ..act.clone() };
        matrix::sign(tx, &act, proposed, &hash)?;
    }
    Ok(version)
}

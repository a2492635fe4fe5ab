//! Who is there: the demo with its twelve clients, and as many more that live by the same matrices.

use std::collections::BTreeMap;

use remit_app::clients::{self, Client};
use remit_app::people::{self, Invitation, Member, Party, PartyKind, Provider, Role, Team};
use remit_app::{Act, App, Caller, Refused, demo, matrix};
use remit_core::{Id, Zone};
use remit_db::Tx;

/// Clients altogether.
const CLIENTS: usize = 60;
/// People of a client that are read at once.
const PAGE: u16 = 500;

/// A client and whoever asks for help there.
#[derive(Debug, Clone)]
pub struct Company {
    /// It.
    pub id: Id<Client>,
    /// Its people who ask.
    pub requesters: Vec<Member>,
}

/// Everybody.
#[derive(Debug, Clone)]
pub struct Cast {
    /// The provider.
    pub provider: Id<Provider>,
    /// Its clients.
    pub companies: Vec<Company>,
    /// Who of a party works on tickets.
    pub workers: BTreeMap<Id<Party>, Vec<Member>>,
    /// The provider's team that most tickets come to, and one that they are handed on to.
    pub teams: [Id<Team>; 2],
    /// Somebody of both.
    pub technician: Member,
}

impl Cast {
    /// Makes them in an empty database.
    pub async fn make(app: &App) -> Result<Self, Refused> {
        let made = demo::make(app).await?;
        let by = Caller::operator(made.provider);
        let found = |role| made.roles.iter().find(|member| member.role == role).cloned();
        let manager = found(Role::ServiceManager).ok_or(Refused::NotFound)?;
        let technician = found(Role::Technician).ok_or(Refused::NotFound)?;
        let day = Zone::utc().local(app.now()).date();
        let known = app.read(&by, known).await?;
        for (n, (like, text)) in known.iter().cycle().take(CLIENTS - known.len()).enumerate() {
            let name = format!("Bench Company {n:02}");
            // A matrix names the client that it is of.
            let (text, manager) = (text.replace(like.as_str(), &name), manager.clone());
            let checked = matrix::check(&text, day);
            app.write(&by, move |tx, act| joins(tx, act, (n, &name, &text), (&checked, &manager))).await?;
        }
        let all = app.read(&by, everybody).await?;
        let technician = technician.id;
        app.write(&by, move |tx, act| {
            let technician = people::member(tx, act, technician)?;
            let teams = [
                team(tx, act, &technician, "Service desk")?,
                team(tx, act, &technician, "Engineers for servers, network and cloud")?,
            ];
            for team in teams {
                if !people::team_members(tx, act, team)?.iter().any(|member| member.id == technician.id) {
                    people::join_team(tx, act, team, technician.id)?;
                }
            }
            let (companies, workers) = all;
            Ok(Self { provider: act.caller.provider, companies, workers, teams, technician })
        })
        .await
    }

    /// Whoever speaks for a party: one of those who work there, or the operator where nobody is known.
    pub fn speaker(&self, party: Id<Party>, n: usize) -> Caller {
        match self.workers.get(&party) {
            Some(people) => Caller::member(self.provider, None, &people[n % people.len()]),
            None => Caller::operator(self.provider),
        }
    }
}

fn team(tx: &mut Tx<'_, '_>, act: &Act, of: &Member, name: &str) -> Result<Id<Team>, Refused> {
    let all = people::teams(tx, act)?;
    let found = all.iter().find(|team| team.party == of.party && team.name == name);
    found.map(|team| team.id).ok_or(Refused::NotFound)
}

/// Names of clients, each with the text of a sound matrix.
fn known(tx: &mut Tx<'_, '_>, act: &Act) -> Result<Vec<(String, String)>, Refused> {
    let mut found = Vec::new();
    for client in clients::list(tx, act, None, PAGE)? {
        let versions = matrix::history(tx, act, client.id)?;
        if let Some(first) = versions.into_iter().find(|version| version.number == 1) {
            found.push((client.name, first.text));
        }
    }
    Ok(found)
}

/// A client that lives by a matrix of another: five people who ask, two who work there, and both signatures.
fn joins(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    (n, name, text): (usize, &str, &str),
    (checked, manager): (&matrix::Checked, &Member),
) -> Result<(), Refused> {
    let client = clients::create(tx, act, name, "America/Los_Angeles")?;
    let parties = people::list_parties(tx, Some(client))?;
    let internal = parties.iter().find(|(_, kind, _)| *kind == PartyKind::Internal);
    let party = internal.ok_or(Refused::NotFound)?.0;
    let invite = |tx: &mut Tx<'_, '_>, role: Role, k: usize| {
        let name = format!("{} {k} of {n:02}", role.name());
        let email = format!("{}-{k}@bench-{n:02}.example", role.key());
        let invitation = Invitation { party, role, name, email, everywhere: false, clients: Vec::new() };
        people::invite(tx, act, &invitation)
    };
    let team = people::found_team(tx, act, party, "Internal IT", "America/Los_Angeles")?;
    for k in 0..2 {
        let member = invite(tx, Role::ClientIt, k)?;
        people::join_team(tx, act, team, member)?;
    }
    for k in 0..5 {
        invite(tx, Role::Requester, k)?;
    }
    let approver = invite(tx, Role::ClientApprover, 0)?;
    let approver = people::member(tx, act, approver)?;
    matrix::start(tx, act, client, text)?;
    let proposed = matrix::propose(tx, act, client, 1, checked)?;
    let hash = matrix::find(tx, act, proposed)?.hash;
    for member in [manager, &approver] {
        let mut signing = act.clone();
        signing.caller = Caller::member(act.caller.provider, None, member);
        matrix::sign(tx, &signing, proposed, &hash)?;
    }
    Ok(())
}

type Everybody = (Vec<Company>, BTreeMap<Id<Party>, Vec<Member>>);

fn everybody(tx: &mut Tx<'_, '_>, act: &Act) -> Result<Everybody, Refused> {
    let mut people: Vec<Member> = Vec::new();
    let mut after = None;
    loop {
        let page = people::list(tx, act, after, PAGE)?;
        let Some(last) = page.last() else { break };
        after = Some((last.name.to_lowercase(), last.id.uuid()));
        people.extend(page);
    }
    let mut workers: BTreeMap<Id<Party>, Vec<Member>> = BTreeMap::new();
    for member in &people {
        if matches!(member.role, Role::Technician | Role::ClientIt) {
            workers.entry(member.party).or_default().push(member.clone());
        }
    }
    let companies = clients::list(tx, act, None, PAGE)?.into_iter().map(|client| {
        let asks = |member: &&Member| member.client == Some(client.id) && member.role == Role::Requester;
        Company { id: client.id, requesters: people.iter().filter(asks).cloned().collect() }
    });
    Ok((companies.collect(), workers))
}

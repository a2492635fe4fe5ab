//! A text never reaches a reader below its visibility: over every page, the API, search, files, notices, and the audit log, for random tickets.
//! Who may read what is said here a second time, in a few lines, and not taken from the product.

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

use super::*;
use crate::attachments::{self, Attachment};
use crate::tickets::tests::{World, incident, world};
use crate::tickets::{Ticket, Visibility, Warm};

/// Somebody who looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reader {
    Manager,
    Technician,
    It,
    Approver,
    Requester,
    Vendor,
}

const READERS: [Reader; 6] =
    [Reader::Manager, Reader::Technician, Reader::It, Reader::Approver, Reader::Requester, Reader::Vendor];

impl Reader {
    fn caller(self, world: &World) -> &Caller {
        match self {
            Self::Manager => &world.manager,
            Self::Technician => &world.technician,
            Self::It => &world.it,
            Self::Approver => &world.approver,
            Self::Requester => &world.requester,
            Self::Vendor => &world.vendor,
        }
    }

    /// Which company they are of: the provider, the client, the vendor.
    const fn party(self) -> u8 {
        match self {
            Self::Manager | Self::Technician => 0,
            Self::It | Self::Approver | Self::Requester => 1,
            Self::Vendor => 2,
        }
    }

    const fn works(self) -> bool {
        matches!(self, Self::Manager | Self::Technician | Self::It)
    }
}

/// What is done to a ticket.
#[derive(Debug, Clone)]
struct Plan {
    /// Whether the requester asks for it; else the approver.
    asked: bool,
    /// Whether the requester follows it.
    followed: bool,
    /// Whether the vendor is asked to take it, and does.
    vendor: Option<bool>,
    /// Who writes, and for whom.
    texts: Vec<(bool, Visibility)>,
}

fn plan() -> impl Strategy<Value = Plan> {
    let text = (any::<bool>(), prop::sample::select(Visibility::ALL));
    (any::<bool>(), any::<bool>(), any::<Option<bool>>(), prop::collection::vec(text, 1..5))
        .prop_map(|(asked, followed, vendor, texts)| Plan { asked, followed, vendor, texts })
}

/// To whom it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum To {
    /// Whoever reads what has its visibility.
    Readers,
    /// Besides, whoever is asked to take the ticket.
    Asked,
    /// Nobody but whoever writes it: it is not sent yet.
    Nobody,
}

/// A text that was written, and who may read it.
struct Written {
    /// A word that finds it, and one that stands in it alone.
    words: (String, String),
    by: Reader,
    visibility: Visibility,
    to: To,
    /// What came with it: its name and its bytes hold the word that stands in it alone.
    file: Option<Id<Attachment>>,
}

fn sees(plan: &Plan, reader: Reader) -> bool {
    match reader {
        Reader::Requester => plan.asked || plan.followed,
        Reader::Vendor => plan.vendor.is_some(),
        _ => true,
    }
}

fn may_read(plan: &Plan, text: &Written, reader: Reader) -> bool {
    let open = match text.visibility {
        _ if text.to == To::Nobody => reader == text.by,
        _ if text.to == To::Asked => reader.works() || reader == Reader::Vendor,
        Visibility::Public => true,
        Visibility::Teams => reader.works(),
        // Of a company that works on tickets: whoever only asks or only looks is told nothing inside it.
        Visibility::Party => {
            reader.party() == text.by.party() && (reader.works() || reader == Reader::Vendor)
        }
    };
    sees(plan, reader) && open
}

async fn done(test: &TestApp, world: &World, n: usize, plan: &Plan) -> (Ticket, Vec<Written>) {
    let asker = if plan.asked { &world.requester } else { &world.approver };
    let subject = format!("Thing {n}");
    let ticket = tickets::open(&test.app, asker, incident(world.client, &subject)).await.unwrap();
    let (id, mut all) = (ticket.id, Vec::new());
    let words = |m: usize| (format!("zq{n}x{m}"), format!("tail{n}y{m}"));
    for (m, (it, visibility)) in plan.texts.iter().copied().enumerate() {
        let by = if it { Reader::It } else { Reader::Technician };
        let words = words(m);
        let wrote = format!("{} {}", words.0, words.1);
        let name = format!("{}-{}.txt", words.0, words.1);
        let file = attachments::tests::stored(test, by.caller(world), (&name, words.1.as_bytes()));
        let verb = move |tx: &mut remit_db::Tx<'_, '_>, act: &crate::Act| {
            let ticket = tickets::write_with(tx, act, id, (visibility, &wrote, &[file]))?;
            Ok(attachments::of(tx, act, &ticket)?.pop().map(|one| one.about.id))
        };
        let file = test.app.write(by.caller(world), verb).await.unwrap();
        all.push(Written { words, by, visibility, to: To::Readers, file });
    }
    all.extend(filled(test, world, id, [words(55), words(66)]).await);
    let tagged = words(77);
    let add = [tagged.1.clone()];
    test.app.write(&world.technician, move |tx, act| tickets::tag(tx, act, id, (&add, &[]))).await.unwrap();
    all.push(Written {
        words: tagged,
        by: Reader::Technician,
        visibility: Visibility::Teams,
        to: To::Readers,
        file: None,
    });
    all.extend(checked(test, world, id, (words(78), words(79))).await);
    for (m, by, visibility) in
        [(80, Reader::Technician, Visibility::Public), (81, Reader::It, Visibility::Teams)]
    {
        all.push(begun(test, world, id, (words(m), by, visibility)).await);
    }
    if plan.followed && !plan.asked {
        let who = world.requester.membership;
        test.app.write(&world.it, move |tx, act| tickets::watch(tx, act, id, who)).await.unwrap();
    }
    if let Some(takes) = plan.vendor {
        all.extend(offered(test, world, id, (words(99), words(98))).await);
        if takes {
            test.app.write(&world.vendor, move |tx, act| tickets::accept(tx, act, id, 1)).await.unwrap();
        }
    }
    (ticket, all)
}

/// Somebody begins to write and has not sent it.
async fn begun(
    test: &TestApp,
    world: &World,
    id: Id<Ticket>,
    (words, by, visibility): ((String, String), Reader, Visibility),
) -> Written {
    let draft = format!("{} {}", words.0, words.1);
    let keep = move |tx: &mut remit_db::Tx<'_, '_>, act: &crate::Act| {
        tickets::keep_draft(tx, act, (id, None), (visibility, &draft))
    };
    test.app.write(by.caller(world), keep).await.unwrap();
    Written { words, by, visibility, to: To::Nobody, file: None }
}

/// It is offered to the vendor: with the usual answers, and with that to what is asked besides.
async fn offered(
    test: &TestApp,
    world: &World,
    id: Id<Ticket>,
    (usual, besides): ((String, String), (String, String)),
) -> [Written; 2] {
    let said = format!("{} {}", usual.0, usual.1);
    let answer = format!("{} {}", besides.0, besides.1);
    let answers = vec![tickets::Said { question: "Circuit".to_owned(), answer }];
    let warm = Warm { tried: said.clone(), access: said.clone(), impact: said.clone(), next: said, answers };
    let verb = move |tx: &mut remit_db::Tx<'_, '_>, act: &crate::Act| {
        let ticket = tickets::find(tx, act, id)?;
        let to = tickets::targets(tx, &ticket)?.into_iter().find(|hand| hand.team_name == "isp-support");
        tickets::offer(tx, act, id, to.expect("there is such a team").team, &warm)
    };
    test.app.write(&world.it, verb).await.unwrap();
    let to_vendor =
        |words| Written { words, by: Reader::It, visibility: Visibility::Teams, to: To::Asked, file: None };
    [to_vendor(usual), to_vendor(besides)]
}

/// A checklist is put on a ticket, and its item is skipped: what is to be done, and why it is not.
async fn checked(
    test: &TestApp,
    world: &World,
    id: Id<Ticket>,
    (item, why): ((String, String), (String, String)),
) -> [Written; 2] {
    let to_do =
        tickets::ToDo { text: format!("{} {}", item.0, item.1), required: true, side: tickets::Side::Holder };
    let says =
        tickets::ChecklistText { name: format!("List {}", item.1), from_start: None, items: vec![to_do] };
    let operator = test.operator();
    let made = test.app.write(&operator, move |tx, act| tickets::create_checklist(tx, act, &says));
    let list = made.await.unwrap();
    let reason = format!("{} {}", why.0, why.1);
    let verb = move |tx: &mut remit_db::Tx<'_, '_>, act: &crate::Act| {
        tickets::attach(tx, act, id, list)?;
        tickets::tick(tx, act, (id, 1), (tickets::ItemState::Skipped, &reason))
    };
    test.app.write(&world.it, verb).await.unwrap();
    let teams =
        |words| Written { words, by: Reader::It, visibility: Visibility::Teams, to: To::Readers, file: None };
    [teams(item), teams(why)]
}

/// What stands in a field that everybody reads, and in one of both IT teams.
async fn filled(test: &TestApp, world: &World, id: Id<Ticket>, words: [(String, String); 2]) -> Vec<Written> {
    let (mut all, mut given) = (Vec::new(), Vec::new());
    for ((key, visibility), words) in
        [("open", Visibility::Public), ("inner", Visibility::Teams)].into_iter().zip(words)
    {
        let new = tickets::Definition {
            label: key.to_owned(),
            hint: String::new(),
            shape: tickets::Shape::Line,
            kinds: Vec::new(),
            service: String::new(),
            needed: tickets::Needed::Never,
            read_by: visibility,
            place: 0,
        };
        let verb = move |tx: &mut remit_db::Tx<'_, '_>, act: &crate::Act| {
            let there = tickets::custom_fields(tx, act)?.iter().any(|field| field.key == key);
            if there { Ok(()) } else { tickets::add_field(tx, act, key, new).map(drop) }
        };
        test.app.write(&test.operator(), verb).await.unwrap();
        let to = format!("{} {}", words.0, words.1);
        given.push(tickets::Filling { key: key.to_owned(), was: None, to });
        all.push(Written { words, by: Reader::It, visibility, to: To::Readers, file: None });
    }
    test.app.write(&world.it, move |tx, act| tickets::fill(tx, act, id, &given)).await.unwrap();
    all
}

/// Pages and files that are about all tickets, or about none.
const ANYWHERE: [&str; 19] = [
    "/settings/checklists",
    "/api/v1/checklists",
    "/tickets",
    "/tickets?view=open",
    "/tickets?view=own",
    "/tickets?view=open&format=csv",
    "/board",
    "/board?by=status",
    "/load",
    "/api/v1/load",
    "/tickets?view=own&format=csv",
    "/notices",
    "/audit",
    "/audit?format=csv",
    "/promises",
    "/api/v1/notices",
    "/api/v1/tickets?view=open",
    "/api/v1/tickets?view=own",
    "/api/v1/audit",
];

/// All of some pages.
async fn fetched<const N: usize>(browser: &Browser, cookie: &str, paths: [String; N]) -> String {
    let mut all = String::new();
    for path in paths {
        all.push_str(&browser.get(&path, cookie).await.text);
    }
    all
}

async fn searched(browser: &Browser, cookie: &str, text: &Written, (may, told): (bool, &str)) {
    let (find, tail) = &text.words;
    for path in [format!("/search?q={find}"), format!("/api/v1/search?q={find}")] {
        let found = browser.get(&path, cookie).await;
        assert!(!found.status.is_server_error(), "{path}: {told}");
        assert!(may || !found.text.contains(tail.as_str()), "by {path}: {told}");
    }
}

/// The file that came with a text goes out to whoever reads the text, and to nobody else.
async fn given(
    browser: &Browser,
    cookie: &str,
    (ticket, text): (&Ticket, &Written),
    (may, told): (bool, &str),
) {
    let Some(file) = text.file else { return };
    let paths = [
        format!("/tickets/{}/attachments/{file}", ticket.number),
        format!("/api/v1/tickets/{}/attachments/{file}", ticket.id),
    ];
    for path in paths {
        let request = Request::builder().uri(&path).header(COOKIE, cookie).body(Body::empty()).unwrap();
        let found = browser.site.clone().oneshot(request).await.unwrap();
        assert_eq!(found.status() == StatusCode::OK, may, "{path}: {told}");
        let bytes = found.into_body().collect().await.unwrap().to_bytes();
        assert_eq!(String::from_utf8_lossy(&bytes).contains(&text.words.1), may, "{path}: {told}");
    }
}

#[test]
fn a_text_never_reaches_a_reader_below_its_visibility() {
    on_each(async |test| {
        let world = world(test).await;
        let (browser, operator) = (Browser::new(test), test.operator());
        let mut runner = TestRunner::deterministic();
        let question = [tickets::Question { text: "Circuit".to_owned(), required: true }];
        let ask = move |tx: &mut remit_db::Tx<'_, '_>, act: &crate::Act| {
            tickets::set_hand_off_form(tx, act, ("", 0), &question)
        };
        test.app.write(&operator, ask).await.unwrap();
        let mut all = Vec::new();
        for n in 0..10 {
            let plan = plan().new_tree(&mut runner).unwrap().current();
            let (ticket, texts) = done(test, &world, n, &plan).await;
            all.push((plan, ticket, texts));
        }
        let mut read = 0;
        for reader in READERS {
            let member = reader.caller(&world).membership.unwrap();
            let cookie = browser.sign_in(test, &operator, member).await;
            let anywhere = fetched(&browser, &cookie, ANYWHERE.map(str::to_owned)).await;
            for (plan, ticket, texts) in &all {
                let (number, id) = (ticket.number, ticket.id);
                let pages = [format!("/tickets/{number}"), format!("/api/v1/tickets/{id}/lines?limit=100")];
                let shown = fetched(&browser, &cookie, pages).await;
                let pages = [
                    format!("/tickets/{number}/clocks"),
                    format!("/tickets/{number}/split"),
                    format!("/tickets/{number}/offer"),
                    format!("/tickets/{number}/move?by=status"),
                    format!("/api/v1/tickets/{id}"),
                    format!("/api/v1/tickets/{id}/clocks"),
                    format!("/api/v1/tickets/{id}/links"),
                    format!("/api/v1/tickets/{id}/draft"),
                    format!("/api/v1/tickets/{id}/checklists"),
                    format!("/api/v1/tickets/{id}/attachments"),
                ];
                let around = fetched(&browser, &cookie, pages).await + &anywhere;
                for text in texts {
                    let may = may_read(plan, text, reader);
                    let told = format!(
                        "{reader:?} and {:?}, {:?} by {:?} of {plan:?}",
                        text.words, text.visibility, text.by
                    );
                    assert_eq!(shown.contains(&text.words.1), may, "in the ticket: {told}");
                    assert!(may || !around.contains(&text.words.1), "around it: {told}");
                    searched(&browser, &cookie, text, (may, &told)).await;
                    given(&browser, &cookie, (ticket, text), (may, &told)).await;
                    read += usize::from(may);
                }
            }
        }
        assert!(read > 30, "only {read} texts were read by somebody: nothing is shown by this");
    });
}

//! Somebody's own way in: a password, a second factor, keys. In an installation for real use, from its first moment.

use remit_browser::page::Page;
use totp_rs::Builder;

use super::World;

const PASSWORD: &str = "lantern meadow copper tuesday";

/// The code that an authenticator app shows, some steps of 30 seconds from now by the clock of the browser.
fn code(page: &Page, secret: &str, steps: u64) -> String {
    let bytes = data_encoding::BASE32_NOPAD.decode(secret.replace(' ', "").as_bytes()).expect("it is base32");
    let now = page.eval("return Math.floor(Date.now() / 1000);").as_u64().expect("it is a number");
    let bytes: [u8; 20] = bytes.try_into().expect("it has twenty bytes");
    let app = Builder::new().with_secret(bytes).build().expect("the secret is long enough");
    app.generate(now + 30 * steps).to_string()
}

fn sign_in_with_password(page: &mut Page) {
    page.open("/sign-in");
    page.fill("Address", "mara@fernhill.example");
    page.fill("Password", PASSWORD);
    page.follow("Sign in");
}

#[test]
fn an_owner_moves_in_sets_a_password_and_a_second_factor_and_signs_in_with_them() {
    let Some((world, link)) = World::installed() else { return };
    let mut mara = world.somebody();
    mara.open("/");
    world.check(&mut mara);
    mara.open(&link);
    mara.follow("Sign in");
    mara.says("A client is a company that you serve");
    world.check(&mut mara);
    first_client(&world, &mut mara);

    mara.open("/me");
    world.check(&mut mara);
    mara.fill("New password", "too short");
    mara.follow("Set password");
    mara.says("15 characters");
    world.check(&mut mara);
    mara.fill("New password", PASSWORD);
    mara.follow("Set password");
    mara.open("/me/second-factor");
    world.check(&mut mara);
    mara.fill("Your password", PASSWORD);
    mara.follow("Set up an app");
    world.check(&mut mara);
    let secret = mara.eval("return document.querySelector('.pairs .mono').textContent;");
    let secret = secret.as_str().expect("it is a text").to_owned();
    let now = code(&mara, &secret, 0);
    mara.fill("Code", &now);
    mara.follow("Confirm");
    mara.says("Keep these where your phone is not");
    world.check(&mut mara);
    let recovery =
        mara.eval("return document.querySelector('main ul.mono li, main .codes li').textContent.trim();");
    let recovery = recovery.as_str().expect("it is a text").to_owned();
    mara.open("/me");
    mara.follow("Sign out");

    sign_in_with_password(&mut mara);
    world.check(&mut mara);
    let next = code(&mara, &secret, 1);
    mara.fill("Code", &next);
    mara.follow("Sign in");
    mara.says("Clients");
    mara.open("/me");
    mara.follow("Sign out");
    sign_in_with_password(&mut mara);
    mara.fill("Code", &recovery);
    mara.follow("Sign in");
    mara.open("/me");
    mara.says("9 recovery codes");
    keys(&world, &mut mara);
}

/// Makes a client in an empty installation; what is wrong is said beside the field.
fn first_client(world: &World, mara: &mut Page) {
    mara.follow("New client");
    mara.fill("Name", "Orchard Row Clinic");
    mara.fill("Time zone", "Nowhere/Else");
    mara.follow("Make client");
    assert_eq!(mara.eval("return field('Name').value"), "Orchard Row Clinic", "what was typed stays");
    world.check(mara);
    mara.fill("Time zone", "Europe/London");
    mara.follow("Make client");
    mara.says("Orchard Row Clinic");
    world.check(mara);
    mara.follow("Begin a draft");
    world.check(mara);
    let client = mara.address().replace("/matrix/draft", "");
    for page in ["/matrix", "/matrix/who", "/matrix/week", "/matrix/history"] {
        mara.open(&format!("{client}{page}"));
        world.check(mara);
    }
}

fn keys(world: &World, mara: &mut Page) {
    mara.open("/me/keys");
    world.check(mara);
    mara.fill("What for", "nightly report");
    mara.click("It only reads");
    mara.fill("Your password, or a code", PASSWORD);
    mara.follow("Make key");
    mara.says("it is not shown again");
    world.check(mara);
    mara.open("/me/keys");
    mara.says("nightly report");
    mara.follow("Revoke");
    mara.says("There is no key yet.");
    world.check(mara);
}

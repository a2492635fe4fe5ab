//! Plans in the pages: chosen field by field, looked at, then kept.

use super::*;
use crate::tickets::tests::{World, world};

const SAYS: &str = "subject=Check+the+%3Cbackups%3E&text=&kind=task&impact=low&urgency=medium&service=backup&tier=&time=08:00\
    &starts-on=2026-11-23";

async fn posted(browser: &Browser, path: &str, cookie: &str, form: &str) -> Seen {
    browser.send(Method::POST, path, cookie, form).await
}

fn says(world: &World, days: &str) -> String {
    format!("{SAYS}&requester={}&{days}", world.requester.membership.unwrap())
}

/// What a page says was looked at, as the form sends it.
fn seen(page: &Seen) -> String {
    let text = page.text.split("name=\"seen\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    let text = text.unwrap_or_else(|| panic!("nothing was looked at: {}", page.text));
    let encoded = form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    format!("&step=keep&seen={encoded}")
}

#[test]
fn a_plan_is_chosen_field_by_field_and_looked_at_before_it_is_kept() {
    on_each(async |test| {
        let world = world(test).await;
        let browser = Browser::new(test);
        let it = browser.sign_in(test, &test.operator(), world.it.membership.unwrap()).await;
        let path = format!("/clients/{}/plans", world.client);
        let form = browser.get(&format!("{path}/new"), &it).await;
        for word in [
            "value=\"month-nth\"",
            "id=\"weekday-MO\" name=\"weekday\" value=\"MO\" checked",
            "Look at the dates",
        ] {
            assert!(form.text.contains(word), "{word}: {}", form.text);
        }
        assert!(!form.text.contains("Plan it"), "there is nothing to keep yet: {}", form.text);

        let weekly = says(&world, "often=weeks&every=2&weekday=MO&weekday=TH&until=2026-12-31");
        let look = posted(&browser, &path, &it, &format!("{weekly}&step=look")).await;
        assert_eq!(look.status, StatusCode::OK, "{}", look.text);
        // A Monday after eight: the first one is on Thursday.
        for word in [
            "every 2 weeks on Monday, Thursday, until 2026-12-31 at 08:00",
            "Thursday, 2026-11-26 08:00",
            "Monday, 2026-12-07 08:00",
            "Thursday, 2026-12-24 08:00",
            "Plan it",
            "value=\"Check the &#60;backups&#62;\"",
        ] {
            assert!(look.text.contains(word), "{word}: {}", look.text);
        }
        assert_eq!(look.text.matches(" 08:00</li>").count(), 5);
        let plans = async || {
            let client = world.client;
            test.app.read(&world.it, move |tx, act| crate::recurring::plans(tx, act, client)).await.unwrap()
        };
        assert!(plans().await.is_empty(), "looking keeps nothing");
        let other = weekly.replace("weekday=TH", "weekday=FR");
        let other = posted(&browser, &path, &it, &format!("{other}{}", seen(&look))).await;
        assert!(other.text.contains("The days have changed") && plans().await.is_empty(), "{}", other.text);
        let kept = posted(&browser, &path, &it, &format!("{weekly}{}", seen(&look))).await;
        assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.text);
        let made = plans().await;
        assert_eq!(made[0].says.rule.to_string(), "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;UNTIL=20261231");

        let shown = browser.get(&kept.to, &it).await;
        for word in ["value=\"2\" id=\"field-every\"", "value=\"2026-12-31\"", "value=\"TH\" checked"] {
            assert!(shown.text.contains(word), "{word}: {}", shown.text);
        }
        // Days that stay as they are need no look.
        let renamed = format!("{}&version=1&step=keep", weekly.replace("Check", "Look+after"));
        let renamed = posted(&browser, &kept.to, &it, &renamed).await;
        assert_eq!(renamed.status, StatusCode::SEE_OTHER, "{}", renamed.text);
        let nth = says(&world, "often=month-nth&every=3&nth=-1&nth-day=FR&version=2");
        let look = posted(&browser, &kept.to, &it, &format!("{nth}&step=keep")).await;
        assert!(look.text.contains("every 3 months on its last Friday"), "{}", look.text);
        assert!(look.text.contains("Friday, 2026-11-27 08:00"), "{}", look.text);
        assert_eq!(plans().await[0].version, 2, "it is looked at first");
        let changed = posted(&browser, &kept.to, &it, &format!("{nth}{}", seen(&look))).await;
        assert_eq!(changed.status, StatusCode::SEE_OTHER, "{}", changed.text);
        assert_eq!(plans().await[0].says.rule.to_string(), "FREQ=MONTHLY;INTERVAL=3;BYDAY=-1FR");
    });
}

#[test]
fn what_is_wrong_with_the_days_is_said_where_they_are_chosen() {
    on_each(async |test| {
        let world = world(test).await;
        let browser = Browser::new(test);
        let it = browser.sign_in(test, &test.operator(), world.it.membership.unwrap()).await;
        let path = format!("/clients/{}/plans", world.client);
        for (days, word) in [
            ("often=weeks&step=look", "Tick the days of the week."),
            ("often=years&year-month=2&year-day=30&step=look", "Choose a day that this month has."),
            ("often=days&until=2026-11-01&step=look", "It never falls due from now on"),
            ("often=days&until=2026-11-01&step=keep&seen=x", "It never falls due from now on"),
            ("often=rule&rule=FREQ=HOURLY&step=look", "FREQ is DAILY, WEEKLY"),
        ] {
            let seen = posted(&browser, &path, &it, &says(&world, days)).await;
            assert_eq!(seen.status, StatusCode::UNPROCESSABLE_ENTITY, "{days}: {}", seen.text);
            assert!(seen.text.contains(word) && !seen.text.contains("Plan it"), "{days}: {}", seen.text);
        }
        // Whoever knows how writes the rule.
        let rule = says(&world, "often=rule&rule=rrule:freq%3Dyearly%3Bbymonth%3D12%3Bbymonthday%3D-1");
        let look = posted(&browser, &path, &it, &format!("{rule}&step=look")).await;
        assert!(look.text.contains("Thursday, 2026-12-31 08:00"), "{}", look.text);
        let nobody =
            format!("{}{}", rule.replace("subject=Check+the+%3Cbackups%3E", "subject="), seen(&look));
        let nobody = posted(&browser, &path, &it, &nobody).await;
        assert_eq!(nobody.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(nobody.text.contains("write a name"), "{}", nobody.text);
        let kept = posted(&browser, &path, &it, &format!("{rule}{}", seen(&look))).await;
        assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.text);
        let few = says(&world, "often=days&until=2026-11-25&step=look");
        let few = posted(&browser, &path, &it, &few).await;
        assert!(few.text.contains("There are only these"), "{}", few.text);
        assert_eq!(few.text.matches(" 08:00</li>").count(), 2);
    });
}

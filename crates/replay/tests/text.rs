//! The report as people read it on a terminal.

use remit_replay::{Options, Source, run};

const LOG: &str = "number,incident_state,made_sla,opened_at,sys_updated_at,category,priority,assignment_group,assigned_to,resolved_at
INC1,New,true,29/2/2016 09:00,29/2/2016 09:05,Category 42,3 - Moderate,Group 70,Ann,?
INC1,Active,true,29/2/2016 09:00,29/2/2016 10:00,Category 42,3 - Moderate,Group 20,Bob,?
INC1,Active,true,29/2/2016 09:00,29/2/2016 11:30,Category 42,3 - Moderate,Group 70,Ann,?
INC1,Awaiting User Info,true,29/2/2016 09:00,29/2/2016 12:00,Category 42,3 - Moderate,Group 70,Cy,?
INC1,Resolved,true,29/2/2016 09:00,1/3/2016 12:00,Category 42,3 - Moderate,Group 70,Cy,1/3/2016 12:00
INC1,Closed,true,29/2/2016 09:00,6/3/2016 12:00,Category 42,3 - Moderate,Group 70,Cy,1/3/2016 12:00
INC2,New,true,1/3/2016 22:15,1/3/2016 22:15,Category 26,1 - Critical,?,?,?
INC2,-100,true,1/3/2016 22:15,1/3/2016 22:30,Category 26,1 - Critical,Group 39,Dee,?
INC2,Closed,false,1/3/2016 22:15,2/3/2016 08:15,Category 26,1 - Critical,Group 39,Dee,2/3/2016 08:00
";

#[test]
fn the_text_report_of_two_tickets() {
    let reader = Box::new(LOG.as_bytes());
    let source = Source::Stream { name: "two.csv".to_owned(), reader };
    let report = run(source, &Options::default(), &mut [], &mut |_| {}).expect("a good log");
    insta::assert_snapshot!(report.to_text(100));
}

//! Putting words on a ticket and taking them off.

use axum::extract::{Path, State};
use axum::response::Response;
use remit_db::Tx;
use remit_web::{Error, Form};

use super::super::tag::tag;
pub(super) use super::super::tag::typed;
use super::deed::{back, worked};
use crate::act::Act;
use crate::site::{Signed, Site};

pub(super) async fn change(
    State(site): State<Site>,
    signed: Signed,
    Path(number): Path<i64>,
    form: Form,
) -> Result<Response, Error> {
    let id = worked(&site, &signed, number).await?.id;
    form.only(&["add", "remove"])?;
    let (add, remove) = (typed(form.value("add")), typed(form.value("remove")));
    let verb = move |tx: &mut Tx<'_, '_>, act: &Act| tag(tx, act, id, (&add, &remove));
    let done = site.app.write(&signed.caller, verb).await;
    back(&site, &signed, number, (Form::default(), done)).await
}

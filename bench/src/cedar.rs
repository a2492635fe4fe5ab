//! Cedar: one permit per rule in a parsed policy set; the policy that permits names the owner.

use std::collections::HashMap;
use std::fmt::Write;

use cedar_policy::{
    Authorizer, Context, Entities, EntityUid, Policy, PolicyId, PolicySet, Request, RestrictedExpression,
};

use crate::Decide;
use crate::task::Rule;

/// Parses the policies.
pub fn compile<'a>(inputs: &'a [String], rules: &[Rule]) -> Result<Decide<'a>, String> {
    let mut policies = PolicySet::new();
    let mut owners = HashMap::new();
    for (number, rule) in rules.iter().enumerate() {
        let id = PolicyId::new(format!("rule{number}"));
        let policy =
            Policy::parse(Some(id.clone()), text(inputs, rule)).map_err(|error| format!("cedar: {error}"))?;
        policies.add(policy).map_err(|error| format!("cedar: {error}"))?;
        owners.insert(id, rule.owner);
    }
    let uid = |text: &str| text.parse::<EntityUid>().map_err(|error| format!("cedar: {error}"));
    let (principal, action, resource) =
        (uid("User::\"any\"")?, uid("Action::\"own\"")?, uid("Work::\"item\"")?);
    let (authorizer, entities) = (Authorizer::new(), Entities::empty());
    Ok(Box::new(move |point| {
        let pair = |(name, number): (&String, &u16)| {
            (name.clone(), RestrictedExpression::new_long((*number).into()))
        };
        let context = Context::from_pairs(inputs.iter().zip(point).map(pair)).ok()?;
        let request =
            Request::new(principal.clone(), action.clone(), resource.clone(), context, None).ok()?;
        let response = authorizer.is_authorized(&request, &policies, &entities);
        response.diagnostics().reason().next().and_then(|id| owners.get(id)).copied()
    }))
}

fn text(inputs: &[String], rule: &Rule) -> String {
    let mut condition = String::new();
    for (name, when) in inputs.iter().zip(&rule.when) {
        let Some((low, high)) = when else { continue };
        let and = if condition.is_empty() { "" } else { " && " };
        let test = if low == high {
            format!("context.{name} == {low}")
        } else {
            format!("context.{name} >= {low} && context.{name} <= {high}")
        };
        write!(condition, "{and}{test}").expect("writing to a text cannot fail");
    }
    let when = if condition.is_empty() { String::new() } else { format!(" when {{ {condition} }}") };
    format!("permit(principal, action, resource){when};")
}

//! `GoRules` zen-engine: one decision table with the hit policy `first`, compiled.

use serde_json::{Map, Value, json};
use zen_engine::DecisionEngine;
use zen_engine::model::DecisionContent;

use crate::Decide;
use crate::task::Rule;

/// How a condition is written. The engine indexes listed values, not intervals.
#[derive(Debug, Clone, Copy)]
pub enum Cells {
    /// `[3..17]`.
    Intervals,
    /// `3, 4, 5, ... 17`.
    Lists,
}

/// Reads and compiles the table.
pub fn compile<'a>(inputs: &'a [String], rules: &[Rule], cells: Cells) -> Result<Decide<'a>, String> {
    let content: DecisionContent = serde_json::from_value(graph(inputs, rules, cells))
        .map_err(|error| format!("zen-engine: {error}"))?;
    let engine = DecisionEngine::default();
    let mut decision =
        engine.create_decision(content.into()).map_err(|error| format!("zen-engine: {error:?}"))?;
    decision.compile();
    Ok(Box::new(move |point| {
        let question: Map<String, Value> =
            inputs.iter().zip(point).map(|(name, number)| (name.clone(), json!(number))).collect();
        let answer = pollster::block_on(decision.evaluate(Value::Object(question).into())).ok()?;
        let owner = answer.result.dot("owner")?.to_value();
        // Numbers are decimals there and may come back as floating point.
        owner.as_u64().or_else(|| owner.to_string().trim_end_matches(".0").parse().ok())?.try_into().ok()
    }))
}

fn graph(inputs: &[String], rules: &[Rule], cells: Cells) -> Value {
    let column = |name: &String| json!({ "id": name, "name": name, "field": name });
    let columns: Vec<Value> = inputs.iter().map(column).collect();
    let rows: Vec<Value> = rules.iter().enumerate().map(|(i, rule)| row(i, rule, inputs, cells)).collect();
    let output = json!({ "id": "answer", "name": "owner", "field": "owner" });
    let content = json!({ "hitPolicy": "first", "inputs": columns, "outputs": [output], "rules": rows });
    json!({
        "nodes": [
            { "id": "in", "name": "in", "type": "inputNode", "content": {} },
            { "id": "table", "name": "table", "type": "decisionTableNode", "content": content },
            { "id": "out", "name": "out", "type": "outputNode", "content": {} },
        ],
        "edges": [
            { "id": "a", "sourceId": "in", "targetId": "table" },
            { "id": "b", "sourceId": "table", "targetId": "out" },
        ],
    })
}

fn row(number: usize, rule: &Rule, inputs: &[String], cells: Cells) -> Value {
    let mut row = Map::new();
    row.insert("_id".to_owned(), json!(format!("rule{number}")));
    row.insert("answer".to_owned(), json!(rule.owner.to_string()));
    for (name, when) in inputs.iter().zip(&rule.when) {
        let cell = match (when, cells) {
            (None, _) => String::new(),
            (Some((low, high)), _) if low == high => low.to_string(),
            (Some((low, high)), Cells::Intervals) => format!("[{low}..{high}]"),
            (Some((low, high)), Cells::Lists) => {
                (*low..=*high).map(|n| n.to_string()).collect::<Vec<_>>().join(", ")
            }
        };
        row.insert(name.clone(), json!(cell));
    }
    Value::Object(row)
}

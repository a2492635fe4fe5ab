//! The document against the schema that the makers of OpenAPI publish, and against the routes.

use std::collections::BTreeSet;
use std::sync::Arc;

use remit_web::Transport;
use serde_json::{Value, json};

use crate::api::{document, operations};
use crate::site::Site;
use crate::testing::{TestApp, on_each};

/// The document as it is answered.
pub(super) fn of(test: &TestApp) -> Value {
    let site = Site::new(test.app.clone(), Transport::Loopback);
    let mut all = operations(&site).operations;
    all.push(Arc::new(document::description()));
    document::document(&all, "remit")
}

/// A schema of the document that can be asked on its own.
pub(super) fn validator(document: &Value, schema: &Value) -> jsonschema::Validator {
    let mut whole = schema.clone();
    if let Some(whole) = whole.as_object_mut() {
        whole.insert("components".to_owned(), document["components"].clone());
    }
    jsonschema::options().should_validate_formats(true).build(&whole).expect("it is a schema")
}

fn every(document: &Value) -> Vec<(String, String, Value)> {
    let mut all = Vec::new();
    for (path, methods) in document["paths"].as_object().expect("there are paths") {
        for (method, operation) in methods.as_object().expect("there are methods") {
            all.push((path.clone(), method.clone(), operation.clone()));
        }
    }
    all
}

#[test]
fn the_document_is_one_by_the_schema_of_its_standard() {
    on_each(async |test| {
        let schema: Value = serde_json::from_str(include_str!("openapi-3.1.json")).unwrap();
        let standard = jsonschema::draft202012::options().build(&schema).unwrap();
        let document = of(test);
        let faults: Vec<String> = standard
            .iter_errors(&document)
            .map(|fault| format!("{}: {fault}", fault.instance_path()))
            .collect();
        assert!(faults.is_empty(), "{}", faults.join("\n"));
        let broken = json!({"openapi": "3.1.1", "info": {"title": "x"}, "paths": {}});
        assert!(!standard.is_valid(&broken), "the check can fail");
    });
}

#[test]
fn every_operation_says_everything_about_itself() {
    on_each(async |test| {
        let document = of(test);
        let mut ids = BTreeSet::new();
        for (path, method, operation) in every(&document) {
            let name = format!("{method} {path}");
            assert!(
                ids.insert(operation["operationId"].as_str().unwrap().to_owned()),
                "{name}: its id is taken"
            );
            assert!(operation["summary"].as_str().is_some_and(|summary| summary.len() > 5), "{name}");
            let answers = operation["responses"].as_object().unwrap();
            assert!(answers.keys().any(|status| status.starts_with('2')), "{name}");
            assert!(answers.contains_key("500"), "{name}");
            for parameter in operation["parameters"].as_array().unwrap() {
                let known = parameter["$ref"].as_str().is_none_or(|to| document.pointer(&to[1..]).is_some());
                assert!(known, "{name}: {parameter}");
                assert!(
                    parameter["$ref"].is_string() || !parameter["description"].as_str().unwrap().is_empty(),
                    "{name}: {parameter}"
                );
            }
        }
        for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
            for (field, schema) in schema["properties"].as_object().into_iter().flatten() {
                let told =
                    schema["description"].is_string() || name == "OpenApi" || schema["$ref"].is_string();
                assert!(told, "{name}.{field} has no description");
            }
        }
        let whole = document.to_string();
        for reference in whole.split("\"$ref\":\"#").skip(1) {
            let to = reference.split('"').next().unwrap();
            assert!(document.pointer(to).is_some(), "{to} leads nowhere");
        }
    });
}

#[test]
fn every_example_is_what_its_schema_says() {
    on_each(async |test| {
        let document = of(test);
        let mut seen = 0;
        let mut check = |name: &str, content: &Value| {
            for media in content.as_object().into_iter().flatten().map(|(_, media)| media) {
                if media["example"].is_null() {
                    continue;
                }
                let faults: Vec<String> = validator(&document, &media["schema"])
                    .iter_errors(&media["example"])
                    .map(|fault| format!("{}: {fault}", fault.instance_path()))
                    .collect();
                assert!(faults.is_empty(), "{name}: {}", faults.join("; "));
                seen += 1;
            }
        };
        for (path, method, operation) in every(&document) {
            check(&format!("{method} {path}"), &operation["requestBody"]["content"]);
            for (status, answer) in operation["responses"].as_object().unwrap() {
                check(&format!("{method} {path}: {status}"), &answer["content"]);
            }
        }
        for (name, answer) in document["components"]["responses"].as_object().unwrap() {
            check(name, &answer["content"]);
        }
        assert!(seen > 50, "only {seen} examples were found");
    });
}

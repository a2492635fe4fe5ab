//! Page: the reference of the API, made of its document.

use askama::Template;
use remit_web::layout::Shell;
use serde_json::Value;

use crate::site::{Signed, chrome, shell};

/// Everything that the page shows.
#[derive(Template)]
#[template(path = "api/page.html")]
pub(super) struct Reference {
    groups: Vec<Group>,
}

/// The operations of a resource.
struct Group {
    name: String,
    anchor: String,
    operations: Vec<Shown>,
}

/// An operation.
struct Shown {
    id: String,
    method: String,
    path: String,
    summary: String,
    about: String,
    /// For people alone, for nobody in particular, or for whoever is signed in.
    whom: &'static str,
    curl: String,
    takes: Vec<Part>,
    status: String,
    answers: Vec<Part>,
    example: String,
    failures: Vec<(String, String)>,
}

/// A parameter or a field.
struct Part {
    name: String,
    place: &'static str,
    kind: String,
    required: bool,
    about: String,
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// What a reference leads to, or the value itself.
fn resolve<'d>(document: &'d Value, value: &'d Value) -> &'d Value {
    let target = value["$ref"].as_str().and_then(|path| document.pointer(path.trim_start_matches('#')));
    target.unwrap_or(value)
}

/// A type in a few words.
fn kind(document: &Value, schema: &Value) -> String {
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.rsplit('/').next().unwrap_or_default().to_owned();
        let words = words_of(resolve(document, schema));
        return if words.is_empty() { name } else { words.join(", ") };
    }
    for several in ["anyOf", "oneOf"] {
        if let Some(all) = schema[several].as_array() {
            let all: Vec<String> = all.iter().map(|one| kind(document, one)).collect();
            return all.join(" or ");
        }
    }
    if schema["type"] == "array" {
        return format!("list of {}", kind(document, &schema["items"]));
    }
    let words = words_of(schema);
    if !words.is_empty() {
        return words.join(", ");
    }
    let name = |name: &str| match (name, schema["format"].as_str(), schema["pattern"].as_str()) {
        ("string", Some("date"), _) => "day".to_owned(),
        ("string", Some("date-time"), _) => "instant".to_owned(),
        ("string", _, Some(pattern)) if pattern.contains("-7[") => {
            format!("id {}_…", pattern.trim_start_matches('^').split('_').next().unwrap_or_default())
        }
        ("string", ..) => "text".to_owned(),
        ("boolean", ..) => "yes or no".to_owned(),
        (other, ..) => other.to_owned(),
    };
    match &schema["type"] {
        Value::String(one) => name(one),
        Value::Array(all) => all.iter().filter_map(Value::as_str).map(name).collect::<Vec<_>>().join(" or "),
        _ => "anything".to_owned(),
    }
}

/// The words of an enumeration.
fn words_of(schema: &Value) -> Vec<String> {
    let listed = |all: &Vec<Value>| all.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    if let Some(all) = schema["enum"].as_array() {
        return listed(all);
    }
    let consts = |all: &Vec<Value>| -> Vec<String> {
        let each = all.iter().map(|one| match &one["enum"] {
            Value::Array(words) => listed(words),
            _ => one["const"].as_str().map(str::to_owned).into_iter().collect(),
        });
        let each: Vec<Vec<String>> = each.collect();
        if each.iter().any(Vec::is_empty) { Vec::new() } else { each.concat() }
    };
    schema["oneOf"].as_array().map(consts).unwrap_or_default()
}

/// The fields of an object; those of the entries for a page of a list.
fn fields(document: &Value, schema: &Value, place: &'static str) -> Vec<Part> {
    let mut schema = resolve(document, schema);
    let entries = &schema["properties"]["items"]["items"];
    if !entries.is_null() {
        schema = resolve(document, entries);
    }
    let required = schema["required"].as_array().cloned().unwrap_or_default();
    let each = schema["properties"].as_object().into_iter().flatten();
    each.map(|(name, field)| Part {
        name: name.clone(),
        place,
        kind: kind(document, field),
        required: required.contains(&Value::from(name.as_str())),
        about: text(&field["description"]),
    })
    .collect()
}

fn shown(document: &Value, path: &str, method: &str, operation: &Value) -> Shown {
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let parameters: Vec<&Value> = parameters.map(|one| resolve(document, one)).collect();
    let mut takes: Vec<Part> = parameters
        .iter()
        .map(|one| Part {
            name: text(&one["name"]),
            place: match one["in"].as_str() {
                Some("path") => "path",
                Some("query") => "query",
                _ => "header",
            },
            kind: kind(document, &one["schema"]),
            required: one["required"] == true,
            about: text(&one["description"]),
        })
        .collect();
    let body = &operation["requestBody"]["content"]["application/json"];
    takes.extend(fields(document, &body["schema"], "body"));
    let answers = operation["responses"].as_object().into_iter().flatten();
    let (good, bad): (Vec<_>, Vec<_>) = answers.partition(|(status, _)| status.starts_with('2'));
    let (status, good) =
        good.first().map_or(("", &Value::Null), |(status, answer)| (status.as_str(), *answer));
    let json = &good["content"]["application/json"];
    let failures = bad
        .into_iter()
        .map(|(status, answer)| (status.clone(), text(&resolve(document, answer)["description"])));
    let example = &json["example"];
    Shown {
        id: text(&operation["operationId"]),
        method: method.to_ascii_uppercase(),
        path: path.to_owned(),
        summary: text(&operation["summary"]),
        about: text(&operation["description"]),
        whom: match operation["security"].as_array().map(Vec::len) {
            Some(0) => "For everybody, signed in or not.",
            Some(1) => "For people in a session of their own; not for keys.",
            _ => "",
        },
        curl: curl(method, path, &parameters, body),
        takes,
        status: status.to_owned(),
        answers: fields(document, &json["schema"], "answer"),
        example: if example.is_null() { String::new() } else { format!("{example:#}") },
        failures: failures.collect(),
    }
}

/// The request as a line for a shell.
fn curl(method: &str, path: &str, parameters: &[&Value], body: &Value) -> String {
    let mut path = path.to_owned();
    let mut query = String::new();
    let mut lines = String::new();
    for one in parameters {
        let (name, example) = (text(&one["name"]), &one["example"]);
        let plain = example.as_str().map_or_else(|| example.to_string(), str::to_owned);
        match one["in"].as_str() {
            Some("path") => path = path.replace(&format!("{{{name}}}"), &plain),
            Some("query") if !example.is_null() => {
                query.push(if query.is_empty() { '?' } else { '&' });
                query.extend([name.as_str(), "=", plain.as_str()]);
            }
            Some("header") if name != "If-None-Match" => {
                lines.extend([" \\\n  -H '", name.as_str(), ": ", plain.as_str(), "'"]);
            }
            _ => {}
        }
    }
    let method = if method == "get" { String::new() } else { format!(" -X {}", method.to_ascii_uppercase()) };
    let mut out =
        format!("curl{method} \"$REMIT{path}{query}\" \\\n  -H \"Authorization: Bearer $REMIT_KEY\"{lines}");
    if !body["example"].is_null() {
        let example = body["example"].to_string().replace('\'', "'\\''");
        out.extend([" \\\n  -H 'Content-Type: application/json' \\\n  -d '", example.as_str(), "'"]);
    }
    out
}

impl Reference {
    /// What the page shows of a document.
    pub fn of(document: &Value) -> Self {
        let names = document["tags"].as_array().into_iter().flatten().map(|tag| text(&tag["name"]));
        let mut groups: Vec<Group> = names
            .map(|name| Group { anchor: name.to_ascii_lowercase(), name, operations: Vec::new() })
            .collect();
        for (path, methods) in document["paths"].as_object().into_iter().flatten() {
            for (method, operation) in methods.as_object().into_iter().flatten() {
                let group = groups.iter_mut().find(|group| operation["tags"][0] == group.name.as_str());
                if let Some(group) = group {
                    group.operations.push(shown(document, path, method, operation));
                }
            }
        }
        Self { groups }
    }
}

/// The page.
pub(super) fn show(signed: &Signed, reference: &Reference) -> Shell {
    shell(chrome(signed, "API", "/api"), reference)
}

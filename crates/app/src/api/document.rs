//! The OpenAPI document, made of the descriptions of the operations.

use std::collections::BTreeMap;
use std::sync::Arc;

use remit_web::Problem;
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::operation::{For, Operation, Repeats, Sample, Shape};
use super::wire::sample_id;
use crate::attachments::Attachment;
use crate::clients::Client;
use crate::matrix::Version;
use crate::people::Membership;
use crate::portal::RequestType;
use crate::promises::Rule;
use crate::recurring::Plan;
use crate::sign_in::{ApiKey, Session};
use crate::tickets::{Checklist, CustomField, Macro, SavedView, Ticket};

/// An OpenAPI document.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "OpenApi")]
struct DocumentOut {
    /// Of which version of the standard.
    openapi: String,
    /// The rest of it.
    #[serde(flatten)]
    rest: Map<String, Value>,
}

impl Sample for DocumentOut {
    fn sample() -> Self {
        let info = json!({"title": "Remit", "version": "1"});
        Self { openapi: VERSION.to_owned(), rest: Map::from_iter([("info".to_owned(), info)]) }
    }
}

/// A failure, as RFC 9457 has it.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Problem")]
struct ProblemOut {
    /// `about:blank`: the status says what it is.
    r#type: String,
    /// The same for every failure of this status.
    title: String,
    /// The status.
    status: u16,
    /// What is wrong this time, and how to mend it.
    detail: String,
    /// Where.
    instance: String,
    /// What is wrong with which field, by its path.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    errors: BTreeMap<String, Vec<String>>,
    /// The number of the request, to report with.
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
}

const VERSION: &str = "3.1.1";
const ABOUT: &str = "Everything that the pages do, for programs. Sign in with an API key that you make on your own page: \
    `Authorization: Bearer remit_...`. A key does what its maker may do, or less, and never signs.\n\n\
    Lists come in pages: follow `next` until it is null. Send an `Idempotency-Key` with every POST, and repeat a request that was not \
    answered with the same one: nothing is done twice within 24 hours. A change names the version that it is of in `If-Match`. What is \
    not yours looks exactly like what is not there.";

/// The operation that answers the document.
pub(super) fn description() -> Operation {
    Operation::get("/openapi.json", "getDocument", "Document", "Read this document")
        .only(For::Anybody)
        .ok::<DocumentOut>("An OpenAPI document.")
        .tagged()
}

/// The statuses with which an operation can fail.
pub(super) fn failures(operation: &Operation) -> Vec<u16> {
    let mut all = vec![500];
    let mut add = |when: bool, statuses: &[u16]| all.extend(statuses.iter().filter(|_| when));
    let body = operation.body.is_some() || operation.body_media != "application/json";
    let reads = operation.repeats == Repeats::WithKey || operation.body.is_some();
    add(operation.whom != For::Anybody, &[401, 403, 429, 503]);
    add(operation.whom != For::Anybody && !operation.answers.media.is_empty(), &[406]);
    add(operation.query.is_some() || body || reads, &[400]);
    add(operation.parameters().next().is_some() || body, &[404]);
    add(body, &[413, 415, 422]);
    add(reads, &[413, 415, 422]);
    add(operation.writes(), &[409, 412, 507]);
    add(operation.conflicts, &[409]);
    add(operation.must_match, &[428]);
    all.sort_unstable();
    all.dedup();
    all
}

/// Schemas of what is taken, of what is answered, and of parameters.
struct Schemas {
    taken: SchemaGenerator,
    answered: SchemaGenerator,
    inline: SchemaGenerator,
}

impl Schemas {
    fn new() -> Self {
        let settings = || {
            SchemaSettings::draft2020_12().with(|settings| {
                settings.definitions_path = "/components/schemas".into();
                settings.meta_schema = None;
            })
        };
        Self {
            taken: settings().for_deserialize().into_generator(),
            answered: settings().for_serialize().into_generator(),
            inline: settings().for_deserialize().with(|s| s.inline_subschemas = true).into_generator(),
        }
    }

    fn all(mut self) -> Map<String, Value> {
        let mut all = self.taken.take_definitions(true);
        for (name, schema) in self.answered.take_definitions(true) {
            let before = all.insert(name.clone(), schema.clone());
            assert!(before.is_none_or(|before| before == schema), "two schemas are called {name}");
        }
        all
    }
}

/// The whole document. `cookie` is the name of the cookie of a session.
pub(super) fn document(operations: &[Arc<Operation>], cookie: &str) -> Value {
    let mut schemas = Schemas::new();
    let mut paths: BTreeMap<String, Map<String, Value>> = BTreeMap::new();
    let mut groups: Vec<&str> = Vec::new();
    let mut statuses: Vec<u16> = Vec::new();
    for operation in operations {
        if !groups.contains(&operation.group) {
            groups.push(operation.group);
        }
        statuses.extend(failures(operation));
        let method = operation.method.as_str().to_ascii_lowercase();
        paths.entry(operation.address()).or_default().insert(method, one(operation, &mut schemas));
    }
    statuses.sort_unstable();
    statuses.dedup();
    let problem = (shape_of_problem())(&mut schemas.answered);
    let responses: Map<String, Value> =
        statuses.into_iter().map(|status| (format!("E{status}"), failure(status, &problem))).collect();
    json!({
        "openapi": VERSION,
        "info": {
            "title": "Remit",
            "version": "1",
            "description": ABOUT,
            "license": {"name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0"},
        },
        "servers": [{"url": "/", "description": "This installation."}],
        "tags": groups.iter().map(|name| json!({"name": name})).collect::<Vec<_>>(),
        "security": [{"key": []}, {"session": []}],
        "paths": paths,
        "components": {
            "schemas": schemas.all(),
            "responses": responses,
            "parameters": parameters(),
            "headers": headers(),
            "securitySchemes": {
                "key": {"type": "http", "scheme": "bearer", "description": "An API key, made at /me/keys."},
                "session": {"type": "apiKey", "in": "cookie", "name": cookie, "description": "The session of a browser."},
            },
        },
    })
}

fn shape_of_problem() -> fn(&mut SchemaGenerator) -> schemars::Schema {
    SchemaGenerator::subschema_for::<ProblemOut>
}

fn one(operation: &Operation, schemas: &mut Schemas) -> Value {
    let mut answers = Map::new();
    answers.insert(operation.answers.status.to_string(), answer(operation, schemas));
    if operation.tagged && operation.method == "GET" {
        let headers = json!({"ETag": {"$ref": "#/components/headers/ETag"}});
        answers
            .insert("304".to_owned(), json!({"description": "You have this version.", "headers": headers}));
    }
    for status in failures(operation) {
        answers.insert(status.to_string(), json!({"$ref": format!("#/components/responses/E{status}")}));
    }
    let security = match operation.whom {
        For::Anybody => json!([]),
        For::Signed => json!([{"key": []}, {"session": []}]),
        For::Person => json!([{"session": []}]),
    };
    let mut out = json!({
        "operationId": operation.id,
        "tags": [operation.group],
        "summary": operation.summary,
        "parameters": parameters_of(operation, schemas),
        "responses": answers,
        "security": security,
    });
    if !operation.about.is_empty() {
        out["description"] = json!(operation.about);
    }
    if let Some(Shape { schema, sample }) = operation.body {
        let content = json!({"schema": schema(&mut schemas.taken), "example": sample()});
        // Where nothing has to be said, no body says it too.
        let inline = json!(schema(&mut schemas.inline));
        let required = inline["required"].as_array().is_some_and(|names| !names.is_empty());
        out["requestBody"] = json!({"required": required, "content": {"application/json": content}});
    } else if operation.body_media != "application/json" {
        out["requestBody"] = json!({"required": true, "content": {operation.body_media: {}}});
    }
    out
}

fn answer(operation: &Operation, schemas: &mut Schemas) -> Value {
    let mut content = Map::new();
    for media in operation.answers.media {
        let mut body = Map::new();
        if let Some(Shape { schema, sample }) = operation.answers.shape {
            let (schema, sample) = (json!(schema(&mut schemas.answered)), sample());
            let (schema, sample) =
                if operation.answers.paged { page(&schema, &sample) } else { (schema, sample) };
            body.insert("schema".to_owned(), schema);
            body.insert("example".to_owned(), sample);
        }
        content.insert((*media).to_owned(), Value::Object(body));
    }
    let mut named: Vec<&str> = Vec::new();
    let mut add = |when: bool, names: &[&'static str]| named.extend(names.iter().filter(|_| when));
    add(operation.whom != For::Anybody, &["RateLimit", "RateLimit-Policy"]);
    add(operation.tagged, &["ETag"]);
    add(operation.answers.status == 201, &["Location"]);
    add(operation.answers.paged, &["Link"]);
    add(operation.repeats == Repeats::WithKey, &["Idempotency-Replayed"]);
    let headers: Map<String, Value> = named
        .into_iter()
        .map(|name| (name.to_owned(), json!({"$ref": format!("#/components/headers/{name}")})))
        .collect();
    let mut out = json!({"description": operation.answers.about, "headers": headers});
    if !content.is_empty() {
        out["content"] = Value::Object(content);
    }
    out
}

fn page(schema: &Value, sample: &Value) -> (Value, Value) {
    let next =
        json!({"type": ["string", "null"], "description": "`after` of the next page; null on the last."});
    let schema = json!({
        "type": "object",
        "required": ["items", "next"],
        "properties": {"items": {"type": "array", "items": schema, "maxItems": 200}, "next": next},
    });
    (schema, json!({"items": [sample], "next": null}))
}

fn parameters_of(operation: &Operation, schemas: &mut Schemas) -> Vec<Value> {
    let mut all: Vec<Value> = operation.parameters().map(|name| in_path(name, operation)).collect();
    if let Some(Shape { schema, sample }) = operation.query {
        let (schema, sample) = (json!(schema(&mut schemas.inline)), sample());
        let required = schema["required"].as_array().cloned().unwrap_or_default();
        for (name, schema) in schema["properties"].as_object().into_iter().flatten() {
            let mut schema = schema.clone();
            let about = schema.as_object_mut().and_then(|schema| schema.remove("description"));
            let mut parameter = json!({
                "name": name,
                "in": "query",
                "required": required.contains(&json!(name)),
                "description": about.unwrap_or_default(),
                "schema": schema,
            });
            if let Some(example) = sample.get(name) {
                parameter["example"] = example.clone();
            }
            all.push(parameter);
        }
    }
    let mut add = |when: bool, name: &str| {
        if when {
            all.push(json!({"$ref": format!("#/components/parameters/{name}")}));
        }
    };
    add(operation.repeats == Repeats::WithKey, "Idempotency-Key");
    add(operation.must_match, "If-Match");
    add(operation.tagged && operation.method == "GET", "If-None-Match");
    all
}

fn in_path(name: &str, operation: &Operation) -> Value {
    let mut plain = SchemaSettings::draft2020_12().into_generator();
    let id =
        |schema: schemars::Schema, about: &str, sample: String| (json!(schema), about.to_owned(), sample);
    let (schema, about, sample) = match name {
        "client" => id(super::wire::id::<Client>(&mut plain), "A client.", sample_id::<Client>().to_string()),
        "membership" => {
            id(super::wire::id::<Membership>(&mut plain), "Somebody.", sample_id::<Membership>().to_string())
        }
        "version" => {
            id(super::wire::id::<Version>(&mut plain), "A version.", sample_id::<Version>().to_string())
        }
        "ticket" => id(super::wire::id::<Ticket>(&mut plain), "A ticket.", sample_id::<Ticket>().to_string()),
        "attachment" => id(
            super::wire::id::<Attachment>(&mut plain),
            "An attachment.",
            sample_id::<Attachment>().to_string(),
        ),
        "plan" => id(super::wire::id::<Plan>(&mut plain), "A plan.", sample_id::<Plan>().to_string()),
        "checklist" => {
            id(super::wire::id::<Checklist>(&mut plain), "A checklist.", sample_id::<Checklist>().to_string())
        }
        "macro" => id(super::wire::id::<Macro>(&mut plain), "A macro.", sample_id::<Macro>().to_string()),
        "request" => id(
            super::wire::id::<RequestType>(&mut plain),
            "A request type.",
            sample_id::<RequestType>().to_string(),
        ),
        "view" => id(
            super::wire::id::<SavedView>(&mut plain),
            "A list that you keep.",
            sample_id::<SavedView>().to_string(),
        ),
        "field" => {
            id(super::wire::id::<CustomField>(&mut plain), "A field.", sample_id::<CustomField>().to_string())
        }
        "promise" => id(super::wire::id::<Rule>(&mut plain), "A rule.", sample_id::<Rule>().to_string()),
        "session" => {
            id(super::wire::id::<Session>(&mut plain), "A session.", sample_id::<Session>().to_string())
        }
        "key" => id(super::wire::id::<ApiKey>(&mut plain), "A key.", sample_id::<ApiKey>().to_string()),
        "form" => {
            let schema = json!({"type": "string", "enum": operation.forms});
            (schema, "The form of the file.".to_owned(), operation.forms[0].to_owned())
        }
        other => unreachable!("the parameter {other} has a schema"),
    };
    json!({"name": name, "in": "path", "required": true, "description": about, "schema": schema, "example": sample})
}

fn parameters() -> Value {
    json!({
        "Idempotency-Key": {
            "name": "Idempotency-Key", "in": "header", "required": false,
            "description": "Names the request, so that a repetition is known and not done again. New for each; kept for 24 hours.",
            "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^(\"[!#-~]+\"|[!#-~]+)$"},
            "example": "8e03978e-40d5-43e8-bc93-6894a57f9324",
        },
        "If-Match": {
            "name": "If-Match", "in": "header", "required": true,
            "description": "The ETag of what is changed, as it was read.",
            "schema": {"type": "string"}, "example": "\"v7\"",
        },
        "If-None-Match": {
            "name": "If-None-Match", "in": "header", "required": false,
            "description": "The ETag of what you have; 304 if it is still so.",
            "schema": {"type": "string"}, "example": "\"v7\"",
        },
    })
}

fn headers() -> Value {
    let text = |about: &str| json!({"description": about, "schema": {"type": "string"}});
    json!({
        "ETag": text("The version of what is answered."),
        "Location": text("Where what was made is."),
        "Link": text("`rel=\"next\"`: the next page, where there is one."),
        "Idempotency-Replayed": text("`true` where the request was done before and this is what was answered then."),
        "RateLimit": text("Requests that are left, and in how many seconds all are back."),
        "RateLimit-Policy": text("Requests in a time in seconds."),
        "Retry-After": {"description": "Seconds until another try is welcome.", "schema": {"type": "integer", "minimum": 1}},
        "WWW-Authenticate": text("How to sign in."),
    })
}

fn failure(status: u16, schema: &schemars::Schema) -> Value {
    let problem = Problem::of(status);
    let problem = if matches!(status, 429 | 503) { problem.retry_after(2) } else { problem };
    let mut example = problem.json("/api/v1/clients", Some("01890a5d-ac96-774b-bcce-b302099a8057"));
    if status == 422 {
        example["errors"] = json!({"name": ["write a name"]});
    }
    let mut out = json!({
        "description": format!("{}.", problem.title()),
        "content": {"application/problem+json": {"schema": schema, "example": example}},
    });
    let header = match status {
        401 => Some("WWW-Authenticate"),
        429 | 503 => Some("Retry-After"),
        _ => None,
    };
    if let Some(name) = header {
        out["headers"] = json!({name: {"$ref": format!("#/components/headers/{name}")}});
    }
    out
}

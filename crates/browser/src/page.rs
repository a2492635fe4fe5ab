//! A page, and what somebody does with it: read, click, type, press keys.

use std::cell::RefCell;
use std::rc::Rc;

use base64::Engine;
use serde_json::{Value, json};

use crate::audit::Watch;
use crate::wire::{Event, Wire};

/// Finds what people find: by the words on it. `find(words)` is a link, a button, a summary or a label; `field(label)` what the label is for. What is
/// not shown is not found.
const FINDING: &str = r#"
const shown = (at) => at.getClientRects().length > 0;
// How many things wait behind a link is not its name.
const named = (at) => { const copy = at.cloneNode(true); copy.querySelectorAll(".count").forEach((count) => count.remove()); return copy.textContent.replace(/\s+/g, " ").trim(); };
const same = (at, words) => named(at) === words;
const find = (words) => [...document.querySelectorAll("a, button, summary, label")].find((at) => shown(at) && same(at, words));
const field = (words) => {
  const label = [...document.querySelectorAll("label")].find((at) => shown(at) && at.textContent.replace(/\s+/g, " ").trim().startsWith(words));
  return label?.control;
};
"#;

/// How a page is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct View {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Whether by somebody who prefers dark colours.
    pub dark: bool,
}

impl View {
    /// On a desk.
    pub const DESK: Self = Self { width: 1280, height: 800, dark: false };
    /// On a phone, by touch.
    pub const PHONE: Self = Self { width: 390, height: 844, dark: false };
    /// All four.
    pub const ALL: [Self; 4] = [Self::DESK, Self::DESK.dark(), Self::PHONE.dark(), Self::PHONE];

    /// The same in the dark.
    #[must_use]
    pub const fn dark(self) -> Self {
        Self { dark: true, ..self }
    }

    fn is_phone(self) -> bool {
        self.width < 700
    }
}

/// A page of somebody's browser.
#[derive(Debug)]
pub struct Page {
    wire: Rc<RefCell<Wire>>,
    session: String,
    origin: String,
    loader: String,
    pub(crate) watch: Watch,
}

impl Page {
    pub(crate) fn new(wire: Rc<RefCell<Wire>>, session: &str, origin: &str) -> Self {
        let watch = Watch::of(origin);
        let page = Self {
            wire,
            session: session.to_owned(),
            origin: origin.to_owned(),
            loader: String::new(),
            watch,
        };
        for domain in ["Page", "Runtime", "Log", "Network", "Audits"] {
            page.ask(&format!("{domain}.enable"), &json!({}));
        }
        page.ask("Page.setLifecycleEventsEnabled", &json!({ "enabled": true }));
        page.look(View::DESK);
        page
    }

    /// Opens an address: a path of the product, or a link.
    pub fn open(&mut self, address: &str) {
        let address =
            if address.starts_with('/') { format!("{}{address}", self.origin) } else { address.to_owned() };
        self.ask("Page.navigate", &json!({ "url": address }));
        self.arrive(&address);
    }

    /// Clicks what has these words on it, which leads to another page.
    pub fn follow(&mut self, words: &str) {
        self.click(words);
        self.arrive(words);
    }

    /// Clicks what has these words on it, with a mouse; it must be where a mouse can reach it.
    pub fn click(&self, words: &str) {
        self.press(&format!("find({})", Value::from(words)), words);
    }

    /// Clicks the first element that a selector finds, which leads to another page.
    pub fn follow_first(&mut self, selector: &str) {
        self.press(&format!("document.querySelector({})", Value::from(selector)), selector);
        self.arrive(selector);
    }

    /// Drags the first element that a selector finds onto another, which leads to another page.
    pub fn drag(&mut self, from: &str, to: &str) {
        let done = self.eval(&format!(
            r#"const from = document.querySelector({}), to = document.querySelector({});
            if (!from || !to) return false;
            const data = new DataTransfer();
            const tell = (at, kind) => at.dispatchEvent(new DragEvent(kind, {{ bubbles: true, cancelable: true, dataTransfer: data }}));
            tell(from, "dragstart");
            // Where it may be dropped says so.
            if (tell(to, "dragover")) return false;
            setTimeout(() => tell(to, "drop"));
            return true;"#,
            Value::from(from),
            Value::from(to)
        ));
        assert_eq!(done, Value::Bool(true), "{from} onto {to} at {}:\n{}", self.address(), self.text());
        self.arrive(to);
    }

    fn press(&self, finding: &str, words: &str) {
        let place = self.eval(&format!(
            r#"const at = {finding};
            if (!at) return "is not on the page";
            at.scrollIntoView({{ block: "center", behavior: "instant" }});
            const box = at.getBoundingClientRect(), x = box.x + box.width / 2, y = box.y + box.height / 2;
            const hit = document.elementFromPoint(x, y);
            return hit && (at.contains(hit) || hit.contains(at)) ? [x, y] : "is covered by " + hit?.outerHTML.slice(0, 200);"#
        ));
        let [x, y] = [&place[0], &place[1]];
        assert!(x.is_number(), "“{words}” {place} at {}:\n{}", self.address(), self.text());
        for kind in ["mousePressed", "mouseReleased"] {
            let click = json!({ "type": kind, "x": x, "y": y, "button": "left", "clickCount": 1 });
            self.ask("Input.dispatchMouseEvent", &click);
        }
    }

    /// Types into the field with this label, over what is in it.
    pub fn fill(&self, label: &str, text: &str) {
        let done = self.eval(&format!(
            "const at = field({}); at?.focus(); at?.select(); return document.activeElement === at;",
            Value::from(label)
        ));
        assert_eq!(done, Value::Bool(true), "no field “{label}” at {}:\n{}", self.address(), self.text());
        self.type_text(text);
    }

    /// Types where the caret is.
    pub fn type_text(&self, text: &str) {
        self.ask("Input.insertText", &json!({ "text": text }));
    }

    /// Puts a value into a field that is not typed into, such as a day.
    pub fn set(&self, label: &str, value: &str) {
        let done = self.eval(&format!(
            "const at = field({}); if (!at) return false; at.value = {}; return at.value !== '';",
            Value::from(label),
            Value::from(value)
        ));
        assert_eq!(done, Value::Bool(true), "no field “{label}” at {}", self.address());
    }

    /// Presses a key: `Tab`, `Enter`, `Space`, or a letter.
    pub fn key(&self, key: &str) {
        let (code, number, text) = match key {
            "Tab" => ("Tab", 9, ""),
            "Escape" => ("Escape", 27, ""),
            "ArrowDown" => ("ArrowDown", 40, ""),
            "ArrowUp" => ("ArrowUp", 38, ""),
            "ArrowLeft" => ("ArrowLeft", 37, ""),
            "ArrowRight" => ("ArrowRight", 39, ""),
            "Enter" => ("Enter", 13, "\r"),
            "Space" => ("Space", 32, " "),
            letter => ("", 0, letter),
        };
        let name = if key == "Space" { " " } else { key };
        let mut down =
            json!({ "type": "keyDown", "key": name, "code": code, "windowsVirtualKeyCode": number });
        if !text.is_empty() {
            down["text"] = text.into();
        }
        self.ask("Input.dispatchKeyEvent", &down);
        let up = json!({ "type": "keyUp", "key": name, "code": code, "windowsVirtualKeyCode": number });
        self.ask("Input.dispatchKeyEvent", &up);
    }

    /// Presses Enter, which leads to another page.
    pub fn enter(&mut self) {
        self.key("Enter");
        self.arrive("Enter");
    }

    /// Presses keys, one after the other, which leads to another page: two have a blank between them.
    pub fn keys_lead(&mut self, keys: &str) {
        keys.split(' ').for_each(|key| self.key(key));
        self.arrive(keys);
    }

    /// Presses Tab until what has the focus has these words, or the field with this label has it.
    pub fn tab_to(&self, words: &str) {
        for _ in 0..200 {
            self.key("Tab");
            let there = self.eval(&format!(
                "const at = document.activeElement; return at === find({0}) || at === field({0});",
                Value::from(words)
            ));
            if there == Value::Bool(true) {
                return;
            }
        }
        panic!("“{words}” cannot be reached with Tab at {}", self.address());
    }

    /// Waits until an expression of the document holds; a minute that it does not is too long.
    pub fn until(&self, holds: &str) {
        let held = self.eval(&format!(
            "return await new Promise((done) => {{
               const holds = () => {{ try {{ return Boolean({holds}); }} catch {{ return false; }} }};
               if (holds()) return done(true);
               const watch = () => {{ if (holds()) {{ observer.disconnect(); clearInterval(again); done(true); }} }};
               const observer = new MutationObserver(watch);
               observer.observe(document, {{ subtree: true, childList: true, attributes: true, characterData: true }});
               // What stands in a field changes without the document changing.
               const again = setInterval(watch, 50);
               setTimeout(() => {{ clearInterval(again); done(false); }}, 60_000);
             }});"
        ));
        assert_eq!(
            held,
            Value::Bool(true),
            "{holds} did not come to hold at {}:\n{}",
            self.address(),
            self.text()
        );
    }

    /// Waits until the page says this.
    pub fn until_text(&self, text: &str) {
        self.until(&format!("document.body.innerText.includes({})", Value::from(text)));
    }

    /// What the page says.
    pub fn text(&self) -> String {
        self.eval("return document.body.innerText;").as_str().unwrap_or_default().to_owned()
    }

    /// Fails unless the page says this.
    pub fn says(&self, text: &str) {
        let shown = self.text();
        assert!(shown.contains(text), "{} does not say “{text}”:\n{shown}", self.address());
    }

    /// The path that is open, with its query.
    pub fn address(&self) -> String {
        self.eval("return location.pathname + location.search;").as_str().unwrap_or_default().to_owned()
    }

    /// Looks at the page in another way.
    pub fn look(&self, view: View) {
        let phone = view.is_phone();
        let size =
            json!({ "width": view.width, "height": view.height, "deviceScaleFactor": 1, "mobile": phone });
        self.ask("Emulation.setDeviceMetricsOverride", &size);
        self.ask("Emulation.setTouchEmulationEnabled", &json!({ "enabled": phone }));
        let scheme = if view.dark { "dark" } else { "light" };
        let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.ask("Emulation.setEmulatedMedia", &media);
    }

    /// From the next page on, no script of a page runs.
    pub fn without_scripts(&self) {
        self.ask("Emulation.setScriptExecutionDisabled", &json!({ "value": true }));
    }

    /// What is in sight, as PNG.
    pub fn picture(&self) -> Vec<u8> {
        let shot = self.ask("Page.captureScreenshot", &json!({ "format": "png", "optimizeForSpeed": false }));
        let data = shot["data"].as_str().expect("a picture is a text");
        base64::engine::general_purpose::STANDARD.decode(data).expect("it is base64")
    }

    /// Runs the body of a function in the page.
    pub fn eval(&self, body: &str) -> Value {
        let expression = format!("(async () => {{ {FINDING} {body} }})()");
        let asked = json!({ "expression": expression, "awaitPromise": true, "returnByValue": true, "userGesture": true });
        let mut answer = self.ask("Runtime.evaluate", &asked);
        assert!(answer.get("exceptionDetails").is_none(), "{body}\n{}", answer["exceptionDetails"]);
        answer["result"]["value"].take()
    }

    /// Defines what a script defines, for what runs later.
    pub(crate) fn define(&self, script: &str) {
        let defined = self.ask("Runtime.evaluate", &json!({ "expression": script }));
        assert!(defined.get("exceptionDetails").is_none(), "{}", defined["exceptionDetails"]);
    }

    /// Notes what has happened up to now.
    pub(crate) fn notice(&mut self) {
        // An answer comes after the events before it.
        self.ask("Runtime.evaluate", &json!({ "expression": "0" }));
        loop {
            let heard = self.wire.borrow_mut().heard(&self.session);
            let Some(event) = heard else { return };
            self.note(&event);
        }
    }

    /// Waits until another document is there, with everything that belongs to it.
    fn arrive(&mut self, awaited: &str) {
        let before = self.loader.clone();
        loop {
            let event = self.wire.borrow_mut().next(&self.session, awaited);
            self.note(&event);
            let loaded = event.method == "Page.lifecycleEvent" && event.params["name"] == "load";
            if loaded && self.loader != before && event.params["loaderId"] == self.loader.as_str() {
                return;
            }
        }
    }

    fn note(&mut self, event: &Event) {
        if event.method == "Page.frameNavigated" && event.params["frame"]["parentId"].is_null() {
            event.params["frame"]["loaderId"].as_str().unwrap_or_default().clone_into(&mut self.loader);
        }
        self.watch.note(event);
    }

    fn ask(&self, method: &str, params: &Value) -> Value {
        let answer = self.wire.borrow_mut().call(&self.session, method, params);
        answer.unwrap_or_else(|why| panic!("{method}: {why}"))
    }
}

// Enhancements only: every page works without this file.
(() => {
  "use strict";
  const typing = (at) => at instanceof Element && at.closest("input, textarea, select, [contenteditable]");
  const visible = (found) => found && found.getClientRects().length > 0;

  // Keys. An element says its own with `data-key`, as it usually is: fields are focused, of forms the first button, all else is clicked. Two keys
  // that follow each other have a blank between them. While somebody types, or with a modifier, keys are text.
  const own = JSON.parse(document.body.dataset.ownKeys ?? "{}");
  const singles = document.body.dataset.singleKeys !== "off";
  const pressedFor = (usual) => own[usual] ?? usual;
  const STEPS = ["w", "j", "k", "x", "v", "←", "→", "↑", "↓"];
  const ARROWS = { ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓" };
  const usualFor = (pressed) => STEPS.find((usual) => pressedFor(usual) === pressed);
  // What a screen reader says of them: of two keys that follow each other there is no way to say it.
  function tell(part) {
    for (const at of singles ? part.querySelectorAll("[data-key]") : []) {
      const pressed = pressedFor(at.dataset.key);
      if (!pressed.includes(" ") && !(at instanceof HTMLFormElement)) at.setAttribute("aria-keyshortcuts", pressed);
    }
  }
  let before = "", forget;
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      const form = event.target instanceof Element && event.target.closest("form");
      if (form) { event.preventDefault(); form.requestSubmit(); }
      return;
    }
    if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && going) {
      event.preventDefault();
      go().catch(() => { location.href = going.href; });
      return;
    }
    if (document.querySelector("dialog[open]")) return;
    if (event.key === "Escape" && typing(event.target)) { event.target.blur(); return; }
    if (typing(event.target) || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (!singles || ["Shift", "Tab"].includes(event.key)) return;
    const pressed = before + (ARROWS[event.key] ?? event.key);
    before = "";
    const step = usualFor(pressed);
    if (step === "w" ? why(event) : step && along(step, event)) return;
    const all = [...document.querySelectorAll("[data-key]")].filter(visible);
    const wanted = all.find((found) => pressedFor(found.dataset.key) === pressed);
    if (wanted) { event.preventDefault(); reach(wanted); return; }
    if (all.some((found) => pressedFor(found.dataset.key).startsWith(`${pressed} `))) {
      before = `${pressed} `;
      clearTimeout(forget);
      forget = setTimeout(() => { before = ""; }, 1500);
    }
  });
  function reach(wanted) {
    if (wanted instanceof HTMLFormElement) wanted.querySelector("button")?.focus();
    else if (typing(wanted) && !["radio", "checkbox"].includes(wanted.type)) { wanted.focus(); wanted.select?.(); }
    else wanted.click();
  }

  // From one entry of a list to the next, and choosing it.
  function along(step, event) {
    const columns = [...document.querySelectorAll("[data-column]")].map((column) => [...column.querySelectorAll("[data-card] a[id^=card]")]);
    if (columns.length) return across(step, event, columns.filter((cards) => cards.length));
    if (!["j", "k", "x"].includes(step)) return false;
    const here = document.activeElement?.closest("tr");
    if (step === "x") {
      const box = here?.querySelector('input[type="checkbox"]');
      if (!box) return false;
      box.click();
    } else {
      const entries = [...document.querySelectorAll('main tbody th[scope="row"] > a:first-of-type')].filter(visible);
      const at = entries.findIndex((entry) => here?.contains(entry));
      const next = at < 0 ? entries[0] : entries[at + (step === "j" ? 1 : -1)];
      if (!next) return false;
      next.focus();
    }
    event.preventDefault();
    return true;
  }

  // The same from card to card of a board, and to where one is moved. While no card has the focus, arrows up and down scroll as ever.
  function across(step, event, columns) {
    const away = { "←": [-1, 0], "→": [1, 0], "↑": [0, -1], k: [0, -1], "↓": [0, 1], j: [0, 1] }[step];
    const rows = columns.map((cards) => cards.findIndex((card) => card.closest("[data-card]").contains(document.activeElement)));
    const at = rows.findIndex((row) => row >= 0);
    let next;
    if (step === "v") next = columns[at]?.[rows[at]].closest("[data-card]").querySelector("a.moves");
    else if (away && at < 0) next = "↑↓".includes(step) ? null : columns[0]?.[0];
    else if (away) next = columns[at + away[0]]?.[away[0] ? Math.min(rows[at], columns[at + away[0]].length - 1) : rows[at] + away[1]];
    if (!next) return false;
    event.preventDefault();
    if (step === "v") next.click(); else next.focus();
    return true;
  }

  // Going somewhere, over the page: what can be done on it comes first, then what the page behind `data-go-to` finds.
  const going = document.querySelector("a[data-go-to]");
  let over;
  async function ways(typed) {
    const answer = await fetch(`${going.href}?q=${encodeURIComponent(typed)}`, { headers: { "HX-Request": "true" }, credentials: "same-origin" });
    if (answer.redirected || answer.status === 401) { location.href = going.href; return; }
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  }
  function deeds(typed) {
    const parts = typed.toLowerCase().split(/\s+/).filter(Boolean);
    const all = [...document.querySelectorAll("main [data-key]")].filter((at) => visible(at) && !typing(at) && at.textContent.trim() && !(at instanceof HTMLFormElement));
    return parts.length ? all.filter((at) => parts.every((part) => at.textContent.toLowerCase().split(/\s+/).some((word) => word.startsWith(part)))) : all;
  }
  // `found` is a part with the id `ways`, of the page that was fetched or already over this one.
  function show(found, typed) {
    const list = found.querySelector(".ways") ?? Object.assign(document.createElement("ul"), { className: "ways" });
    for (const deed of deeds(typed).reverse()) {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "plain", textContent: deed.textContent.trim() });
      const key = document.createElement("kbd");
      key.textContent = pressedFor(deed.dataset.key);
      button.append(" ", key);
      button.addEventListener("click", () => { over.close(); reach(deed); });
      const entry = document.createElement("li");
      entry.append(button);
      list.prepend(entry);
    }
    const part = over.querySelector("#ways");
    part.replaceChildren(...(list.children.length ? [list] : found.children));
  }
  async function go() {
    if (over?.open) { over.close(); return; }
    const found = await ways("");
    if (!found) return;
    over = document.createElement("dialog");
    over.className = "go";
    over.setAttribute("aria-label", "Go to");
    over.append(...found.body.children);
    over.querySelector("h1")?.classList.add("unseen");
    document.body.append(over);
    over.addEventListener("close", () => over.remove());
    over.addEventListener("click", (event) => { if (event.target === over) over.close(); });
    over.showModal();
    const field = over.querySelector("[data-go]");
    show(over.querySelector("#ways"), "");
    field.value = "";
    field.focus();
    let asked = 0;
    field.addEventListener("input", async () => {
      const turn = ++asked, typed = field.value;
      const next = await ways(typed).catch(() => undefined);
      if (next && turn === asked) show(next.querySelector("#ways"), typed);
    });
    over.addEventListener("keydown", (event) => {
      const entries = [...over.querySelectorAll(".ways a, .ways button")];
      const at = entries.indexOf(document.activeElement);
      if (event.key === "Enter" && at < 0 && entries.length) { event.preventDefault(); entries[0].click(); return; }
      if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
      event.preventDefault();
      (entries[at + (event.key === "ArrowDown" ? 1 : -1)] ?? field).focus();
    });
  }
  going?.addEventListener("click", (event) => { event.preventDefault(); go().catch(() => { location.href = going.href; }); });

  // `w` asks why: it opens the nearest reason, in the row or part that has the focus, else the first of the page; where there is none, it is a key like
  // any other.
  function why(event) {
    const near = document.activeElement?.closest("tr, li, section, form");
    const wanted = near?.querySelector("[data-why]") ?? document.querySelector("main [data-why]");
    if (!wanted) return false;
    event.preventDefault();
    if (wanted instanceof HTMLDetailsElement) { wanted.open = !wanted.open; wanted.querySelector("summary")?.focus(); }
    else { wanted.click(); }
    return true;
  }

  // The summary of what is wrong gets the focus, so that it is read first.
  function focusErrors() { document.querySelector("[data-focus]")?.focus(); }

  // Parts that are alive: `data-live="TOPIC"` with `data-live-from="PATH"` is fetched again when its topic comes up. Of a whole page, a part with
  // an `id` takes its own part alone.
  // A part in which somebody types, or out of which they drag, waits until they leave it. What has the focus keeps it.
  const waiting = new Set();
  async function refresh(from, parts) {
    const answer = await fetch(from, { headers: { "HX-Request": "true" }, credentials: "same-origin" });
    if (!answer.ok) return;
    const text = await answer.text();
    for (const part of parts) if (part.isConnected) put(part, text);
  }
  function put(part, text) {
    const at = part.contains(document.activeElement) ? document.activeElement : null;
    if (typing(at) || dragged && part.contains(dragged)) { waiting.add(part); return; }
    const own = part.id && new DOMParser().parseFromString(text, "text/html").getElementById(part.id);
    const chosen = [...part.querySelectorAll('input[type="checkbox"]:checked')].map((box) => box.value);
    part.innerHTML = own ? own.innerHTML : text;
    for (const box of part.querySelectorAll('input[type="checkbox"]')) box.checked ||= chosen.includes(box.value);
    window.htmx?.process?.(part);
    tell(part);
    if (at?.id) document.getElementById(at.id)?.focus({ preventScroll: true });
  }
  function touched(topic) {
    const all = [...document.querySelectorAll("[data-live][data-live-from]")];
    again(all.filter((part) => topic === null || part.dataset.live === topic));
  }
  // What comes from one address is fetched once.
  function again(parts) {
    for (const from of new Set(parts.map((part) => part.dataset.liveFrom))) {
      refresh(from, parts.filter((part) => part.dataset.liveFrom === from)).catch(() => {});
    }
  }
  const late = () => setTimeout(() => {
    const parts = [...waiting];
    waiting.clear();
    again(parts);
  });
  document.addEventListener("focusout", late);
  function listen() {
    const source = document.body.dataset.liveSource;
    if (!source || !document.querySelector("[data-live]")) return;
    const stream = new EventSource(source);
    let opened = false;
    stream.addEventListener("open", () => { if (opened) touched(null); opened = true; });
    stream.addEventListener("topic", (event) => touched(event.data));
    stream.addEventListener("resync", () => touched(null));
    window.addEventListener("pagehide", () => stream.close());
    window.addEventListener("pageshow", (event) => { if (event.persisted) listen(); });
  }

  // Cards of a board are dragged from column to column: the form `moves` sends what is dropped to `data-card`.
  let dragged;
  const below = (event) => dragged && event.target instanceof Element && event.target.closest("[data-column]");
  const mark = (column) => { for (const at of document.querySelectorAll("[data-column]")) at.toggleAttribute("data-over", at === column); };
  document.addEventListener("dragstart", (event) => {
    dragged = event.target instanceof Element && event.target.closest('[data-card][draggable="true"]');
    if (dragged) event.dataTransfer?.setData("text/plain", "");
  });
  document.addEventListener("dragover", (event) => { const column = below(event); if (column) { event.preventDefault(); mark(column); } });
  document.addEventListener("dragend", () => { dragged = undefined; mark(null); late(); });
  document.addEventListener("drop", (event) => {
    const to = below(event), from = dragged && dragged.closest("[data-column]");
    if (!to) return;
    event.preventDefault();
    if (to === from) return;
    const form = document.getElementById("moves");
    form.action = dragged.dataset.card;
    [form.elements.was.value, form.elements.to.value] = [from.dataset.column, to.dataset.column];
    form.requestSubmit();
  });

  // What is typed into a form with `data-draft="PATH"` is kept there a moment later, so that nothing is lost and nobody answers at the same time.
  for (const form of document.querySelectorAll("form[data-draft]")) {
    let later, under;
    const stop = () => { clearTimeout(later); under?.abort(); };
    form.addEventListener("input", () => {
      stop();
      later = setTimeout(() => {
        under = new AbortController();
        fetch(form.dataset.draft, { method: "POST", body: new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string")), credentials: "same-origin", signal: under.signal }).catch(() => {});
      }, 1000);
    });
    form.addEventListener("submit", stop);
  }

  // A button with `data-puts` puts what is chosen before it into the text of its form: what the page behind it says stands there then, to be read
  // and sent. Enter in the choice presses it.
  document.addEventListener("click", (event) => {
    const at = event.target instanceof Element && event.target.closest("button[data-puts]");
    if (!at) return;
    event.preventDefault();
    puts(at).catch(() => { at.removeAttribute("data-puts"); at.click(); });
  });
  document.addEventListener("keydown", (event) => {
    const at = event.key === "Enter" && event.target instanceof HTMLSelectElement && event.target.parentElement.querySelector("button[data-puts]");
    if (at && !event.ctrlKey && !event.metaKey) { event.preventDefault(); at.click(); }
  });
  async function puts(at) {
    const form = at.form;
    const typed = [...new FormData(form)].filter(([, value]) => typeof value === "string");
    const answer = await fetch(at.formAction, { method: "POST", body: new URLSearchParams(typed), credentials: "same-origin" });
    const next = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(form.id);
    if (answer.redirected || !next) throw new Error("it was not put in");
    form.elements.text.value = next.elements.text.value;
    for (const one of form.querySelectorAll('input[type="radio"]')) one.checked = next.querySelector(`#${one.id}`)?.checked;
    form.querySelector("#with").replaceChildren(...next.querySelector("#with").children);
    form.querySelector(".notice.failed")?.remove();
    const wrong = next.querySelector(".notice.failed");
    if (wrong) form.prepend(wrong);
    at.parentElement.querySelector("select").value = "";
    form.elements.text.focus();
  }

  // Files that are dropped on a form, or pasted into its text, are attached to it, behind those that were chosen.
  const field = (event) => event.target instanceof Element && event.target.closest("form")?.querySelector('input[type="file"]');
  function attach(event, files) {
    const to = field(event);
    if (!to || !files?.length) return;
    event.preventDefault();
    const all = new DataTransfer();
    for (const file of [...(to.multiple ? to.files : []), ...files]) all.items.add(file);
    to.files = all.files;
    to.dispatchEvent(new Event("change", { bubbles: true }));
  }
  document.addEventListener("paste", (event) => attach(event, event.clipboardData?.files));
  document.addEventListener("drop", (event) => attach(event, event.dataTransfer?.files));
  document.addEventListener("dragover", (event) => {
    if (event.dataTransfer?.types.includes("Files") && field(event)) event.preventDefault();
  });
  // Which, is said: the browser shows how many.
  document.addEventListener("change", (event) => {
    const at = event.target;
    if (!(at instanceof HTMLInputElement) || at.type !== "file" || !at.multiple) return;
    const said = at.parentElement.querySelector("output") ?? at.parentElement.appendChild(Object.assign(document.createElement("output"), { className: "hint" }));
    said.textContent = [...at.files].map((file) => `${file.name}, ${Math.ceil(file.size / 1024)} kB`).join("; ");
  });

  // What was chosen by the link that led here is said at once, by whoever sees the page: programs that open links see none.
  const atOnce = document.querySelector("form[data-at-once]");
  function sayAtOnce() {
    if (!atOnce || document.hidden) return;
    document.removeEventListener("visibilitychange", sayAtOnce);
    atOnce.querySelector(`button[value="${CSS.escape(atOnce.dataset.atOnce)}"]`)?.click();
  }
  document.addEventListener("visibilitychange", sayAtOnce);
  setTimeout(sayAtOnce, 300);

  // A part with `data-presence="PATH"` says there that somebody looks, as long as they do, and shows who else does.
  async function present(part) {
    if (document.hidden || !part.isConnected) return;
    const writes = document.activeElement?.closest("form[data-draft]") && document.activeElement.value;
    const body = new URLSearchParams({ doing: writes ? "writes" : "looks" });
    const answer = await fetch(part.dataset.presence, { method: "POST", body, credentials: "same-origin", headers: { "HX-Request": "true" } });
    if (answer.ok) part.innerHTML = await answer.text();
  }
  for (const part of document.querySelectorAll("[data-presence]")) setInterval(() => present(part).catch(() => {}), 25000);

  tell(document);
  focusErrors();
  listen();
})();

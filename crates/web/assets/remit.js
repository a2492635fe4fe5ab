// Enhancements only: every page works without this file.
(() => {
  "use strict";
  const typing = (at) => at instanceof Element && at.closest("input, textarea, select, [contenteditable]");
  const visible = (found) => found && found.getClientRects().length > 0;

  // Keys. An element says its own with `data-key`: fields are focused, all else is clicked. While somebody types, or with
  // a modifier, keys are text.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      const form = event.target instanceof Element && event.target.closest("form");
      if (form) { event.preventDefault(); form.requestSubmit(); }
      return;
    }
    if (event.key === "Escape" && typing(event.target)) { event.target.blur(); return; }
    if (typing(event.target) || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "w" && why(event)) return;
    const wanted = [...document.querySelectorAll("[data-key]")].find((found) => found.dataset.key === event.key && visible(found));
    if (!wanted) return;
    event.preventDefault();
    if (typing(wanted)) { wanted.focus(); wanted.select?.(); } else { wanted.click(); }
  });

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
  // A part in which somebody types waits until they leave it.
  const waiting = new Set();
  async function refresh(part) {
    if (!part.isConnected) return;
    if (typing(document.activeElement) && part.contains(document.activeElement)) { waiting.add(part); return; }
    const answer = await fetch(part.dataset.liveFrom, { headers: { "HX-Request": "true" }, credentials: "same-origin" });
    if (!answer.ok || !part.isConnected) return;
    const text = await answer.text();
    const own = part.id && new DOMParser().parseFromString(text, "text/html").getElementById(part.id);
    const chosen = [...part.querySelectorAll('input[type="checkbox"]:checked')].map((box) => box.value);
    part.innerHTML = own ? own.innerHTML : text;
    for (const box of part.querySelectorAll('input[type="checkbox"]')) box.checked ||= chosen.includes(box.value);
    window.htmx?.process?.(part);
  }
  function touched(topic) {
    for (const part of document.querySelectorAll("[data-live][data-live-from]")) {
      if (topic === null || part.dataset.live === topic) refresh(part).catch(() => {});
    }
  }
  document.addEventListener("focusout", () => setTimeout(() => {
    for (const part of waiting) { waiting.delete(part); refresh(part).catch(() => {}); }
  }));
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

  // A part with `data-presence="PATH"` says there that somebody looks, as long as they do, and shows who else does.
  async function present(part) {
    if (document.hidden || !part.isConnected) return;
    const writes = document.activeElement?.closest("form[data-draft]") && document.activeElement.value;
    const body = new URLSearchParams({ doing: writes ? "writes" : "looks" });
    const answer = await fetch(part.dataset.presence, { method: "POST", body, credentials: "same-origin", headers: { "HX-Request": "true" } });
    if (answer.ok) part.innerHTML = await answer.text();
  }
  for (const part of document.querySelectorAll("[data-presence]")) setInterval(() => present(part).catch(() => {}), 25000);

  focusErrors();
  listen();
})();

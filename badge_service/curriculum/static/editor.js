// Saves a step as it is typed, finds alignments without leaving the page, adds up hours. Everything works without it, too.
(() => {
  "use strict";

  const form = document.getElementById("editor");
  if (!form) return;
  const said = document.getElementById("editor-said");
  const stale = document.getElementById("editor-stale");
  const out = document.getElementById("editor-out");
  const PAUSE = 1200, AGAIN = 10000;
  let changed = false, saving = null, waiting = 0, leaving = false;

  // A page that the browser kept in memory knows nothing of what was saved since.
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

  const say = (words) => { said.textContent = words; };
  const time = () => new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" }).format(new Date());

  const replace = (place, html) => {
    const open = new Set([...place.querySelectorAll("details[open]")].map((one) => one.id));
    const focused = place.contains(document.activeElement);
    if (focused) return;
    const fresh = new DOMParser().parseFromString(html, "text/html").body;
    for (const one of fresh.querySelectorAll("details")) if (open.has(one.id)) one.open = true;
    place.replaceChildren(...fresh.childNodes);
  };

  const save = () => {
    clearTimeout(waiting);
    if (!saving && changed && !leaving) saving = send().finally(() => { saving = null; if (changed && !waiting) later(); });
    return saving;
  };
  const send = async () => {
    changed = false;
    waiting = 0;
    say(form.dataset.saving);
    const asked = { method: "POST", body: new FormData(form), headers: { Accept: "application/json" }, redirect: "error" };
    const answer = await fetch(form.dataset.autosave, asked).catch(() => null);
    if (answer?.ok) {
      const known = await answer.json();
      form.elements.opened.value = known.opened;
      replace(document.getElementById("editor-steps"), known.steps);
      replace(document.getElementById("editor-checklist"), known.checklist);
      stale.hidden = out.hidden = true;
      say(form.dataset.saved.replace("{time}", time()));
      return;
    }
    changed = true;
    waiting = setTimeout(save, AGAIN);
    if (answer?.status === 409) { say(""); stale.hidden = false; }
    else if (answer?.status === 401) { say(""); out.hidden = false; }
    else say(answer && answer.status < 500 && answer.status !== 429 ? form.dataset.refused : form.dataset.unsavedWords);
  };
  const later = () => { clearTimeout(waiting); waiting = setTimeout(save, PAUSE); };

  const isAsking = (field) => field.name?.startsWith("find:") || field.type === "file";
  form.addEventListener("input", (event) => { if (!isAsking(event.target)) { changed = true; later(); } });
  form.addEventListener("change", (event) => { if (!isAsking(event.target)) { changed = true; save(); } });
  form.addEventListener("focusout", () => { if (changed) save(); });
  window.addEventListener("beforeunload", (event) => { if ((changed || saving) && !leaving) event.preventDefault(); });

  // A link out of the page waits until what was just typed is saved; if that fails, the browser asks.
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[href]");
    if (!link || link.target || link.getAttribute("href").startsWith("#") || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (!changed && !saving) return;
    event.preventDefault();
    await saving;
    await save();
    location.assign(link.href);
  });

  // What is being saved now must have arrived before the whole form follows: it would seem to be another's change.
  form.addEventListener("submit", async (event) => {
    leaving = true;
    clearTimeout(waiting);
    if (!saving) return;
    event.preventDefault();
    const button = event.submitter;
    await saving;
    delete form.dataset.sent;
    form.requestSubmit(button);
  });

  // Finding and suggesting show their answer in place; nothing typed is touched.
  const look = async (place, asked) => {
    const picker = form.querySelector(`.picker[data-place="${CSS.escape(place)}"]`);
    const results = picker?.querySelector("[id^='picked-']");
    if (!results) return false;
    const address = new URL(location.pathname, location.href);
    address.search = new URLSearchParams({ at: place, ...asked });
    const answer = await fetch(address, { headers: { Accept: "text/html" } });
    const fresh = answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(results.id);
    if (!fresh) return false;
    results.replaceChildren(...fresh.childNodes);
    return true;
  };
  const find = async (button) => {
    const [verb, place] = [button.value.slice(0, button.value.indexOf(":")), button.value.slice(button.value.indexOf(":") + 1)];
    const text = form.elements[`find:${place}`].value.trim();
    if (verb === "find" && !text) { form.elements[`find:${place}`].focus(); return; }
    if (verb === "suggest") await save();
    button.disabled = true;
    const shown = await look(place, verb === "find" ? { find: text } : { suggest: "1" }).catch(() => false);
    button.disabled = false;
    if (!shown) form.requestSubmit(button);
  };
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[name='do']");
    if (!button || !/^(find|suggest):/.test(button.value)) return;
    event.preventDefault();
    find(button);
  });
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.name?.startsWith("find:")) return;
    event.preventDefault();
    find(form.querySelector(`button[value="${CSS.escape(event.target.name)}"]`));
  });

  // The verbs that fit the kind of outcome chosen.
  form.addEventListener("change", (event) => {
    if (!event.target.name?.endsWith(".kind")) return;
    for (const one of event.target.closest("fieldset")?.querySelectorAll("[data-verbs]") ?? []) one.hidden = one.dataset.verbs !== event.target.value;
  });

  // Hours add up while they are typed; a total that nobody typed otherwise follows its parts.
  const hours = form.querySelector("[data-hours]");
  if (hours) {
    const total = form.elements["workload_hours.total"];
    const parts = ["guided", "practice", "self_study", "assessment"].map((name) => form.elements[`workload_hours.${name}`]);
    const line = hours.querySelector("[data-sum]");
    const number = (field) => Number((field.value.trim() || "0").replace(",", "."));
    const sum = () => Math.round(parts.reduce((found, field) => found + number(field), 0) * 1e6) / 1e6;
    const show = () => {
      const now = sum();
      if (!Number.isFinite(now) || !now) { line.textContent = ""; return; }
      const fits = number(total) === now;
      line.textContent = (fits ? line.dataset.fits : line.dataset.differs).replace("{sum}", now).replace("{total}", total.value);
    };
    let follows = !total.value.trim() || number(total) === sum();
    total.addEventListener("input", () => { follows = !total.value.trim(); show(); });
    for (const field of parts) field.addEventListener("input", () => {
      if (follows && Number.isFinite(sum()) && sum()) total.value = String(sum());
      show();
    });
    show();
  }
})();

// The matrix saves itself, learner by learner; without this script one button saves everything.
(() => {
  "use strict";
  const form = document.querySelector("form[data-assess]");
  if (!form) return;
  const state = form.querySelector("[data-state]");
  const summary = form.querySelector("[data-summary]");
  const notice = form.querySelector("[data-notice]");
  const button = form.querySelector("[data-save]");
  const busy = new Map();
  const failed = new Map(); // learner -> why; "Saved" is said only when nobody is in here
  button.hidden = !form.querySelector(".complaints");

  // Ready-made pieces of our own pages; parsed, never run.
  const put = (place, html) => {
    const parsed = new DOMParser().parseFromString(html, "text/html");
    place.replaceChildren(...parsed.body.childNodes);
  };

  const tell = () => {
    const [why] = failed.values();
    state.textContent = why || (busy.size ? form.dataset.saving : form.dataset.saved);
    button.hidden = failed.size === 0;
  };

  const fieldsOf = (learner) => {
    const fields = new URLSearchParams();
    fields.set("csrf_token", form.elements.csrf_token.value);
    const sent = learner.querySelectorAll("input:checked, input[type=hidden], textarea");
    for (const field of sent) fields.set(field.name, field.value);
    return fields;
  };

  // What was saved is from now on what this page has seen; what somebody else set is shown unless it was touched again.
  const remember = (learner, sent, theirs) => {
    const shown = fieldsOf(learner);
    for (const field of learner.querySelectorAll("input, textarea")) {
      if (field.type === "hidden") {
        const name = field.name.slice("was:".length);
        if (sent.has(name)) field.value = theirs[name] ?? sent.get(name);
      } else if (field.name in theirs && shown.get(field.name) === sent.get(field.name)) {
        if (field.type === "radio") field.checked = field.value === theirs[field.name];
        else field.value = theirs[field.name];
      }
    }
  };

  const show = (learner, sent, answer, changedAgain) => {
    const standing = learner.querySelector("[data-standing]");
    const typing = standing.contains(document.activeElement);
    remember(learner, sent, answer.theirs);
    if (!typing && !changedAgain) put(standing, answer.status);
    put(summary, answer.summary);
    if (answer.notice) {
      put(notice, answer.notice);
      notice.scrollIntoView({ block: "nearest" });
    }
    learner.classList.toggle("learner-ready", answer.status.includes("standing-ready"));
  };

  const send = async (learner, number) => {
    const sent = fieldsOf(learner);
    const answer = await fetch(form.dataset.assess + number, { method: "POST", body: sent });
    if (answer.status === 422) return (await answer.json()).problem;
    if (!answer.ok) return form.dataset.unsavedWords;
    show(learner, sent, await answer.json(), busy.get(number) === "again");
    form.dispatchEvent(new CustomEvent("kept:saved", { detail: [...sent] })); // keeping.js forgets it
    return "";
  };

  const save = async (learner) => {
    const number = learner.dataset.learner;
    if (busy.has(number)) { busy.set(number, "again"); return; }
    busy.set(number, "once");
    tell();
    const why = await send(learner, number).catch(() => form.dataset.unsavedWords);
    const again = busy.get(number) === "again";
    busy.delete(number);
    failed.delete(learner);
    if (why) failed.set(learner, why);
    tell();
    if (again) save(learner);
    else if (!why) retry();
  };

  const retry = () => { for (const learner of [...failed.keys()]) save(learner); };

  form.addEventListener("change", (event) => {
    const learner = event.target.closest("[data-learner]");
    if (learner) save(learner);
  });

  // In a cell a digit sets the level that bears it, 0 none; the next cell is ready for the next digit.
  form.addEventListener("keydown", (event) => {
    const cell = event.target.type === "radio" && event.target.closest(".cell");
    if (!cell || event.ctrlKey || event.altKey || event.metaKey) return;
    const bears = (level) => (event.key === "0" ? "–" : event.key) === level.querySelector("b").textContent;
    const level = [...cell.querySelectorAll(".level")].find(bears);
    if (!level) return;
    event.preventDefault();
    level.querySelector("input").click();
    const cells = [...form.querySelectorAll(".cell")];
    const next = cells[cells.indexOf(cell) + 1] || cell;
    next.querySelector("input:checked").focus();
  });
  const keys = form.querySelector("[data-keys]");
  if (keys) keys.hidden = !window.matchMedia("(any-pointer: fine)").matches;

  window.addEventListener("online", retry);
  setInterval(retry, 15000); // "online" is not said when a bad connection becomes a good one
})();

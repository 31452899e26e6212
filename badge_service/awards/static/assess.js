// The matrix saves itself, learner by learner; without this script one button saves everything.
(() => {
  "use strict";
  const form = document.querySelector("form[data-assess]");
  if (!form) return;
  const state = form.querySelector("[data-state]");
  const summary = form.querySelector("[data-summary]");
  const button = form.querySelector("[data-save]");
  const busy = new Map();
  button.hidden = true;

  const say = (words) => { state.textContent = words; };

  // Ready-made pieces of our own pages; parsed, never run.
  const put = (place, html) => {
    const parsed = new DOMParser().parseFromString(html, "text/html");
    place.replaceChildren(...parsed.body.childNodes);
  };

  const fieldsOf = (learner) => {
    const fields = new URLSearchParams();
    fields.set("csrf_token", form.elements.csrf_token.value);
    for (const field of learner.querySelectorAll("input:checked, textarea")) fields.set(field.name, field.value);
    return fields;
  };

  const show = (learner, answer) => {
    const standing = learner.querySelector("[data-standing]");
    const typing = standing.contains(document.activeElement);
    if (!typing) put(standing, answer.status);
    put(summary, answer.summary);
    learner.classList.toggle("learner-ready", answer.status.includes("standing-ready"));
  };

  const save = async (learner) => {
    const number = learner.dataset.learner;
    if (busy.has(number)) { busy.set(number, "again"); return; }
    busy.set(number, "once");
    say(form.dataset.saving);
    try {
      const answer = await fetch(form.dataset.assess + number, { method: "POST", body: fieldsOf(learner) });
      if (!answer.ok) throw new Error(String(answer.status));
      show(learner, await answer.json());
      say(form.dataset.saved);
      button.hidden = true;
    } catch {
      say(form.dataset.unsavedWords);
      button.hidden = false;
    }
    const again = busy.get(number) === "again";
    busy.delete(number);
    if (again) save(learner);
  };

  form.addEventListener("change", (event) => {
    const learner = event.target.closest("[data-learner]");
    if (learner) save(learner);
  });
})();

// Forms on a bad connection: what is entered stays on this device until the service has it, and is sent once.
//
// <form data-keep method="post"> with {{ once_field() }} in it. While somebody types, the form is noted in localStorage;
// when it is sent, it is sent by fetch, and sent again (the same, with the same key) until there is an answer. A script
// that saves parts of a form itself (data-keep="typed") says so: new CustomEvent("kept:saved", { detail: [[name, value]] }).
// Hidden fields, files and tokens are never noted. Signing out forgets everything.
(() => {
  "use strict";
  const PREFIX = "kept:";
  const DAYS = 7;
  const TIMEOUT = 30000;
  const PAUSE = 15000;
  const place = document.getElementById("kept");
  if (!place) return;
  const words = place.dataset;
  const owner = words.owner;

  // localStorage may be full or forbidden: then a form is only a form.
  const store = {
    read(name) {
      try { return JSON.parse(localStorage.getItem(name)); } catch { return null; }
    },
    write(name, note) {
      try { localStorage.setItem(name, JSON.stringify(note)); return true; } catch { return false; }
    },
    drop(name) {
      try { localStorage.removeItem(name); } catch { /* nothing was kept */ }
    },
    names() {
      try { return Object.keys(localStorage).filter((name) => name.startsWith(PREFIX)); } catch { return []; }
    },
  };

  const say = (sentence, address, link) => {
    const said = document.createElement("p");
    said.textContent = sentence || "";
    if (address) {
      const way = document.createElement("a");
      way.href = address;
      way.textContent = link;
      said.append(" ", way);
    }
    place.replaceChildren(said);
    place.hidden = !sentence;
  };

  const pathOf = (address) => {
    const { pathname, search } = new URL(address, location.href);
    return pathname + search;
  };
  const here = pathOf(location.href);
  // A form that its own script saves is never sent from a note, and may have one on each page of a long list.
  const nameOf = (form) => PREFIX + owner + ":" + (form.dataset.keep === "typed" ? here : pathOf(form.action));
  const own = () => store.names().filter((name) => name.startsWith(PREFIX + owner + ":"));

  const contentOf = (form, button) => {
    const content = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== "csrf_token");
    if (button && button.name) content.push([button.name, button.value]);
    return content;
  };
  const filesOf = (form) => [...new FormData(form)].filter(([, value]) => typeof value !== "string" && value.size);
  const controls = (form) => [...form.elements].filter((one) => one.name && one.type !== "hidden" && one.type !== "file");

  const changes = (form, note) => {
    const kept = (pairs, name) => pairs.filter(([other]) => other === name).map(([, value]) => value);
    return controls(form).filter((one) => {
      if (one.tagName === "BUTTON") return false;
      const before = kept(note.base, one.name);
      const after = kept(note.content, one.name);
      if (one.type === "checkbox" || one.type === "radio") return before.includes(one.value) !== after.includes(one.value);
      return (before[0] ?? "") !== (after[0] ?? "");
    });
  };

  // Only what this person changed is put back: what others have changed meanwhile stays as they left it.
  const putBack = (form, note) => {
    const touched = [];
    for (const one of changes(form, note)) {
      const values = note.content.filter(([name]) => name === one.name).map(([, value]) => value);
      const place = one.type === "checkbox" || one.type === "radio" ? "checked" : "value";
      const wanted = place === "checked" ? values.includes(one.value) : values[0] ?? "";
      if (one[place] === wanted) continue;
      one[place] = wanted;
      touched.push(one);
    }
    for (const one of touched) {
      if (one.type !== "radio" || one.checked) one.dispatchEvent(new Event("change", { bubbles: true }));
    }
    return touched.length;
  };

  const tokenOf = (page) => page.querySelector("input[name=csrf_token]")?.value;

  const fetched = async (address, options) => {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), TIMEOUT);
    try { return await fetch(address, { ...options, signal: stop.signal }); } finally { clearTimeout(timer); }
  };

  const post = (address, content, token) => {
    const body = new FormData();
    for (const [name, value] of content) body.append(name, value);
    body.set("csrf_token", token || "");
    return fetched(address, { method: "POST", body, headers: { "X-Kept-Form": "1" }, redirect: "manual" });
  };

  // The protection of a form ends with the session; after signing in again a fresh page has a fresh one.
  const freshToken = async (page) => {
    const answer = await fetched(page, { redirect: "manual" });
    if (!answer.ok) return null;
    return tokenOf(new DOMParser().parseFromString(await answer.text(), "text/html"));
  };

  // What became of it: "done" (with where to go), "later", "signed out", or "refused".
  const deliver = async (address, page, content) => {
    try {
      let answer = await post(address, content, tokenOf(document));
      if (answer.status === 400 || answer.status === 401) {
        const token = await freshToken(page);
        if (!token) return { became: "signed out" };
        answer = await post(address, content, token);
      }
      if (answer.type === "opaqueredirect") return { became: "done", go: page };
      if (answer.status === 401) return { became: "signed out" };
      if (answer.status === 429 || answer.status >= 500) return { became: "later" };
      if (!answer.ok) return { became: "refused" };
      return { became: "done", go: (await answer.json().catch(() => ({}))).go || page };
    } catch {
      return { became: "later" };
    }
  };

  const leave = (address) => {
    for (const form of document.querySelectorAll("form")) form.dataset.sent = "yes"; // no question about unsaved words
    if (pathOf(address) === here) location.reload();
    else location.assign(address);
  };

  const sendAsForm = (form, button) => {
    if (button && button.name) {
      const pressed = document.createElement("input");
      pressed.type = "hidden";
      pressed.name = button.name;
      pressed.value = button.value;
      form.append(pressed);
    }
    HTMLFormElement.prototype.submit.call(form);
  };

  const forms = [...document.querySelectorAll("form[data-keep]")];
  const bases = new Map(forms.map((form) => [form, contentOf(form)]));
  let timer = 0;
  const tryLater = () => { clearTimeout(timer); timer = setTimeout(sendWaiting, PAUSE); };

  const tell = (became, page) => {
    if (became === "later") { say(words.waiting); tryLater(); }
    if (became === "signed out") say(words.signedOut, words.signIn && words.signIn + "?next=" + encodeURIComponent(page), words.signInWords);
    if (became === "refused") say(words.refused, page === here ? "" : page, words.open);
  };

  const submit = async (form, button) => {
    const name = nameOf(form);
    const content = contentOf(form, button);
    const files = filesOf(form);
    const note = { content, base: bases.get(form), page: here, at: Date.now(), sent: !files.length };
    store.write(name, note);
    say(words.sending);
    const { became, go } = await deliver(form.action, here, [...content, ...files]);
    delete form.dataset.sent;
    if (became === "done") { store.drop(name); leave(go); return; }
    if (became !== "refused") { tell(files.length && became === "later" ? "" : became, here); }
    if (became === "later" && files.length) say(words.fileWaiting);
    if (became === "refused") { store.write(name, { ...note, sent: false }); sendAsForm(form, button); }
  };

  let sending = false;
  const sendWaiting = async () => {
    if (sending) return;
    sending = true;
    for (const name of own()) {
      const note = store.read(name);
      if (!note || !note.sent) continue;
      const { became, go } = await deliver(name.slice((PREFIX + owner + ":").length), note.page, note.content);
      const still = store.read(name);
      if (!still || still.at !== note.at) continue; // sent again from its own page meanwhile
      if (became === "done") {
        store.drop(name);
        if (note.page === here) { leave(go); return; }
        say(words.sent);
      } else {
        if (became === "refused") store.write(name, { ...note, sent: false });
        tell(became, note.page);
        if (became === "later" || became === "signed out") break;
      }
    }
    sending = false;
  };

  const noteDown = (form) => {
    const note = { content: contentOf(form), base: bases.get(form), page: here, at: Date.now(), sent: false };
    if (changes(form, note).length) store.write(nameOf(form), note);
    else store.drop(nameOf(form));
  };

  for (const form of forms) {
    const note = store.read(nameOf(form));
    if (note && putBack(form, note)) {
      if (!note.sent) say(words.back);
    } else if (note && !note.sent) {
      store.drop(nameOf(form));
    }
    let soon = 0;
    // A stranger's browser may be anybody's: only what was sent waits there, nothing half typed.
    if (owner) {
      form.addEventListener("input", () => { clearTimeout(soon); soon = setTimeout(() => noteDown(form), 300); });
    }
    form.addEventListener("kept:saved", (event) => {
      clearTimeout(soon);
      const saved = new Set(event.detail.map(([name]) => name));
      bases.set(form, [...bases.get(form).filter(([name]) => !saved.has(name)), ...event.detail]);
      noteDown(form);
    });
    if (form.dataset.keep === "typed") continue; // its own script sends it
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (form.dataset.sent) return;
      clearTimeout(soon);
      submit(form, event.submitter);
    });
  }

  for (const form of document.querySelectorAll("form[data-signs-out]")) {
    form.addEventListener("submit", (event) => {
      if (own().length && !window.confirm(words.lose)) { event.preventDefault(); event.stopPropagation(); return; }
      for (const name of store.names()) store.drop(name);
    });
  }

  for (const name of store.names()) {
    const note = store.read(name);
    if (!note || Date.now() - note.at > DAYS * 86400000) store.drop(name);
  }
  sendWaiting();
  window.addEventListener("online", sendWaiting);
})();

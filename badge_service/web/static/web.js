// Small helps for pages that already work without it: focus on mistakes, copy buttons, sending once, leaving unsaved forms.
(() => {
  "use strict";

  const mistakes = document.querySelector("[data-focus]");
  if (mistakes) mistakes.focus();

  for (const button of document.querySelectorAll("[data-copy]")) {
    if (!navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      const field = document.getElementById(button.dataset.copy);
      await navigator.clipboard.writeText(field.value ?? field.textContent.trim());
      const words = button.textContent;
      button.textContent = button.dataset.copied || words;
      setTimeout(() => { button.textContent = words; }, 2000);
    });
  }

  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }

  // A second press on the same button would send the same form twice.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent) { event.preventDefault(); return; }
    if (form.method.toLowerCase() !== "post") return;
    form.dataset.sent = "yes";
    setTimeout(() => { delete form.dataset.sent; }, 4000);
  });

  for (const form of document.querySelectorAll("form[data-unsaved]")) {
    let changed = false;
    const warn = (event) => { if (changed && !form.dataset.sent) event.preventDefault(); };
    form.addEventListener("input", () => { changed = true; });
    window.addEventListener("beforeunload", warn);
  }

  // <div data-refresh="/address"> shows work in progress: its inside is fetched anew until the answer has no data-refresh.
  // data-pause says how many seconds lie between (1.5 where nothing is said).
  const pause = (place) => (Number(place.dataset.pause) || 1.5) * 1000;
  const refresh = async (place) => {
    const answer = await fetch(place.dataset.refresh, { headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById(place.id);
    if (!fresh) return;
    const goOn = fresh.dataset.refresh;
    place.replaceChildren(...fresh.childNodes);
    if (goOn) setTimeout(() => refresh(place), pause(place));
  };
  for (const place of document.querySelectorAll("[data-refresh][id]")) setTimeout(() => refresh(place), pause(place));
})();

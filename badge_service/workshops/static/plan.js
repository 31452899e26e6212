// Choosing a curriculum ticks its micro-credentials and counts its pilot rounds; without this script a button does it.
(() => {
  "use strict";
  const choice = document.querySelector("select[data-curriculum]");
  if (!choice) return;
  const form = choice.form;
  const round = form.elements.iteration;
  const button = form.querySelector("button[value=curriculum]");
  let own = false; // a round that somebody typed is theirs
  round.addEventListener("input", () => { own = true; });
  choice.addEventListener("change", () => {
    const { versions = "", iteration } = choice.selectedOptions[0].dataset;
    const wanted = new Set(versions.split(" ").filter(Boolean));
    for (const box of form.querySelectorAll("input[name=versions]")) {
      if (wanted.delete(box.value)) box.checked = true;
    }
    if (iteration && !own) round.value = iteration;
    button.hidden = wanted.size === 0; // what the list does not show yet, the button brings
  });
})();

// Shows the badge anew whenever another look is chosen; without it the button "Show this look" does so.
(() => {
  const look = document.querySelector("[data-look]");
  const picture = document.getElementById("look-picture");
  if (!look || !picture) return;
  let waiting;
  const show = () => {
    const asked = new URLSearchParams();
    for (const field of look.querySelectorAll("[name^='look.']")) {
      if (field.type !== "radio" || field.checked) asked.append(field.name, field.value);
    }
    picture.src = `${look.dataset.look}?${asked}`;
  };
  look.addEventListener("input", (event) => {
    if (event.target.name === "look.own_colour") look.querySelector("[value='own']").checked = true;
    clearTimeout(waiting);
    waiting = setTimeout(show, 250);
  });
})();

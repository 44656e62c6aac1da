// Small comforts; every page works without them.
"use strict";

// The reading and the day in use change as soon as another is chosen.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form.setting");
  if (form && event.target.tagName === "SELECT") form.requestSubmit();
});

// An answer that is none is shown where it was asked for, and read out.
document.addEventListener("htmx:responseError", (event) => {
  const place = document.getElementById("trouble") || document.body.appendChild(document.createElement("p"));
  place.id = "trouble";
  place.className = "alert";
  place.setAttribute("role", "alert");
  const status = event.detail.xhr.status;
  place.textContent = status === 403 ? "This page is too old: load it again." : "That could not be done. Nothing was changed.";
});

for (const button of document.querySelectorAll("button[data-print]")) {
  button.addEventListener("click", () => window.print());
}

// A group of facts shows what is answered or can change the answer; the rest is behind a button. Each answer can make
// other facts matter, and says which.
function mark() {
  const list = document.getElementById("mattering");
  if (!list) return;
  const mattering = new Set(list.dataset.ids.split(" "));
  for (const fact of document.querySelectorAll(".group > .fact")) {
    const matters = mattering.has(fact.id);
    fact.classList.toggle("idle", !matters && !fact.classList.contains("answered"));
    fact.querySelector(".matters").hidden = !matters;
  }
  for (const group of document.querySelectorAll(".group")) {
    const idle = group.querySelectorAll(":scope > .fact.idle").length;
    const rest = group.querySelector(":scope > .rest");
    rest.hidden = idle === 0;
    if (!rest.dataset.ready) {
      rest.dataset.ready = "yes";
      group.classList.add("brief");
      rest.firstElementChild.addEventListener("click", (event) => {
        const open = !group.classList.toggle("brief");
        event.currentTarget.setAttribute("aria-expanded", String(open));
      });
    }
  }
}
mark();
document.addEventListener("htmx:afterSettle", mark);

// In a comparison, and only while it has the focus, a figure makes that column the baseline.
document.addEventListener("keydown", (event) => {
  const table = event.target.closest?.("[data-columns]");
  if (!table || event.altKey || event.ctrlKey || event.metaKey) return;
  table.querySelector(`[data-column="${CSS.escape(event.key)}"]`)?.click();
});

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

// Says so when the catalog is silent: a page that no longer renews itself must not look as if it did.
const silent = () => document.getElementById("silent");
document.addEventListener("htmx:sendError", () => { silent().hidden = false; });
document.addEventListener("htmx:timeout", () => { silent().hidden = false; });
document.addEventListener("htmx:afterRequest", (event) => { if (event.detail.successful) { silent().hidden = true; } });
// Nobody sees a hidden tab, so it asks nothing; an opened detail stays open, and nobody's words are wiped away.
document.addEventListener("htmx:beforeRequest", (event) => {
  if (document.hidden || document.querySelector("main details[open], main form.asking")) { event.preventDefault(); }
});

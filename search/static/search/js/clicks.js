// Counts that somebody went on to a result. Nothing about who it was leaves the page.

const found = document.querySelector("[data-found]");

found?.addEventListener("click", (event) => {
  if (!event.target.closest(".results a, .dates a, .found__promoted a")) return;
  navigator.sendBeacon("/search/clicked/", new URLSearchParams({ q: found.dataset.found }));
});

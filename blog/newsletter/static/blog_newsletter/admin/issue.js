// Shows how far a newsletter is while it goes out, and the edition of the mail that staff choose.
const EVERY = 2000;

const progress = document.querySelector("[data-progress]");
const said = document.querySelector("[data-progress-said]");

const headline = () => progress.querySelector("h2").textContent;
const isOver = () => progress.querySelector("[data-over='yes']") !== null;

function show(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html").querySelectorAll("[data-part]");
  progress.querySelectorAll("[data-part]").forEach((part, place) => {
    // Buttons stay as they are, with whoever is about to press one, while they mean the same.
    if (part.dataset.part === "" || part.dataset.part !== fresh[place].dataset.part) {
      part.replaceWith(fresh[place]);
    }
  });
}

async function look() {
  if (!document.hidden) {
    const before = headline();
    const answer = await fetch(progress.dataset.progress).catch(() => null);
    if (answer?.ok && !answer.redirected) {
      show(await answer.text());
    }
    if (headline() !== before) {
      said.textContent = headline();
    }
  }
  if (!isOver()) {
    setTimeout(look, EVERY);
  }
}

if (progress && !isOver()) {
  setTimeout(look, EVERY);
}

const choice = document.querySelector("[data-look]");

choice?.addEventListener("change", () => {
  const query = new URLSearchParams(new FormData(choice));
  for (const frame of document.querySelectorAll(".issue-frames iframe")) {
    frame.src = `${choice.dataset.look}?${query}`;
  }
});

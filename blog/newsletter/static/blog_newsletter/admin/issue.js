// Shows how far a newsletter is while it goes out, and the edition of the mail that staff choose.
const EVERY = 2000;

const progress = document.querySelector("[data-progress]");
const said = document.querySelector("[data-progress-said]");

const headline = () => progress.querySelector("h2").textContent;

async function look() {
  if (!document.hidden) {
    const before = headline();
    const answer = await fetch(progress.dataset.progress).catch(() => null);
    if (answer?.ok) {
      progress.innerHTML = await answer.text();
    }
    if (headline() !== before) {
      said.textContent = headline();
    }
  }
  if (progress.querySelector("[data-progress-over]")) {
    document.querySelector("[data-progress-buttons]")?.remove();
  } else {
    setTimeout(look, EVERY);
  }
}

if (progress && !progress.querySelector("[data-progress-over]")) {
  setTimeout(look, EVERY);
}

const choice = document.querySelector("[data-look]");

choice?.addEventListener("change", () => {
  const query = new URLSearchParams(new FormData(choice));
  for (const frame of document.querySelectorAll(".issue-frames iframe")) {
    frame.src = `${choice.dataset.look}?${query}`;
  }
});

// Puts the player where the visitor asked for it. Before the click nothing is loaded from the video's host.

for (const video of document.querySelectorAll("[data-player]")) {
  const button = video.querySelector("[data-play]");
  button.hidden = false;
  button.addEventListener("click", () => {
    const player = document.createElement("iframe");
    player.src = video.dataset.player;
    player.title = video.dataset.title;
    player.allow = "fullscreen; picture-in-picture";
    player.referrerPolicy = "strict-origin-when-cross-origin";
    video.querySelector(".video__stage").replaceChildren(player);
    player.focus();
  });
}

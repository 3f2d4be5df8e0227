// Narrows the catalogue down in place. Every choice is a link, and works as one without this script.

const ID = "[data-catalogue]";
const status = document.querySelector("[data-status]");
let shown = location.pathname + location.search;
let loading;

// Shows what stands at an address, and says whether it could.
async function show(address) {
  loading?.abort();
  loading = new AbortController();
  const old = document.querySelector(ID);
  old.setAttribute("aria-busy", "true");
  try {
    const response = await fetch(address, { signal: loading.signal });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const fresh = page.querySelector(ID);
    for (const fold of fresh.querySelectorAll("[data-fold]")) {
      fold.open ||= Boolean(old.querySelector(`[data-fold="${fold.dataset.fold}"][open]`));
    }
    old.replaceWith(fresh);
    document.title = page.title;
    status.textContent = fresh.querySelector("[data-count]").textContent;
    return true;
  } catch (error) {
    if (error.name !== "AbortError") location.assign(address);
    return false;
  }
}

// The focus stays with the link that was followed. Where that is gone, the results have it.
function focus(key, isOnward) {
  const link = key && document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  const target = link || document.querySelector("[data-count]");
  if (!link) target.tabIndex = -1;
  target.focus({ preventScroll: !isOnward });
}

document.addEventListener("click", async (event) => {
  const link = event.target.closest(`${ID} a`);
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  if (link.origin !== location.origin || link.pathname !== location.pathname) return;
  event.preventDefault();
  if (!(await show(link.href))) return;
  history.pushState(null, "", link.href);
  shown = link.pathname + link.search;
  focus(link.dataset.key, Boolean(link.closest(".pagination")));
});

window.addEventListener("popstate", () => {
  const address = location.pathname + location.search;
  if (address === shown) return;
  shown = address;
  show(address);
});

// Ticks all comments of a page with one box, which is shown only where scripts run.

const all = document.querySelector("[data-tick-all]");
const boxes = [...document.querySelectorAll('input[name="comment"]')];

function follow() {
  const ticked = boxes.filter((box) => box.checked).length;
  all.checked = ticked === boxes.length;
  all.indeterminate = ticked > 0 && !all.checked;
}

if (all) {
  all.parentElement.hidden = false;
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
  });
  for (const box of boxes) box.addEventListener("change", follow);
  follow();
}

// Suggests while somebody types in a search box: a combobox with a list (ARIA Authoring Practices Guide).
// Enter without a chosen suggestion searches, as it does without this script.

const PAUSE = 150;
const SHORTEST = 2;

class Suggestions {
  constructor(form) {
    this.form = form;
    this.input = form.querySelector("input[type=search]");
    this.list = form.querySelector("[role=listbox]");
    this.status = form.querySelector("[data-suggestions]");
    this.typed = this.input.value;
    Object.entries({
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": this.list.id,
    }).forEach(([name, value]) => this.input.setAttribute(name, value));
    this.input.addEventListener("input", () => this.wait());
    this.input.addEventListener("keydown", (event) => this.press(event));
    this.form.addEventListener("focusout", (event) => {
      if (!this.form.contains(event.relatedTarget)) this.close();
    });
    // The pointer must not take the focus away before the click arrives.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.follow(option);
    });
  }

  wait() {
    this.typed = this.input.value;
    clearTimeout(this.timer);
    this.loading?.abort();
    if (this.typed.trim().length < SHORTEST) return this.close();
    this.timer = setTimeout(() => this.load(), PAUSE);
  }

  async load() {
    this.loading = new AbortController();
    const { signal } = this.loading;
    try {
      const address = `${this.form.dataset.suggest}?${new URLSearchParams({ q: this.typed })}`;
      const response = await fetch(address, { signal });
      if (!response.ok) throw new Error(response.statusText);
      const { suggestions } = await response.json();
      if (!signal.aborted) this.show(suggestions);
    } catch {
      // Who has typed on waits for other suggestions already.
      if (!signal.aborted) this.close();
    }
  }

  show(suggestions) {
    this.list.replaceChildren(...suggestions.map((suggestion, number) => this.option(suggestion, number)));
    const count = suggestions.length;
    this.open(count > 0);
    this.status.textContent = count ? `${count} suggestion${count === 1 ? "" : "s"}` : "No suggestions";
  }

  option({ text, url, kind }, number) {
    const option = document.createElement("li");
    const label = document.createElement("span");
    const what = document.createElement("span");
    option.id = `${this.list.id}-${number}`;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.dataset.url = url;
    label.textContent = text;
    label.dataset.text = "";
    what.textContent = kind;
    what.className = "search-form__kind";
    option.append(label, " ", what);
    return option;
  }

  get options() {
    return [...this.list.children];
  }

  get chosen() {
    return this.options.findIndex((option) => option.getAttribute("aria-selected") === "true");
  }

  choose(number) {
    const option = this.options[number];
    this.options.forEach((each) => each.setAttribute("aria-selected", String(each === option)));
    this.input.value = option ? option.querySelector("[data-text]").textContent : this.typed;
    if (!option) return this.input.removeAttribute("aria-activedescendant");
    this.input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  press(event) {
    const last = this.options.length - 1;
    const isOpen = !this.list.hidden;
    if (event.key === "ArrowDown" && !isOpen && this.typed.trim().length >= SHORTEST) {
      event.preventDefault();
      this.load();
    } else if (isOpen && event.key === "ArrowDown") {
      event.preventDefault();
      this.choose(this.chosen < last ? this.chosen + 1 : -1);
    } else if (isOpen && event.key === "ArrowUp") {
      event.preventDefault();
      this.choose(this.chosen === -1 ? last : this.chosen - 1);
    } else if (event.key === "Escape") {
      if (!isOpen) return;
      event.preventDefault();
      this.choose(-1);
      this.close();
    } else if (event.key === "Enter" && isOpen && this.chosen >= 0) {
      event.preventDefault();
      this.follow(this.options[this.chosen]);
    }
  }

  follow(option) {
    if (option.dataset.url) {
      location.assign(option.dataset.url);
    } else {
      this.input.value = option.querySelector("[data-text]").textContent;
      this.form.submit();
    }
  }

  open(isOpen) {
    this.list.hidden = !isOpen;
    this.input.setAttribute("aria-expanded", String(isOpen));
    this.input.removeAttribute("aria-activedescendant");
  }

  close() {
    clearTimeout(this.timer);
    this.loading?.abort();
    this.open(false);
    this.status.textContent = "";
  }
}

document.querySelectorAll("form[data-suggest]").forEach((form) => new Suggestions(form));

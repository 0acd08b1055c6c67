// The filter of a list: suggestions while one types, as an ARIA combobox, and errors only when
// one has finished. Everything works without this file: the filter is a field of a plain form.
(() => {
  const PAUSE = 120;
  const field = document.querySelector("input[data-complete]");
  if (!field) return;
  const list = document.getElementById(field.getAttribute("aria-controls"));
  const status = document.getElementById(field.dataset.status);
  let found = [];
  let active = -1;
  let timer = 0;
  let asking = new AbortController();

  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-expanded", "false");

  function close() {
    clearTimeout(timer);
    asking.abort();
    list.hidden = true;
    active = -1;
    status.textContent = "";
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  }

  function option(item, index) {
    const row = document.createElement("li");
    row.id = `${list.id}-${index}`;
    row.role = "option";
    row.ariaSelected = "false";
    const text = document.createElement("code");
    text.textContent = item.text;
    const help = document.createElement("span");
    help.textContent = item.help;
    row.append(text, help);
    return row;
  }

  function show(answer) {
    found = answer.items;
    active = -1;
    field.removeAttribute("aria-activedescendant");
    list.replaceChildren(...found.map(option));
    const count = found.length;
    list.hidden = count === 0;
    field.setAttribute("aria-expanded", String(!list.hidden));
    status.textContent = count === 0 ? "" : count === 1 ? "1 suggestion" : `${count} suggestions`;
  }

  async function ask() {
    asking.abort();
    const mine = new AbortController();
    asking = mine;
    const asked = new URLSearchParams({ q: field.value, at: field.selectionStart });
    try {
      const answer = await fetch(`${field.dataset.complete}?${asked}`, { signal: mine.signal });
      const told = answer.ok ? await answer.json() : { items: [] };
      if (!mine.signal.aborted && document.activeElement === field) show(told);
    } catch {
      // Only the newest question closes what is shown: one that was given up is of no interest.
      if (!mine.signal.aborted) close();
    }
  }

  function askSoon() {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  }

  function choose(index) {
    const rows = list.children;
    if (rows[active]) rows[active].ariaSelected = "false";
    active = (index + rows.length) % rows.length;
    rows[active].ariaSelected = "true";
    rows[active].scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", rows[active].id);
  }

  function take(index) {
    field.setRangeText(found[index].text, found[index].start, found[index].end, "end");
    close();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  const keys = {
    ArrowDown: () => (list.hidden ? ask() : choose(active + 1)),
    ArrowUp: () => !list.hidden && choose(active < 0 ? -1 : active - 1),
    Enter: () => active >= 0 && take(active),
    Tab: () => active >= 0 && take(active),
    Escape: () => !list.hidden && close(),
  };
  field.addEventListener("keydown", (event) => {
    const act = keys[event.key];
    if (!act || event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    const isOurs = event.key.startsWith("Arrow") || (event.key === "Escape" ? !list.hidden : active >= 0);
    if (isOurs) event.preventDefault();
    act();
  });
  field.addEventListener("input", askSoon);
  field.addEventListener("blur", close);
  field.form.addEventListener("submit", close);
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const row = event.target.closest("[role=option]");
    if (row) take([...list.children].indexOf(row));
  });

  // What is half typed is no mistake: the server says nothing of it until one is done, and is not
  // asked for devices that are called like the column that somebody begins to type.
  const isColumn = () => !list.hidden && found.some((each) => each.kind === "operator"
    || (each.kind === "column" && each.text.startsWith(field.value)));
  document.addEventListener("htmx:configRequest", (event) => {
    if (event.target !== field.form) return;
    const cause = event.detail.triggeringEvent;
    if (!cause || cause.type !== "input") return;
    event.detail.headers["X-Typing"] = "yes";
    if (isColumn()) event.preventDefault();
  });
  document.addEventListener("htmx:afterSettle", () => {
    const problem = document.getElementById("mistake");
    const isWrong = Boolean(problem && problem.firstElementChild);
    field.closest(".filter__field").classList.toggle("field--invalid", isWrong);
    if (isWrong) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  });
})();

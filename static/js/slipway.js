// Slipway: theme, dialogs, shortcuts, selection, upload progress, and manners for live parts.
// Everything works without this file: the theme follows the system, a dialog's opener is a link
// to its own page, filters and forms are plain requests.
(() => {
  const root = document.documentElement;
  const closest = (event, selector) => event.target.closest && event.target.closest(selector);

  function switchTheme() {
    const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    const next = (root.dataset.theme || system) === "dark" ? "light" : "dark";
    root.dataset.theme = next;
    document.cookie = `theme=${next}; path=/; max-age=31536000; samesite=lax`;
  }

  function openDialog(event, opener) {
    const dialog = document.getElementById(opener.dataset.dialog);
    if (!dialog || !dialog.showModal) return;
    event.preventDefault();
    dialog.showModal();
  }

  function copy(copier) {
    navigator.clipboard.writeText(document.getElementById(copier.dataset.copy).textContent);
    copier.querySelector("[data-word]").textContent = "Copied";
  }

  document.addEventListener("click", (event) => {
    if (closest(event, "[data-theme-switch]")) switchTheme();
    const opener = closest(event, "[data-dialog]");
    if (opener) openDialog(event, opener);
    const closer = closest(event, "[data-dialog-close]");
    if (closer && closer.closest("dialog[open]")) {
      event.preventDefault();
      closer.closest("dialog").close();
    }
    const copier = closest(event, "[data-copy]");
    if (copier && navigator.clipboard) copy(copier);
    const canceller = closest(event, "[data-cancel-upload]");
    if (canceller) htmx.trigger(canceller.closest("form"), "htmx:abort");
    const adder = closest(event, "[data-add-row]");
    if (adder) addRow(event, adder);
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });

  // Shortcuts: "/" finds, "g" and a letter goes to a part.
  const places = { o: "/", d: "/devices/", r: "/releases/", p: "/deployments/" };
  let going = 0;
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, select, textarea, dialog");
    if (event.key === "Escape") {
      for (const menu of document.querySelectorAll("details.menu[open]")) menu.open = false;
    }
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const find = document.getElementById("find");
    if (event.key === "/" && find) {
      event.preventDefault();
      find.focus();
    } else if (event.key === "g") {
      going = Date.now();
    } else if (Date.now() - going < 1500 && places[event.key]) {
      location.assign(places[event.key]);
    }
  });

  // Selection: all rows of the page, and how many.
  function countSelected(form) {
    const count = form.querySelectorAll("tbody .select input:checked").length;
    for (const place of form.querySelectorAll("[data-selected]")) {
      place.textContent = count === 1 ? "1 device selected" : `${count} devices selected`;
    }
    const all = form.querySelector("[data-select-all]");
    if (all) {
      const boxes = form.querySelectorAll("tbody .select input").length;
      all.checked = count > 0 && count === boxes;
      all.indeterminate = count > 0 && count < boxes;
    }
  }
  document.addEventListener("change", (event) => {
    const all = closest(event, "[data-select-all]");
    if (all) {
      for (const box of all.form.querySelectorAll("tbody .select input")) box.checked = all.checked;
    }
    if (closest(event, ".select")) countSelected(event.target.form);
  });
  document.addEventListener("reset", (event) => setTimeout(() => countSelected(event.target)));

  // One more row of a form: a copy of the last, with fresh names and empty fields.
  function addRow(event, adder) {
    const body = document.getElementById(adder.dataset.addRow);
    const hidden = body.querySelector("tr[hidden]");
    if (!hidden) return;
    event.preventDefault();
    hidden.hidden = false;
    hidden.querySelector("input").focus();
    adder.hidden = !body.querySelector("tr[hidden]");
  }
  function foldRows(within) {
    for (const adder of within.querySelectorAll("[data-add-row]")) {
      const rows = [...document.getElementById(adder.dataset.addRow).rows];
      const used = rows.findLastIndex((row) => [...row.querySelectorAll("input")].some((i) => i.value));
      rows.forEach((row, index) => { row.hidden = index > Math.max(used, 0); });
      adder.hidden = !rows.some((row) => row.hidden);
    }
  }

  // Upload: the bar follows the bytes; the server reads and checks while they come.
  document.addEventListener("htmx:xhr:progress", (event) => {
    const form = closest(event, "form[data-upload]");
    const { loaded, total } = event.detail;
    if (!form || !total) return;
    const meter = form.querySelector("progress");
    form.querySelector("[data-progress]").hidden = false;
    meter.max = total;
    meter.value = loaded;
    const megabytes = (bytes) => (bytes / 1e6).toFixed(1);
    form.querySelector("[data-progress-text]").textContent = loaded < total
      ? `${megabytes(loaded)} of ${megabytes(total)} MB sent`
      : "All sent, the server checks it";
  });
  function uploadEnded(event, words) {
    const form = closest(event, "form[data-upload]");
    if (!form) return;
    form.querySelector("[data-progress]").hidden = true;
    const problem = form.querySelector("[data-problem]");
    problem.hidden = false;
    problem.querySelector("span").textContent = words;
  }
  document.addEventListener("htmx:sendError", (event) =>
    uploadEnded(event, "The connection broke before all was sent. Nothing was kept."));
  document.addEventListener("htmx:sendAbort", (event) =>
    uploadEnded(event, "Cancelled. Nothing was kept."));
  document.addEventListener("htmx:responseError", (event) =>
    uploadEnded(event, `The server refused it with status ${event.detail.xhr.status}. Nothing was kept.`));

  // Live parts: ask only while looked at, say what is on the page already (the answer is then
  // 204), and never replace what is in use.
  const seen = new Map();
  const inUse = (part) => part.contains(document.activeElement)
    || part.querySelector("details[open]")
    || (getSelection().type === "Range" && part.contains(getSelection().anchorNode));
  document.addEventListener("htmx:configRequest", (event) => {
    const part = closest(event, "[data-live]");
    if (part !== event.target) return;
    if (document.hidden) event.preventDefault();
    else if (seen.has(part.id)) event.detail.headers["X-Seen"] = seen.get(part.id);
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const source = event.detail.requestConfig.elt;
    if (!source.matches("[data-live]")) return;
    if (inUse(source)) event.detail.shouldSwap = false;
    else seen.set(source.id, event.detail.xhr.getResponseHeader("X-Seen"));
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (!event.detail.successful || !event.target.matches("[data-live]")) return;
    const at = new Date(event.detail.xhr.getResponseHeader("Date") || Date.now());
    for (const place of document.querySelectorAll("[data-checked]")) {
      place.textContent = at.toISOString().slice(11, 19);
      place.dateTime = at.toISOString();
    }
  });
  foldRows(document);
})();

/* The keys of the pages. The table comes as JSON with the page (accounts/shortcuts.py); this file finds
   which of its rows was pressed, and presses the element that carries the row's name. */
(function () {
  "use strict";

  const source = document.getElementById("key-table");
  if (!source) return;
  const table = JSON.parse(source.textContent);
  const byPress = new Map(table.flatMap((row) => row.presses.map((press) => [press, row])));
  const SEQUENCE_MS = 1500;
  const FIELD = "textarea, select, [contenteditable], input:not([type=checkbox]):not([type=radio])";
  let prefix = "";
  let timer = 0;

  const all = (selector, within) => Array.from((within || document).querySelectorAll(selector));
  const shown = (element) => Boolean(element && element.getClientRects().length);
  const rows = () => all("main [data-row]").filter(shown);

  /* The row that the keys are about: the focused one, the current one, or the first. */
  let latest = null;
  function row() {
    const focused = document.activeElement?.closest("main [data-row]");
    if (focused) return focused;
    if (latest?.isConnected) return latest;
    return document.querySelector("main [data-row][aria-current]") || rows()[0] || null;
  }
  document.addEventListener("focusin", (event) => {
    latest = event.target.closest("main [data-row]") || latest;
  });

  function stop(of) {
    const ways = [".subject a", "a[href]", "button", "input:not([type=hidden])"];
    return ways.map((way) => of.querySelector(way)).find(Boolean) || of;
  }

  function focusRow(of) {
    const target = stop(of);
    if (target === of) of.tabIndex = -1;
    target.focus();
    of.scrollIntoView({ block: "nearest" });
  }

  function move(step) {
    const found = rows();
    if (!found.length) return;
    const here = found.indexOf(row());
    const started = document.activeElement?.closest("[data-row]") || latest?.isConnected;
    const next = started ? Math.max(0, Math.min(found.length - 1, here + step)) : Math.max(0, here);
    focusRow(found[next]);
  }

  /* Selecting: the box of the row, and with Shift all boxes between it and the one ticked before. */
  let anchor = null;
  const box = (of) => of?.querySelector("input[type=checkbox]:not(:disabled)");
  function tick(one, on) {
    if (!one || one.checked === on) return;
    one.checked = on;
    one.dispatchEvent(new Event("change", { bubbles: true }));
  }
  function select() {
    const one = box(row());
    if (!one) return;
    anchor = row();
    tick(one, !one.checked);
  }
  function range() {
    const found = rows();
    const ends = [found.indexOf(anchor), found.indexOf(row())];
    if (ends[0] < 0) return select();
    found.slice(Math.min(...ends), Math.max(...ends) + 1).forEach((one) => tick(box(one), true));
  }

  /* Presses what carries the name: in the row first, then in the pane beside it, then anywhere. */
  function find(name) {
    const places = [row(), document.querySelector("main .pane"), document].filter(Boolean);
    return places.flatMap((place) => all(`[data-act~="${name}"]`, place)).find(shown);
  }
  function press(name) {
    const found = find(name);
    if (!found) return false;
    if (found.matches("input:not([type=checkbox]), select, textarea")) {
      found.focus();
      found.select?.();
    } else found.click();
    return true;
  }

  function candidate(sign) {
    const places = [row(), document.querySelector("main .pane")].filter(Boolean);
    const found = places.map((place) => all("[data-candidate]", place).filter(shown));
    const chosen = found.find((one) => one.length)?.[Number(sign) - 1];
    if (!chosen) return false;
    chosen.click();
    return true;
  }

  function search() {
    const field = all("main input[type=search]").find(shown);
    field?.focus();
    field?.select();
    return Boolean(field);
  }

  function open(sign) {
    if (sign === "Enter" && document.activeElement?.closest("a, button, summary, label, input")) return false;
    if (press("open")) return true;
    const link = row() && stop(row());
    if (link?.matches("a")) link.click();
    return Boolean(link);
  }

  const own = {
    next: () => move(1),
    previous: () => move(-1),
    select,
    range,
    open,
    search,
    candidate,
    help: () => document.getElementById("keys-help").showModal(),
    palette: openPalette,
  };

  /* Runs a row of the table; what a page script takes for itself it says by cancelling the event. */
  function run(entry, sign) {
    const asked = new CustomEvent(`act:${entry.name}`, { cancelable: true, detail: { sign } });
    if (!document.dispatchEvent(asked)) return true;
    if (own[entry.name]) return own[entry.name](sign) !== false;
    if (press(entry.name)) return true;
    if (entry.url) window.location.assign(entry.url);
    return Boolean(entry.url);
  }

  function signOf(event) {
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (event.altKey) return "";
    if (event.ctrlKey || event.metaKey) return `Mod+${key}`;
    const letter = key.length === 1 && key !== key.toUpperCase();
    return event.shiftKey && letter ? `Shift+${key}` : key;
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.repeat && !/^[jk]$/.test(event.key)) return;
    if (document.querySelector("dialog[open]")) return;
    const sign = signOf(event);
    if (event.target.closest(FIELD)) {
      if (sign === "Escape") leaveField(event);
      return;
    }
    const pressed = prefix ? `${prefix} ${sign}` : sign;
    const entry = byPress.get(pressed) || byPress.get(sign);
    window.clearTimeout(timer);
    prefix = "";
    if (entry && run(entry, sign)) {
      event.preventDefault();
    } else if (table.some((one) => one.presses.some((way) => way.startsWith(`${sign} `)))) {
      prefix = sign;
      timer = window.setTimeout(() => { prefix = ""; }, SEQUENCE_MS);
    }
  });

  function leaveField(event) {
    event.preventDefault();
    const back = row();
    if (back) focusRow(back);
    else document.getElementById("main")?.focus();
  }

  /* The palette: a page or an act by its name. */
  const palette = document.getElementById("palette");
  const field = document.getElementById("palette-find");
  const offers = all("[data-run]", palette);
  let before = null;
  const offered = () => offers.filter((one) => !one.hidden);

  function openPalette() {
    before = document.activeElement;
    field.value = "";
    palette.showModal();
    narrow();
    field.focus();
  }
  function narrow() {
    const words = field.value.trim().toLowerCase().split(/\s+/);
    offers.forEach((one) => {
      const entry = table.find((row) => row.name === one.dataset.run);
      const here = entry.url || own[entry.name] || entry.name === "undo" || find(entry.name);
      const text = one.textContent.toLowerCase();
      one.hidden = !here || !words.every((word) => text.includes(word));
    });
    palette.querySelector("[data-none]").hidden = offered().length > 0;
    mark(offered()[0]);
  }
  function mark(chosen) {
    offers.forEach((one) => one.setAttribute("aria-selected", String(one === chosen)));
    if (chosen) field.setAttribute("aria-activedescendant", chosen.id);
    else field.removeAttribute("aria-activedescendant");
    chosen?.scrollIntoView({ block: "nearest" });
  }
  function take(chosen) {
    if (!chosen) return;
    palette.close();
    before?.focus?.();
    run(table.find((row) => row.name === chosen.dataset.run), "");
  }
  field.addEventListener("input", narrow);
  field.addEventListener("keydown", (event) => {
    const found = offered();
    const here = found.findIndex((one) => one.getAttribute("aria-selected") === "true");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && found.length) mark(found[(here + step + found.length) % found.length]);
    if (event.key === "Enter") take(found[here]);
    if (step || event.key === "Enter") event.preventDefault();
  });
  palette.addEventListener("click", (event) => {
    if (event.target === palette) palette.close();
    take(event.target.closest("[data-run]"));
  });

  window.threadwellKeys = { focusRow, row, rows };
})();

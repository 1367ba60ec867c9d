/* Small comforts on top of pages that work without them: toasts that leave by themselves,
   focus that never falls to the body after a swap, copy buttons, dialogs, the theme switch.
   Everything is bound once on the document, so swapped-in markup needs no set-up. */
(function () {
  "use strict";

  const TOAST_MS = 10000;
  const live = () => document.getElementById("live");

  function say(text) {
    const region = live();
    if (!region || !text) return;
    // The same sentence twice in a row is only read out again when the region was emptied between.
    region.textContent = "";
    window.setTimeout(() => { region.textContent = text; }, 60);
  }

  /* Toasts: ten seconds, and the clock stands still under the pointer or the focus. */
  function startToast(toast) {
    if (toast.dataset.started) return;
    toast.dataset.started = "yes";
    say(toast.querySelector("[data-text]")?.textContent.trim());
    let left = TOAST_MS;
    let since = 0;
    let timer = 0;
    const run = () => {
      if (timer) return;
      since = Date.now();
      timer = window.setTimeout(() => dismiss(toast), left);
    };
    const hold = () => {
      if (!timer) return;
      window.clearTimeout(timer);
      timer = 0;
      left = Math.max(1000, left - (Date.now() - since));
    };
    const resume = () => {
      if (!toast.matches(":hover") && !toast.contains(document.activeElement)) run();
    };
    toast.addEventListener("pointerenter", hold);
    toast.addEventListener("pointerleave", resume);
    toast.addEventListener("focusin", hold);
    toast.addEventListener("focusout", () => window.setTimeout(resume, 0));
    run();
    countDown(toast);
  }

  // What can be undone for so many seconds only says so: the number in its words goes down, also
  // under the pointer, and at nought the toast leaves.
  function countDown(toast) {
    const wait = toast.querySelector("form")?.getAttribute("action").match(/#in-(\d+)$/);
    const words = toast.querySelector("[data-text]");
    if (!wait || !words) return;
    const end = Date.now() + Number(wait[1]) * 1000;
    const tick = window.setInterval(() => {
      const left = Math.ceil((end - Date.now()) / 1000);
      if (left > 0) words.textContent = words.textContent.replace(/\d+/, left);
      if (left > 0 && toast.isConnected) return;
      window.clearInterval(tick);
      dismiss(toast);
    }, 1000);
  }

  function dismiss(toast) {
    if (toast.contains(document.activeElement)) main()?.focus({ preventScroll: true });
    toast.remove();
  }

  function startToasts() {
    document.querySelectorAll("#toasts .toast").forEach(startToast);
  }

  /* Focus: after a swap it goes to what the answer marks, to the first wrong field, or to the
     row that took the place of the one that left; the main region is the last resort. */
  let place = null;

  function main() {
    return document.getElementById("main");
  }

  function rows() {
    return Array.from(document.querySelectorAll("[data-row]"));
  }

  function remember() {
    const row = document.activeElement?.closest("[data-row]");
    place = row ? rows().indexOf(row) : null;
    // "Load more" is replaced by the next one: the reader goes on at the first row that came.
    if (document.activeElement?.closest("#pager")) place = rows().length;
  }

  function settleFocus(target) {
    const marked = target.querySelector?.("[data-focus], [autofocus], [aria-invalid='true']");
    if (marked) { marked.focus(); return; }
    const active = document.activeElement;
    if (active && active !== document.body && active.isConnected) return;
    const all = rows();
    const next = place === null ? null : all[Math.min(place, all.length - 1)];
    let stop = next?.matches("a, button, [tabindex]") ? next : next?.querySelector("a[href], button, input");
    if (next && !stop) {
      next.tabIndex = -1;
      stop = next;
    }
    (stop || main())?.focus({ preventScroll: !stop });
  }

  /* Copy buttons: data-copy holds the text itself, or data-copy-from the id of the element that does. */
  function copy(button) {
    const source = button.dataset.copyFrom && document.getElementById(button.dataset.copyFrom);
    const text = button.dataset.copy || source?.value || source?.textContent.trim() || "";
    navigator.clipboard.writeText(text).then(
      () => say(button.dataset.copied || text),
      () => select(source),
    );
  }

  function select(element) {
    // A browser may refuse the clipboard; the text is then at least selected for the reader.
    if (!element) return;
    const range = document.createRange();
    range.selectNodeContents(element);
    const selection = window.getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  }

  /* The theme is remembered in a cookie so that the server can write it into the page: no flash. */
  function switchTheme() {
    const root = document.documentElement;
    const dark = root.dataset.theme
      ? root.dataset.theme === "dark"
      : window.matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    document.cookie = `theme=${root.dataset.theme}; path=/; max-age=31536000; samesite=lax`;
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button, a");
    if (!button) return;
    if (button.dataset.copy !== undefined || button.dataset.copyFrom) copy(button);
    if (button.dataset.opens) document.getElementById(button.dataset.opens)?.showModal();
    if (button.dataset.closes !== undefined) button.closest("dialog")?.close();
    if (button.dataset.dismiss !== undefined) dismiss(button.closest(".toast"));
    if (button.dataset.switchTheme !== undefined) switchTheme();
  });

  /* A dialog that a link fills opens once it is filled, and closes before the answer is put in place. */
  document.addEventListener("htmx:afterSwap", (event) => {
    const dialog = event.detail.target?.closest?.("dialog[data-opens-filled]");
    if (!dialog) return;
    dialog.querySelectorAll("form[data-names]").forEach(nameButtons);
    if (!dialog.open) dialog.showModal();
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const dialog = event.detail.requestConfig?.elt?.closest("dialog[data-opens-filled]");
    if (dialog?.open && event.detail.shouldSwap && event.detail.xhr.status < 400) dialog.close();
  });

  /* A button that names its result: "Add to One and Two" for the boxes of its group that are ticked. */
  function nameButtons(form) {
    form.querySelectorAll("button[data-says]").forEach((button) => {
      const label = button.querySelector("[data-label]");
      button.dataset.plain = button.dataset.plain || label.textContent;
      const ticked = form.querySelectorAll(`input[name="${button.dataset.group}"]:checked`);
      const names = Array.from(ticked, (box) => box.dataset.name);
      const list = new Intl.ListFormat(document.documentElement.lang || "en").format(names);
      label.textContent = names.length ? button.dataset.says.replace("%s", list) : button.dataset.plain;
    });
  }
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-names]");
    if (form) nameButtons(form);
  });

  // A native dialog gives the focus back by itself, except when its opener was swapped away.
  document.addEventListener("close", (event) => {
    if (event.target.tagName === "DIALOG" && document.activeElement === document.body) main()?.focus();
  }, true);

  // A second press while the first request runs must not send a form twice.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.hasAttribute("hx-post")) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    // An answer that is a download leaves the page as it is, so the form opens again by itself.
    window.setTimeout(() => delete form.dataset.sent, 5000);
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
  });

  // What the scripts of a page say and put into the floor goes through here too.
  document.addEventListener("say", (event) => say(event.detail));
  document.addEventListener("toasts", startToasts);

  document.addEventListener("htmx:beforeRequest", remember);
  document.addEventListener("htmx:afterSettle", (event) => {
    startToasts();
    settleFocus(event.detail.elt);
  });
  const failed = () => say(document.body.dataset.failed);
  document.addEventListener("htmx:sendError", failed);
  document.addEventListener("htmx:responseError", failed);

  document.querySelectorAll("[data-needs-script]").forEach((element) => { element.hidden = false; });
  document.querySelectorAll("form[data-names]").forEach(nameButtons);
  startToasts();
})();

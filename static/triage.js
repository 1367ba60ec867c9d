/* Unassigned by keyboard and without waiting: the focused row shows its preview, an act takes the
   row away at once, and the server's answer settles it afterwards - or puts the row back. */
(function () {
  "use strict";

  const queue = () => document.getElementById("queue");
  const pane = () => queue()?.querySelector(".pane");
  const rows = () => Array.from(queue()?.querySelectorAll("#rows [data-row]") || []);
  const rowOf = (id) => rows().find((row) => row.dataset.id === id);
  const main = () => document.getElementById("main");
  const say = (text) => document.dispatchEvent(new CustomEvent("say", { detail: text }));
  const besides = () => Boolean(pane()?.getClientRects().length) && window.matchMedia("(width >= 48rem)").matches;
  const token = () => JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];

  /* ── The preview ─────────────────────────────────────────────────── */
  const panes = new Map();
  const pending = new Set();
  let current = null;
  let coming = null;
  let gate = Promise.resolve();

  function fetchPane(id) {
    if (!panes.has(id)) {
      const url = new URL(window.location);
      url.searchParams.set("open", id);
      url.searchParams.set("part", "pane");
      const got = gate.then(() => fetch(url)).then((answer) => (answer.ok ? answer.text() : Promise.reject(answer)));
      got.catch(() => panes.delete(id));
      panes.set(id, got);
    }
    return panes.get(id);
  }

  function show(row) {
    if (!row || row === current || !besides()) return;
    current = row;
    rows().forEach((one) => one.removeAttribute("aria-current"));
    row.setAttribute("aria-current", "true");
    pane().setAttribute("aria-busy", "true");
    coming = fetchPane(row.dataset.id).then((html) => { if (current === row) fill(html); });
    coming.catch(() => { if (current === row) say(document.body.dataset.failed); });
    ahead(row);
  }

  function fill(html) {
    pane().innerHTML = html;
    pane().removeAttribute("aria-busy");
    window.htmx?.process(pane());
    coming = null;
    document.dispatchEvent(new CustomEvent("pane"));
  }

  // The next two previews are fetched while this one is read, so that nobody waits for them.
  function ahead(row) {
    const all = rows();
    const here = all.indexOf(row);
    all.slice(here + 1, here + 3).forEach((one) => { fetchPane(one.dataset.id).catch(() => {}); });
  }

  document.addEventListener("focusin", (event) => {
    const row = event.target.closest("#rows [data-row]");
    if (row && !event.target.matches("input")) show(row);
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("#rows .subject a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || !besides()) return;
    event.preventDefault();
    // A pointer shows the preview; Enter on the row, which has it already, opens the whole email.
    if (event.detail === 0) window.location.assign(link.closest("[data-row]").dataset.whole);
    else { link.focus(); show(link.closest("[data-row]")); }
  });

  /* ── Keys that come while a preview is on its way wait for it ────── */
  let typed = null;
  document.addEventListener("keydown", (event) => {
    if (!typed || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    typed.push({ key: event.key, shiftKey: event.shiftKey });
  }, true);

  function replay(keys) {
    while (keys.length && !typed) {
      const { key, shiftKey } = keys.shift();
      const target = document.activeElement || document.body;
      const stays = target.dispatchEvent(new KeyboardEvent("keydown", { key, shiftKey, bubbles: true, cancelable: true }));
      if (stays && key.length === 1 && target.matches("input[type=search]")) {
        target.value += key;
        target.dispatchEvent(new Event("input", { bubbles: true }));
      }
    }
    if (typed) typed.push(...keys);
  }

  function whenShown(then) {
    if (!coming) { then(); return; }
    typed = typed || [];
    coming.then(() => { const keys = typed || []; typed = null; then(); replay(keys); }, () => { typed = null; });
  }

  /* ── Acts ────────────────────────────────────────────────────────── */
  const acted = () => {
    const ticked = rows().filter((row) => row.querySelector(".check")?.checked);
    if (ticked.length) return ticked;
    // The mail in the preview may stand further down than the list goes: then no row is meant.
    const focused = document.activeElement?.closest("#rows [data-row]");
    return [focused || rowOf(document.querySelector("#assign [name=open]")?.value) || current].filter(Boolean);
  };

  function on(name, does) {
    document.addEventListener(`act:${name}`, (event) => {
      if (!queue() || queue().hasAttribute("data-read-only") || does(event) === false) return;
      event.preventDefault();
    });
  }
  on("assign", () => {
    if (!besides()) return false;
    if (!current) show(acted()[0]);
    whenShown(() => { const field = pane().querySelector("input[name=find]"); field?.focus(); field?.select(); });
    return true;
  });
  on("dismiss", () => {
    const gone = acted();
    if (gone.length) dismiss(gone);
    return gone.length > 0;
  });
  on("open", () => {
    const row = document.activeElement?.closest("#rows [data-row]") || current;
    if (row) window.location.assign(row.dataset.whole);
    return Boolean(row);
  });
  on("back", () => {
    const ticked = rows().filter((row) => row.querySelector(".check")?.checked);
    ticked.forEach((row) => { row.querySelector(".check").checked = false; });
    count();
    return ticked.length > 0;
  });
  on("undo", () => {
    if (!latest) return false;
    takeBack(latest);
    return true;
  });

  function dismiss(gone) {
    const data = new FormData();
    gone.forEach((row) => data.append("id", row.dataset.id));
    data.set("expected", "unassigned");
    settle(queue().dataset.dismissal, data, gone);
  }

  // The forms of the page act the same way: the pane's, a row's one click, a whole group.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const toast = form.closest("#toasts .toast");
    if (event.defaultPrevented || !queue() || form.method !== "post") return;
    if (toast && queue()) {
      event.preventDefault();
      takeBack({ url: Promise.resolve(form.getAttribute("action")), ids: latest?.ids || [] });
      return;
    }
    if (!form.matches("#assign, [data-quick], [data-whole-group]")) return;
    const data = new FormData(form);
    const ids = data.getAll("id").length ? data.getAll("id") : [data.get("open")];
    const gone = ids.map(rowOf).filter(Boolean);
    // What has no row here is sent as any form is; a preview that is on its way out is not sent.
    if (!gone.length && !pane().hasAttribute("aria-busy")) return;
    event.preventDefault();
    delete form.dataset.sent;
    if (!gone.length) return;
    if (!data.has("expected")) data.set("expected", "unassigned");
    settle(event.submitter?.getAttribute("formaction") || form.getAttribute("action"), data, gone);
  });

  /* Takes the rows away, goes to the next one, and lets the answer come when it comes. */
  let latest = null;
  function settle(url, data, gone) {
    const ids = gone.map((row) => row.dataset.id);
    const next = nextOf(gone);
    const places = gone.map((row) => ({ row, list: row.parentElement, before: row.nextElementSibling }));
    gone.forEach((row) => { row.querySelector(".check").checked = false; row.remove(); });
    speakOf(ids, true);
    tidy();
    current = null;
    say(next ? queue().dataset.working : queue().dataset.last);
    const sent = post(url, data);
    // What makes somebody or links a domain changes what the other previews suggest.
    if (data.get("link_domain") || String(data.get("whom")).startsWith("new-") || data.get("always")) {
      panes.clear();
      gate = sent.then(() => {}, () => {});
    }
    if (next) window.threadwellKeys ? window.threadwellKeys.focusRow(next) : next.querySelector("a").focus();
    else main().focus();
    if (next) show(next);
    latest = { url: sent.then((answer) => answer.undo), ids };
    sent.then((answer) => put(answer.body), (refused) => putBack(places, refused));
    const further = data.getAll("id").length > gone.length;
    sent.then(() => {
      if (!rows().length || further) refresh(hereIds());
      else if (data.get("link_domain")) window.setTimeout(lookAgain, PLACED_MS);
    }, () => {});
  }

  // A linked domain places other mail in the background; its rows leave when nobody is at work.
  const PLACED_MS = 2000;
  const hereIds = () => (current ? [current.dataset.id] : []);
  function lookAgain() {
    const busy = pane()?.contains(document.activeElement) || rows().some((row) => row.querySelector(".check").checked);
    if (!busy && !pending.size && !typed && queue()) refresh(hereIds());
  }

  function nextOf(gone) {
    const all = rows();
    const last = Math.max(...gone.map((row) => all.indexOf(row)));
    const rest = all.filter((row) => !gone.includes(row));
    return rest.find((row) => all.indexOf(row) > last) || rest[rest.length - 1] || null;
  }

  function tidy() {
    queue().querySelectorAll("[data-group]").forEach((group) => {
      group.hidden = !group.querySelector("[data-row]") && !group.querySelector(".more");
      if (group.querySelector("[data-together]")) tell(group);
    });
    count();
  }

  /* The head of a group speaks of what is left of it. How many that are in words is the server's to
     say, so these words rest until the list is fetched anew. */
  function tell(group) {
    const ids = Array.from(group.querySelectorAll("[data-whole-group] input[name=id]"));
    const left = ids.filter((one) => !one.disabled).length;
    group.querySelectorAll("[data-left]").forEach((one) => { one.textContent = left; });
    group.querySelector("[data-emails]").hidden = left !== ids.length;
    group.querySelector("[data-together]").hidden = left < 2;
    const choice = group.querySelector("[data-together-choice]");
    const first = group.querySelector("[data-row]")?.dataset.id;
    if (!first) return;
    const url = new URL(choice.href);
    url.searchParams.set("open", first);
    choice.href = url.search;
  }
  function speakOf(ids, settled) {
    queue().querySelectorAll("[data-whole-group] input[name=id]").forEach((one) => {
      if (ids.includes(one.value)) one.disabled = settled;
    });
  }

  async function post(url, data) {
    data.set("part", "answer");
    data.set("csrfmiddlewaretoken", token());
    const sent = fetch(url, { method: "POST", body: data });
    pending.add(sent);
    sent.finally(() => pending.delete(sent)).catch(() => {});
    const answer = await sent.catch(() => null);
    const body = new DOMParser().parseFromString(answer ? await answer.text() : "", "text/html").body;
    if (!answer?.ok) throw body.querySelector("[data-problem]")?.textContent || document.body.dataset.failed;
    return { body, undo: body.querySelector(".toast form")?.getAttribute("action") };
  }

  function put(body) {
    const floor = document.getElementById("toasts");
    const toasts = body.querySelector("#toasts");
    if (floor && toasts) {
      floor.replaceChildren(...toasts.children);
      floor.querySelectorAll("[data-needs-script]").forEach((one) => { one.hidden = false; });
      document.dispatchEvent(new CustomEvent("toasts"));
    }
    body.querySelectorAll("data[data-count]").forEach((one) => {
      document.querySelectorAll(`.count[data-count="${one.dataset.count}"]`).forEach((badge) => {
        badge.textContent = one.value;
        badge.hidden = !Number(one.value);
      });
    });
    const place = body.querySelector("#to-place");
    if (place) document.getElementById("to-place")?.replaceWith(place);
  }

  function putBack(places, sentence) {
    places.reverse().forEach(({ row, list, before }) => {
      list.insertBefore(row, before?.parentElement === list ? before : null);
      row.querySelector("[data-refused]")?.remove();
      const said = document.createElement("p");
      said.className = "small bad";
      said.dataset.refused = "";
      said.textContent = sentence;
      row.querySelector(".min0").append(said);
    });
    latest = null;
    speakOf(places.map(({ row }) => row.dataset.id), false);
    tidy();
    say(sentence);
    if (document.activeElement === document.body || document.activeElement === main()) places[0]?.row.querySelector(".subject a").focus();
  }

  function takeBack(what) {
    latest = null;
    what.url.then((url) => (url ? post(url, new FormData()) : Promise.reject(document.body.dataset.failed)))
      .then((answer) => refresh(what.ids).then(() => put(answer.body)))
      .catch((sentence) => { say(String(sentence)); });
  }

  /* Fetches the list anew and goes to one of these rows, where it is there again. */
  async function refresh(ids = []) {
    await Promise.allSettled([...pending]);
    const url = new URL(window.location);
    ["open", "part", "all"].forEach((name) => url.searchParams.delete(name));
    const answer = await fetch(url);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("main");
    const [old, now] = [main(), fresh].map((one) => one.querySelector("#queue, :scope > .scroll, :scope > .empty"));
    if (!answer.ok || !old || !now) { window.location.reload(); return; }
    old.replaceWith(now);
    panes.clear();
    current = null;
    window.htmx?.process(now);
    now.querySelectorAll("[data-needs-script]").forEach((one) => { one.hidden = false; });
    document.dispatchEvent(new CustomEvent("pane"));
    const row = ids.map(rowOf).find(Boolean) || rows()[0];
    const stop = row?.querySelector(".subject a") || main();
    stop.focus();
  }

  /* ── Selection ───────────────────────────────────────────────────── */
  function count() {
    const bar = queue()?.querySelector("[data-bulk]");
    if (!bar) return;
    const ticked = rows().filter((row) => row.querySelector(".check")?.checked).length;
    bar.hidden = !ticked;
    bar.querySelector("[data-number]").textContent = bar.dataset.says.replace("%s", ticked);
    queue().querySelectorAll("[data-all]").forEach((all) => {
      const boxes = Array.from(all.closest("[data-group]").querySelectorAll("[data-row] .check"));
      all.checked = boxes.length > 0 && boxes.every((box) => box.checked);
    });
  }
  document.addEventListener("change", (event) => {
    if (!event.target.matches("#queue .check")) return;
    if (event.target.hasAttribute("data-all")) {
      event.target.closest("[data-group]").querySelectorAll("[data-row] .check").forEach((box) => { box.checked = event.target.checked; });
    }
    count();
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("#queue [data-press], #queue [data-clear]");
    if (!button) return;
    if (button.dataset.press) document.dispatchEvent(new CustomEvent(`act:${button.dataset.press}`, { cancelable: true, detail: { sign: "" } }));
    else document.dispatchEvent(new CustomEvent("act:back", { cancelable: true, detail: { sign: "" } }));
    if (button.dataset.clear !== undefined) (current || rows()[0])?.querySelector(".subject a").focus();
  });

  current = queue()?.querySelector("#rows [aria-current]") || null;
  count();
})();

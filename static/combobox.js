/* Makes one combobox of the assign form's search field and its choices, which are plain radio
   buttons without this script: arrows choose, typing narrows and then asks, Enter assigns. */
(function () {
  "use strict";

  const field = () => document.querySelector("[data-whom] input[name=find]");
  const list = () => document.getElementById("whom-options");
  const form = () => document.getElementById("assign");
  const options = () => Array.from(list()?.querySelectorAll(".option") || []).filter((one) => !one.hidden);
  const chosen = () => options().find((one) => one.querySelector("input").checked);
  let asked = "";
  let enterWaits = false;

  function dress() {
    if (!field() || !list()) return;
    const attributes = { role: "combobox", "aria-expanded": "true", "aria-controls": list().id, "aria-autocomplete": "list" };
    Object.entries(attributes).forEach(([name, value]) => field().setAttribute(name, value));
    list().setAttribute("role", "listbox");
    list().setAttribute("aria-label", list().dataset.label);
    options().forEach((label, number) => {
      // A label may not be an option, so its content moves into an element that may.
      const one = document.createElement("div");
      one.className = label.className;
      Object.assign(one.dataset, label.dataset);
      one.append(...label.childNodes);
      one.id = `whom-${number}`;
      one.setAttribute("role", "option");
      one.querySelector("input").hidden = true;
      label.replaceWith(one);
    });
    asked = field().value;
    mark(chosen() || options()[0], false);
  }

  /* Chooses one: its projects are ticked, what only companies have is shown, the button names it. */
  function mark(option, withProjects = true) {
    options().forEach((one) => one.setAttribute("aria-selected", String(one === option)));
    if (!option || !form()) return;
    option.querySelector("input").checked = true;
    field().setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
    const kind = option.dataset.kind;
    const boxes = form().querySelectorAll("input[type=checkbox][name=projects]");
    const wanted = option.dataset.projects.split(" ");
    if (withProjects) boxes.forEach((box) => { box.checked = wanted.includes(box.value); });
    form().querySelectorAll("[data-for-company]").forEach((one) => {
      one.hidden = !kind.endsWith("company");
      one.querySelector("input").disabled = one.hidden;
    });
    always(option, boxes);
    const somebody = document.getElementById("somebody-new");
    if (somebody) {
      somebody.open = kind.startsWith("new-");
      somebody.hidden = !somebody.open;
    }
    document.querySelectorAll("[data-assigns]").forEach((button) => {
      const label = button.querySelector("[data-label]");
      const name = option.dataset.name || option.textContent.trim();
      if (label) label.textContent = button.dataset.assigns.replace("%s", name);
    });
  }

  /* "Always to this project" changes something only where the company is not in it yet; one that
     is made joins by itself. */
  function always(option, boxes) {
    const line = form().querySelector("[name=always]")?.closest("[data-for-company]");
    if (!line || line.hidden) return;
    const there = (option.dataset.standsIn || "").split(" ");
    const ticked = Array.from(boxes).filter((box) => box.checked).map((box) => box.value);
    const already = ticked.length > 0 && ticked.every((value) => there.includes(value));
    line.hidden = option.dataset.kind === "new-company" || already;
    line.querySelector("input").disabled = line.hidden;
  }
  document.addEventListener("change", (event) => {
    if (event.target.name !== "projects" || !list() || !chosen()) return;
    const line = form()?.querySelector("[name=always]")?.closest("[data-for-company]");
    if (line) line.hidden = !chosen().dataset.kind.endsWith("company");
    always(chosen(), form().querySelectorAll("input[type=checkbox][name=projects]"));
  });

  function step(by) {
    const all = options();
    if (all.length) mark(all[(all.indexOf(chosen()) + by + all.length) % all.length]);
  }

  function assign() {
    const boxes = Array.from(form().querySelectorAll("input[type=checkbox][name=projects]"));
    if (boxes.length && !boxes.some((box) => box.checked)) {
      boxes[0].focus();
      const words = document.querySelector("[data-project]")?.dataset.project;
      document.dispatchEvent(new CustomEvent("say", { detail: words }));
      return;
    }
    form().requestSubmit(document.querySelector("[data-assigns]"));
  }

  document.addEventListener("keydown", (event) => {
    if (event.target !== field() || !list()) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      step(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter") {
      event.preventDefault();
      // What was typed last is still being looked up: the first find is the one that is meant.
      if (field().value.trim() !== asked.trim()) enterWaits = true;
      else assign();
    }
  });

  document.addEventListener("submit", (event) => {
    // Its own button still searches; Enter in the field assigns.
    if (event.target.matches("[data-whom]") && !event.submitter) event.preventDefault();
  });

  document.addEventListener("click", (event) => {
    const option = event.target.closest(".option[role=option]");
    if (option && list()?.contains(option)) mark(option);
  });

  document.addEventListener("act:candidate", (event) => {
    const option = list()?.querySelectorAll("[data-candidate]")[Number(event.detail.sign) - 1];
    if (!option) return;
    event.preventDefault();
    mark(option);
    assign();
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    if (!event.detail.target?.closest?.("#choices") && event.detail.target?.id !== "choices") return;
    dress();
    asked = event.detail.pathInfo ? new URL(event.detail.pathInfo.finalRequestPath, window.location).searchParams.get("find") || "" : field().value;
    if (enterWaits && field().value.trim() === asked.trim()) {
      enterWaits = false;
      assign();
    }
  });
  document.addEventListener("pane", () => { enterWaits = false; dress(); });
  dress();
})();

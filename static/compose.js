/* Ctrl+Enter (Command+Enter) sends, from anywhere in the form. */
(function () {
  "use strict";
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    const send = event.target.closest("form")?.querySelector("[data-send]");
    if (!send) return;
    event.preventDefault();
    send.form.requestSubmit(send);
  });
})();

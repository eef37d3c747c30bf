// Everything here makes a working page quicker. Without it links are links and forms are forms.
(() => {
  const on = (name, act, capture) => document.addEventListener(name, act, capture);
  const each = (selector, act) => document.querySelectorAll(selector).forEach(act);

  // Polling: never all at once, not in a hidden tab, ever slower while the server does not answer.
  const polls = (ctx) => ctx.sourceEvent?.type === "every";
  const troubles = new WeakMap();
  on("htmx:before:request", (event) => {
    const { ctx } = event.detail, trouble = troubles.get(ctx.sourceElement);
    if (!polls(ctx)) return;
    if (document.hidden || (trouble && trouble.skip-- > 0)) return event.preventDefault();
    const pause = Math.random() * 1000;
    ctx.fetch = (...request) => new Promise((go) => setTimeout(go, pause)).then(() => fetch(...request));
  });
  on("htmx:before:response", (event) => {
    const { ctx } = event.detail, { raw, status } = ctx.response;
    if (status < 400) troubles.delete(ctx.sourceElement);
    if (!raw.redirected) return;
    event.preventDefault();
    const to = new URL(raw.url);
    if (to.searchParams.has("next")) to.searchParams.set("next", location.pathname + location.search); // never back to a part
    location.assign(to);
  });
  on("htmx:before:swap", (event) => {
    const { ctx } = event.detail, status = ctx.response?.status;
    if (status >= 500 || (status >= 400 && polls(ctx))) event.preventDefault();
  });
  const failed = ({ detail: { ctx } }) => {
    if (!ctx) return;
    if (!polls(ctx)) return !(ctx.response?.status < 500) && unreachable();
    const times = (troubles.get(ctx.sourceElement)?.times ?? 0) + 1;
    troubles.set(ctx.sourceElement, { times, skip: Math.min(2 ** times, 24) });
  };
  on("htmx:error", failed);
  on("htmx:response:error", failed);
  const look = () => each('[hx-trigger^="every"]', (part) => htmx.trigger(part, "every", {}, false));
  on("visibilitychange", () => document.hidden || look());

  const unreachable = () => {
    if (!document.querySelector("main [data-unreachable]"))
      document.getElementById("main").prepend(document.getElementById("unreachable").content.cloneNode(true));
    document.querySelector("main [data-unreachable]").scrollIntoView({ block: "center" });
  };

  // One tap is one submit.
  const rest = () => each("[data-sent]", (button) => { delete button.dataset.sent; button.removeAttribute("aria-busy"); });
  on("submit", (event) => {
    const buttons = [...event.target.elements].filter((part) => part.matches("button:not([type=button])"));
    if (buttons.some((button) => "sent" in button.dataset)) return event.preventDefault(), event.stopImmediatePropagation();
    const pressed = event.submitter ?? buttons[0];
    if (pressed) pressed.dataset.sent = "", pressed.ariaBusy = "true";
    setTimeout(rest, 15000);
  }, true);
  on("htmx:finally:request", ({ detail: { ctx } }) => polls(ctx) || rest());

  // Quick taps are answered in any order, and the last answer may be an old one: look again.
  let flying = 0, crowd = false;
  const landed = () => { if (--flying || !crowd) return; crowd = false; setTimeout(look, 200); };
  on("htmx:before:request", ({ detail: { ctx } }) => {
    if (polls(ctx)) return;
    crowd ||= flying++ > 0;
    ctx.fetch = (...request) => fetch(...request).finally(landed);
  });
  addEventListener("pageshow", rest);

  on("click", async (event) => {
    const copy = event.target.closest("[data-copy]"), shut = event.target.closest("dialog [data-close]");
    if (shut) event.preventDefault(), shut.closest("dialog").close();
    if (!copy) return;
    await navigator.clipboard.writeText(copy.dataset.copy);
    const words = copy.lastChild, before = words.textContent;
    words.textContent = copy.dataset.done;
    setTimeout(() => { words.textContent = before; }, 2000);
  });

  on("close", (event) => event.target.replaceChildren(), true);

  const count = (button) => {
    const left = button.dataset.wait--, words = (button.dataset.words ??= button.textContent);
    button.disabled = left > 0;
    button.textContent = left > 0 ? button.dataset.waiting.replace("%s", left) : words;
    if (left > 0) setTimeout(count, 1000, button);
  };
  const leave = (toast) => toast.matches(":hover, :focus-within") ? setTimeout(leave, 2000, toast) : toast.remove();
  const fresh = (selector, act) => each(`${selector}:not([data-awake])`, (part) => { part.dataset.awake = ""; act(part); });
  const wake = () => {
    fresh("[data-wait]", count);
    fresh(".toast:not(.here)", (toast) => setTimeout(leave, 8000, toast));
    fresh(".summary", (summary) => summary.focus());
    fresh("[data-copy]", (button) => { button.hidden = !navigator.clipboard; });
    each("dialog:not([open]):has(*)", (dialog) => dialog.showModal());
  };
  on("htmx:after:swap", wake);
  wake();
})();

// Taps at doors wait here until the server has them: each with an id of its own, so sent twice is once.
(() => {
  const root = document.querySelector("[data-doors]");
  if (!root || !window.isSecureContext || !window.indexedDB || !navigator.serviceWorker) return; // plain forms
  const find = (selector) => document.querySelector(selector), flats = [...document.querySelectorAll(".flat")];
  const { who, stairs, sync: address } = root.dataset;
  const bar = find("[data-bar]"), undo = find("[data-undo]"), chip = find("[data-chip]");
  const token = () => find("[name=csrfmiddlewaretoken]");

  // The queue: one store, in the order of the taps.
  const opened = new Promise((done, fail) => {
    const asked = indexedDB.open("doors", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("taps", { keyPath: "place", autoIncrement: true });
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error);
  });
  const store = async (mode, act) => {
    const work = (await opened).transaction("taps", mode), asked = act(work.objectStore("taps"));
    return new Promise((done, fail) => {
      work.oncomplete = () => done(asked?.result);
      work.onerror = work.onabort = () => fail(work.error);
    });
  };
  const all = () => store("readonly", (taps) => taps.getAll());
  const add = (tap) => store("readwrite", (taps) => taps.add(tap));
  const drop = (places) => store("readwrite", (taps) => { places.forEach((place) => taps.delete(place)); });
  const tell = async (message) => (await navigator.serviceWorker.ready).active.postMessage(message);

  // What the page shows.
  const looks = find("#looks")?.content;
  const show = (flat, outcome, settled, disputed = false) => {
    const look = looks.querySelector(`[data-look="${disputed ? "disputed" : outcome}"]`);
    Object.assign(flat.dataset, { state: outcome, settled: settled ? "1" : "" });
    flat.className = `flat ${look.dataset.tone}`;
    flat.querySelector("span").innerHTML = look.innerHTML;
  };
  const count = () => {
    if (!stairs) return;
    const done = flats.filter((flat) => flat.dataset.settled).length;
    const untouched = flats.filter((flat) => flat.dataset.state === "pending").length;
    find("[data-done]").textContent = done;
    find("[data-untouched]").textContent = untouched;
    find("[data-again]").textContent = flats.length - done - untouched;
    const line = find(".fill progress");
    line.value = done;
    line.ariaLabel = `${done} / ${flats.length}`;
    line.classList.toggle("full", done === flats.length);
    find("[data-finished]").hidden = done < flats.length;
  };
  const needs = (asked) => { find("[data-needs]").hidden = !asked; find("[data-outcomes]").hidden = asked; };
  const choose = (flat) => {
    flats.forEach((each) => each.removeAttribute("aria-current"));
    bar.hidden = !flat;
    if (!flat) return;
    flat.setAttribute("aria-current", "true");
    bar.door.value = flat.value;
    find("[data-room]").textContent = flat.querySelector("b").textContent;
    needs(false);
  };
  const onward = (flat) => {
    const place = flats.indexOf(flat) + 1, ring = [...flats.slice(place), ...flats.slice(0, place)];
    choose(ring.find((each) => each.dataset.state === "pending") ?? ring.find((each) => !each.dataset.settled));
  };
  const overlay = (tap) => {
    const flat = flats.find((each) => each.value === String(tap.door));
    if (flat && !tap.undo) show(flat, tap.outcome, tap.outcome !== "no_answer");
  };
  let offline = false;
  const wait = async () => {
    const waiting = (await all()).length;
    chip.hidden = !waiting && !offline;
    chip.querySelector("span").textContent = chip.dataset[offline ? "offline" : "waiting"].replace("%s", waiting);
  };

  // Sending.
  let busy = null;
  const send = () => (busy ??= upload().catch(() => { offline = true; }).finally(() => { busy = null; return wait(); }));
  async function upload() {
    const waiting = (await all()).slice(0, 100);
    if (!waiting.length && !stairs) return;
    const body = JSON.stringify({ sent_at: new Date().toISOString(), stairs: Number(stairs ?? 0), visits: waiting });
    const headers = { "Content-Type": "application/json", "X-CSRFToken": token().value };
    const response = await fetch(address, { method: "POST", body, headers, redirect: "manual", credentials: "same-origin" });
    offline = false;
    if (response.type === "opaqueredirect") return tell({ forget: true }); // signed out: the taps wait for their owner
    if (response.status === 403) return fresh();
    if (!response.ok) { offline = response.status >= 500; return; }
    const { results, doors } = await response.json();
    await drop(waiting.map((tap) => tap.place));
    const why = [...new Set(results.filter((one) => one.result === "refused").map((one) => one.detail))].join(" ");
    refused(why);
    const left = await all();
    if (results.length) await tell({ keep: [location.pathname] });
    if (stairs && !doors) return left.length || leave(why);
    doors?.forEach((door) => {
      const flat = flats.find((each) => each.value === String(door.id));
      if (flat) show(flat, door.outcome, door.settled, door.disputed);
    });
    left.forEach(overlay);
    count();
    if (left.length) setTimeout(send, 0);
  }
  // The page was kept from before the last signing in: take the token of a new one.
  async function fresh() {
    const text = await (await fetch(location.pathname, { credentials: "same-origin" })).text();
    const found = new DOMParser().parseFromString(text, "text/html").querySelector("[name=csrfmiddlewaretoken]");
    if (!found || found.value === token().value) return;
    document.querySelectorAll("[name=csrfmiddlewaretoken]").forEach((field) => { field.value = found.value; });
    setTimeout(send, 0);
  }
  const refused = (why) => {
    if (!why) return;
    const box = find("[data-refused]");
    box.hidden = false;
    box.lastElementChild.textContent = why;
  };
  // The page goes; what was refused is told on the next one.
  const leave = async (why = "") => {
    sessionStorage.setItem("doors-refused", why);
    await tell({ forget: true });
    location.assign("/doors/");
  };

  // One tap. What these forms say is taken here, so app.js need not keep their buttons from a second tap.
  const mine = (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    event.target.querySelectorAll("[data-sent]").forEach((button) => { delete button.dataset.sent; button.removeAttribute("aria-busy"); });
  };
  const id = () => crypto.randomUUID();
  const offer = (flat, client_id) => {
    undo.hidden = false;
    undo.client_id.value = client_id;
    undo.dataset.door = flat.value;
    find("[data-undo-word]").textContent = `${flat.querySelector("b").textContent}: ${flat.querySelector("span").textContent.trim()}`;
  };
  async function tap(outcome, need = "") {
    const flat = flats.find((each) => each.value === bar.door.value), made = { client_id: id(), door: Number(flat.value), outcome, need };
    await add({ ...made, made_at: new Date().toISOString(), who });
    show(flat, outcome, outcome !== "no_answer");
    offer(flat, made.client_id);
    count();
    onward(flat);
    await wait();
    send();
  }
  bar?.addEventListener("submit", (event) => {
    mine(event);
    const { name, value } = event.submitter ?? {};
    if (name === "need") tap("home_service", value);
    else if (value === "home_service" || value === "back") needs(value === "home_service");
    else if (value === "next") onward(flats.find((each) => each.value === bar.door.value));
    else if (value) tap(value);
  }, true);
  root.addEventListener("submit", (event) => {
    mine(event);
    choose(event.submitter);
  }, true);
  undo?.addEventListener("submit", async (event) => {
    mine(event);
    const client_id = undo.client_id.value, waiting = (await all()).find((one) => one.client_id === client_id && !one.undo);
    if (waiting && !busy) await drop([waiting.place]);
    else await add({ client_id, undo: true, made_at: new Date().toISOString(), who });
    undo.hidden = true;
    const flat = flats.find((each) => each.value === undo.dataset.door);
    if (flat) show(flat, "pending", false), choose(flat);
    count();
    await wait();
    send();
  }, true);

  // A page kept from before some taps: the door to do next, and the newest tap to take back, are of now.
  function again(waiting) {
    const last = waiting.filter((tap) => !tap.undo && !waiting.some((one) => one.undo && one.client_id === tap.client_id)).at(-1);
    const flat = last && flats.find((each) => each.value === String(last.door));
    if (!flat) return;
    offer(flat, last.client_id);
    onward(flat);
  }

  // Beginning: what waits of somebody else goes, what is mine is shown and sent.
  async function begin() {
    if (!stairs) {
      refused(sessionStorage.getItem("doors-refused"));
      sessionStorage.removeItem("doors-refused");
    }
    const worker = await navigator.serviceWorker.register(root.dataset.worker, { scope: "/doors/" });
    const waiting = await all(), foreign = waiting.filter((tap) => tap.who !== who);
    const stranger = localStorage.getItem("doors-of") !== who;
    localStorage.setItem("doors-of", who);
    if (foreign.length) await drop(foreign.map((tap) => tap.place));
    const own = waiting.filter((tap) => tap.who === who);
    own.forEach(overlay);
    again(own);
    count();
    await wait();
    await tell({ forget: stranger, keep: root.dataset.keep.split(" ") });
    const left = Number(root.dataset.until) * 1000 - Date.now();
    if (stairs && left < 2 ** 31) setTimeout(async () => (await all()).length || leave(), Math.max(0, left));
    await send();
    return worker;
  }
  addEventListener("online", send);
  addEventListener("offline", () => { offline = true; wait(); });
  addEventListener("visibilitychange", () => document.hidden || send());
  setInterval(async () => (offline || (await all()).length) && send(), 20000);
  begin();
})();

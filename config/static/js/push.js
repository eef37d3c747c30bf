// Messages in this browser: asked for by one tap, taken back by another. Without script there is no such card.
(() => {
  const card = document.querySelector("[data-push]");
  if (!card || !window.isSecureContext || !navigator.serviceWorker || !window.PushManager) return;
  const { key, worker, address } = card.dataset, [on, off] = card.querySelectorAll("button");
  const say = (name) => card.querySelectorAll("[data-said]").forEach((line) => { line.hidden = line.dataset.said !== name; });
  const token = () => card.querySelector("[name=csrfmiddlewaretoken]").value;
  const tell = (body) => fetch(address, {
    method: "POST", body: JSON.stringify(body),
    headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
  });
  const show = (subscribed) => { on.hidden = subscribed; off.hidden = !subscribed; };
  const registered = () => navigator.serviceWorker.register(worker, { scope: "/push/" });

  card.hidden = false;
  registered().then((place) => place.pushManager.getSubscription()).then((found) => show(!!found)).catch(() => show(false));
  on.addEventListener("click", async () => {
    try {
      if ((await Notification.requestPermission()) !== "granted") return say("denied");
      const place = await registered();
      const found = await place.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
      const { endpoint, keys } = found.toJSON(), answer = await tell({ endpoint, ...keys });
      if (!answer.ok) return found.unsubscribe(), say("failed");
      show(true), say("on");
    } catch { say("failed"); }
  });
  off.addEventListener("click", async () => {
    const found = await (await registered()).pushManager.getSubscription();
    if (found) await tell({ endpoint: found.endpoint, gone: true }), await found.unsubscribe();
    show(false), say("off");
  });
})();

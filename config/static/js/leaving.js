// Before signing out: are there taps at doors that have not been sent? Signing out clears them with everything else.
(async () => {
  const box = document.querySelector("[data-waiting-taps]");
  const names = (await window.indexedDB?.databases?.()) ?? [];
  if (!box || !names.some(({ name }) => name === "doors")) return;
  const asked = indexedDB.open("doors");
  asked.onsuccess = () => {
    const count = asked.result.transaction("taps").objectStore("taps").count();
    count.onsuccess = () => { box.hidden = !count.result; asked.result.close(); };
  };
})();

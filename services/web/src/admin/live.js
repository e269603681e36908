// Keeps figures up to date: what has `data-live` is fetched again from the address it names while somebody looks.
const EVERY_MS = 5000;
for (const place of document.querySelectorAll('[data-live]')) keepUp(place);

function keepUp(place) {
  let shown = place.innerHTML;
  setInterval(async () => {
    // Not under the hands of somebody who uses it.
    if (document.hidden || place.contains(document.activeElement)) return;
    try {
      const answer = await fetch(place.dataset.live);
      if (answer.status === 401) location.reload();
      if (!answer.ok) return;
      const text = await answer.text();
      if (text === shown) return;
      shown = text;
      place.innerHTML = text;
    } catch {
      // The service is away; the next turn asks again.
    }
  }, EVERY_MS);
}

// Keeps figures up to date: what has `data-live` is asked for again, at the page's own address, while somebody looks.
const EVERY_MS = 5000;
for (const place of document.querySelectorAll('[data-live]')) keepUp(place);

function keepUp(place) {
  let shown;
  setInterval(async () => {
    if (document.hidden || isInUse(place)) return;
    try {
      const answer = await fetch(location.href, { headers: { 'Paperboy-Live': 'yes' } });
      if (answer.status === 401) location.reload();
      if (!answer.ok) return;
      const text = await answer.text();
      if (text === shown || isInUse(place)) return;
      shown = text;
      const pushed = tablesIn(place).map(({ scrollLeft }) => scrollLeft);
      place.innerHTML = text;
      for (const [at, table] of tablesIn(place).entries()) table.scrollLeft = pushed[at] ?? 0;
    } catch {
      // The service is away; the next turn asks again.
    }
  }, EVERY_MS);
}

/** Nothing changes under the hands of somebody: with the focus in it, about to press a button, with words marked. */
function isInUse(place) {
  const marked = document.getSelection();
  return (
    place.contains(document.activeElement) ||
    place.querySelector('button:hover') !== null ||
    (marked !== null && !marked.isCollapsed && place.contains(marked.anchorNode))
  );
}

function tablesIn(place) {
  return [...place.querySelectorAll('.scroll')];
}

// Comfort for the forms about digests; without it they work as well, by their buttons.
const form = document.querySelector('form.sign-up');
if (form) {
  guessZone(form.elements.namedItem('zone'));
  previewWhileTyping(form, document.getElementById('preview'));
}

/** Chooses the browser's time zone where nobody has chosen another than the form's first. */
function guessZone(list) {
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  const offered = [...list.options].some(({ value, text }) => (value || text) === timeZone);
  if (offered && list.value === 'UTC') list.value = timeZone;
}

/** Asks what the queries would bring when nobody has typed for half a second; an answer that came late is dropped. */
function previewWhileTyping(of, place) {
  let timer;
  let asked;
  of.addEventListener('input', ({ target }) => {
    if (!target.classList.contains('query')) return;
    clearTimeout(timer);
    timer = setTimeout(async () => {
      asked?.abort();
      asked = new AbortController();
      const { signal } = asked;
      const body = new FormData();
      for (const { value } of of.querySelectorAll('.query'))
        if (value.trim()) body.append('query', value);
      try {
        const answer = await fetch('/subscribe/preview', { method: 'POST', body, signal });
        if (answer.ok) place.innerHTML = await answer.text();
      } catch (error) {
        if (error.name !== 'AbortError') place.textContent = '';
      }
    }, 500);
  });
}

// Comfort for the forms about digests; without it they work as well, by their buttons.
const form = document.querySelector('form.sign-up');
if (form) {
  guessZone(form.elements.namedItem('zone'));
  previewWhileChoosing(form, document.getElementById('preview'));
}

/** Chooses the browser's time zone where nobody has chosen another than the form's first. */
function guessZone(list) {
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  const offered = [...list.options].some(({ value, text }) => (value || text) === timeZone);
  if (offered && form.matches('[data-guess-zone]') && list.value === 'UTC') list.value = timeZone;
}

/** Asks what the form would bring when nobody has changed it for half a second; an answer that came late is dropped. */
function previewWhileChoosing(of, place) {
  let timer;
  let asked;
  of.addEventListener('input', ({ target }) => {
    if (target.name === 'address') return;
    clearTimeout(timer);
    timer = setTimeout(async () => {
      asked?.abort();
      asked = new AbortController();
      const { signal } = asked;
      const body = new FormData(of);
      // Nobody's address leaves the form before its button is pressed.
      body.delete('address');
      try {
        const answer = await fetch(of.dataset.preview, { method: 'POST', body, signal });
        if (answer.ok) place.innerHTML = await answer.text();
      } catch (error) {
        if (error.name !== 'AbortError') place.textContent = '';
      }
    }, 500);
  });
}

// A list from a file beside a list that is pasted: the file is the body of the
// form's request, and the page that answers takes this one's place.
//
// SPDX-License-Identifier: Apache-2.0
async function send(place, input, said, file) {
  said.textContent = place.dataset.busy;
  input.disabled = true;
  try {
    const answer = await fetch(place.dataset.list, { method: 'POST', body: file,
      headers: { Accept: 'text/html', 'Content-Type': 'text/csv' } });
    const main = new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById('main');
    if (answer.status === 413 || !main) throw new Error(String(answer.status));
    document.getElementById('main').replaceWith(document.importNode(main, true));
    document.querySelector('#main [role=alert], #main [role=status]:not(:empty)')?.scrollIntoView({ block: 'center' });
    offer();
  } catch {
    said.textContent = place.dataset.failed;
    input.disabled = false;
    input.value = '';
  }
}

function offer() {
  for (const place of document.querySelectorAll('[data-list]')) {
    const input = place.querySelector('input');
    const said = place.querySelector('.file-said');
    place.hidden = false;
    input.addEventListener('change', () => input.files.length && send(place, input, said, input.files[0]));
  }
}

offer();

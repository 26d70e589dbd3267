// Serial codes from a file: it is the body of one request, however long; the
// answer is a CSV of the lines that brought no code, with the counts in its
// head.
//
// SPDX-License-Identifier: Apache-2.0
const form = document.getElementById('take');
const place = document.getElementById('take-file');
const input = document.getElementById('codes-file');
const said = place?.querySelector('.file-said');

const number = (answer, name) => Number(answer.headers.get(name));
const counted = new Intl.NumberFormat(document.documentElement.lang);

function fill(text, values) {
  return text.replace(/\[(\w+)\]/g, (_, name) => counted.format(values[name]));
}

async function tell(answer) {
  const counts = { lines: number(answer, 'Kuji-Lines'), stored: number(answer, 'Kuji-Stored'),
    duplicate: number(answer, 'Kuji-Duplicate'), malformed: number(answer, 'Kuji-Malformed') };
  said.textContent = fill(counts.stored ? place.dataset.done : place.dataset.none, counts);
  if (counts.duplicate + counts.malformed === 0) return;
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await answer.blob());
  link.download = 'faults.csv';
  link.textContent = place.dataset.save;
  said.append(' ', link);
}

async function send(file) {
  const name = form.elements.take_name;
  if (!name.value) {
    said.textContent = place.dataset.name;
    name.focus();
    return;
  }
  said.textContent = place.dataset.busy;
  input.disabled = true;
  const query = new URLSearchParams({ name: name.value, uses: form.elements.take_uses.value });
  try {
    const answer = await fetch(`${form.action}?${query}`, { method: 'POST', body: file,
      headers: { Accept: 'text/csv', 'Content-Type': 'text/csv' } });
    if (answer.ok) await tell(answer);
    else said.textContent = answer.status === 413 ? place.dataset.large : place.dataset.failed;
  } catch {
    said.textContent = place.dataset.failed;
  }
  input.disabled = false;
}

if (place) {
  place.hidden = false;
  input.addEventListener('change', async () => {
    if (input.files.length) await send(input.files[0]);
    input.value = '';
  });
}

// The winner's form fills the address in from the postal code: only what nobody
// typed, and never moving the focus. A gift code is copied by its button.
//
// SPDX-License-Identifier: Apache-2.0
const form = document.querySelector('.claim-form[data-postal]');
const postal = form?.querySelector('#c-postal');
const button = document.getElementById('c-look-up');
const parts = ['prefecture', 'city', 'street'];
const filled = new Map(); // what we wrote: ours to change again
let asked = '';

// Full-width digits, hyphens of every kind, 〒: only digits count.
const digits = (text) => text.normalize('NFKC').replace(/\D/g, '');

function fill(place) {
  let kept = false;
  for (const name of parts) {
    const input = form.elements[name];
    if (!input) continue;
    if (input.value === '' || input.value === filled.get(name)) {
      input.value = place[name];
      filled.set(name, place[name]);
    } else if (place[name] && input.value !== place[name]) {
      kept = true;
    }
  }
  return kept;
}

async function lookUp() {
  const code = digits(postal.value);
  if (code.length !== 7 || code === asked) return;
  asked = code;
  const said = document.getElementById('c-looked-up');
  try {
    const answer = await fetch(`${form.dataset.postal}?code=${code}`);
    if (!answer.ok) throw new Error(answer.statusText);
    if (code !== asked) return;
    const place = await answer.json();
    const kept = place.found && fill(place);
    said.textContent = !place.found ? form.dataset.nowhere
      : kept ? form.dataset.kept : form.dataset.found;
  } catch {
    asked = ''; // the button still works, and typing does
  }
}

if (postal && button) {
  postal.addEventListener('input', lookUp);
  postal.addEventListener('change', lookUp);
  button.addEventListener('click', (event) => {
    if (digits(postal.value).length !== 7) return; // the server says what is wrong
    event.preventDefault();
    asked = '';
    lookUp();
  });
}

const copy = document.getElementById('claim-copy');
const code = document.getElementById('claim-code');

function select() {
  const range = document.createRange();
  range.selectNodeContents(code);
  const selection = getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
}

if (copy && code) {
  const box = code.closest('.claim-code');
  const said = document.getElementById('claim-copied');
  copy.hidden = false;
  copy.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(code.textContent);
      said.textContent = box.dataset.copied;
    } catch {
      select();
      said.textContent = box.dataset.select;
    }
  });
}

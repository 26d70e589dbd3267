// Presses a form's button "check" while its fields change, and shows what the
// server says beside it: sums, forecast, preview, and faults of fields that
// were left. The focus stays where it is.
//
// SPDX-License-Identifier: Apache-2.0
const PAUSE = 400;
const panel = document.getElementById('live');
const form = document.getElementById(panel?.dataset.form);
const left = new Set(); // ids of fields that were changed and left
let timer = 0;
let running = new AbortController();

function ask(check) {
  const body = new URLSearchParams(new FormData(form));
  body.set('check', check);
  return fetch(form.action, { method: 'POST', body, headers: { Accept: 'text/html' }, signal: running.signal });
}

function tell(id, answer) {
  const input = document.getElementById(id);
  const field = input?.closest('.field');
  const said = answer.getElementById(`${id}-error`);
  if (!field) return;
  document.getElementById(`${id}-error`)?.remove();
  field.classList.toggle('field-bad', Boolean(said));
  if (said) field.append(document.importNode(said, true));
  input.toggleAttribute('aria-invalid', Boolean(said));
  if (said) input.setAttribute('aria-invalid', 'true');
  input.setAttribute('aria-describedby', said ? `${id}-hint ${id}-error` : `${id}-hint`);
}

async function numbers() {
  if (!document.getElementById('live-sums') && !left.size) return;
  const answer = new DOMParser().parseFromString(await (await ask('numbers')).text(), 'text/html');
  for (const id of ['live-sums', 'live-forecast']) {
    const fresh = answer.getElementById(id);
    if (fresh) document.getElementById(id).replaceChildren(...document.importNode(fresh, true).childNodes);
  }
  left.forEach((id) => tell(id, answer));
}

async function preview() {
  const answer = await ask('preview');
  const place = document.getElementById('live-frame');
  const frame = place.querySelector('iframe');
  place.hidden = !answer.ok;
  document.getElementById('live-none').hidden = answer.ok;
  if (!answer.ok) return;
  const at = frame.contentDocument?.scrollingElement?.scrollTop ?? 0;
  frame.addEventListener('load', () => frame.contentDocument?.scrollingElement?.scrollTo(0, at), { once: true });
  frame.srcdoc = await answer.text();
}

async function look() {
  running.abort();
  running = new AbortController();
  try {
    await Promise.all([numbers(), preview()]);
  } catch (error) {
    if (error.name !== 'AbortError') throw error;
  }
}

function soon(event) {
  if (event.target.form !== form) return;
  if (event.type === 'change' && event.target.id) left.add(event.target.id);
  clearTimeout(timer);
  timer = setTimeout(look, PAUSE);
}

if (form) {
  document.addEventListener('input', soon);
  document.addEventListener('change', soon);
  panel.querySelector('[name=check][value=numbers]')?.setAttribute('hidden', '');
  look();
}

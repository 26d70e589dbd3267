// The theme's form, live: each change is sent as its button "preview" would send
// it; the frames show the answer as phone and desktop, and what stands against
// it is said in its place. A picker beside each colour writes its field.
//
// SPDX-License-Identifier: Apache-2.0
const PAUSE = 500;
const form = document.getElementById('looks');
const frames = document.getElementById('frames');
const parts = ['frames-title', 'frames-hint', 'theme-contrast', 'theme-pairs', 'theme-faults'];
let timer = 0;
let count = 0;
let running = new AbortController();

// The same page again, where it was scrolled to.
function reload(frame) {
  const at = frame.contentDocument?.scrollingElement?.scrollTop ?? 0;
  frame.addEventListener('load', () => frame.contentDocument?.scrollingElement?.scrollTo(0, at), { once: true });
  frame.contentWindow.location.replace(`${frames.dataset.tried}&at=${count}`);
}

async function look() {
  running.abort();
  running = new AbortController();
  const body = new URLSearchParams(new FormData(form));
  body.set('preview', '1');
  try {
    const answer = await fetch(form.action, { method: 'POST', body, headers: { Accept: 'text/html' },
      signal: running.signal });
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    for (const id of parts) {
      const fresh = page.getElementById(id);
      if (fresh) document.getElementById(id).replaceChildren(...document.importNode(fresh, true).childNodes);
    }
    count += 1;
    if (answer.ok) frames.querySelectorAll('iframe').forEach(reload);
  } catch (error) {
    if (error.name !== 'AbortError') throw error;
  }
}

function pick(place) {
  const text = place.querySelector('.input');
  const swatch = place.querySelector('.swatch');
  const picker = document.createElement('input');
  picker.type = 'color';
  picker.className = 'swatch';
  picker.value = swatch.querySelector('rect').getAttribute('fill');
  picker.setAttribute('aria-label', text.getAttribute('aria-label'));
  picker.addEventListener('input', () => {
    text.value = picker.value;
    text.dispatchEvent(new Event('input', { bubbles: true }));
  });
  text.addEventListener('input', () => {
    const value = text.value || text.placeholder;
    if (/^#[0-9a-f]{6}$/i.test(value)) picker.value = value;
  });
  swatch.replaceWith(picker);
}

form.querySelectorAll('.colour').forEach(pick);
for (const type of ['input', 'change']) {
  form.addEventListener(type, () => {
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE);
  });
}

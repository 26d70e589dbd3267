// One press, one draw. The form is sent with its key, and sent again with the
// same key until somebody has said what became of it: the server draws once for
// a key, however often it comes. Where this script does not run, the form does
// the same by itself.
//
// SPDX-License-Identifier: Apache-2.0
const opened = Date.now();
const ATTEMPT = 15_000; // ms that one answer may take
const GIVE_UP = 180_000; // ms after which the button is offered again
const KEEP = 600_000; // ms that a press without an answer is remembered
const WAITS = [700, 1500, 3000, 5000, 8000];
const store = `kuji-draw:${location.pathname}`;

let form;
let sending = false;

const sleep = (ms, wake) => new Promise((resolve) => {
  setTimeout(resolve, ms);
  wake?.then(resolve);
});

// A press of this browser's, in any tab: {body, key, at, done?}.
function remembered() {
  try {
    const press = JSON.parse(localStorage.getItem(store));
    return press && Date.now() - press.at < KEEP ? press : null;
  } catch {
    return null;
  }
}

function remember(press) {
  try {
    if (press) localStorage.setItem(store, JSON.stringify(press));
    else localStorage.removeItem(store);
  } catch { /* then this tab alone knows */ }
}

const buttons = () => document.querySelectorAll('button[form=draw], #draw button[type=submit]');

function say(text) {
  const line = document.getElementById('drawing');
  if (line && line.textContent !== text) line.textContent = text;
}

function setBusy(busy) {
  sending = busy;
  for (const button of buttons()) {
    // Not `disabled`: the focus would be lost with it.
    if (busy) button.setAttribute('aria-disabled', 'true');
    else button.removeAttribute('aria-disabled');
  }
}

// What was pressed, but for the key.
function bodyOf(fields) {
  const body = new URLSearchParams(fields);
  body.delete('key');
  return body.toString();
}

// A page of the server's in place of ours: what was wrong, and how it goes on.
function show(html) {
  const page = new DOMParser().parseFromString(html, 'text/html');
  document.querySelector('main').replaceWith(document.importNode(page.querySelector('main'), true));
  document.title = page.title;
  document.body.className = page.body.className;
  begin();
  const wrong = document.querySelector('main [aria-invalid=true]');
  const title = document.querySelector('main h1');
  if (title) title.tabIndex = -1;
  scrollTo(0, 0);
  (wrong ?? title)?.focus();
}

// One attempt: {done}, {page} or {again: ms}.
async function attempt(action, body, tries) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), ATTEMPT);
  try {
    const answer = await fetch(action, {
      method: 'POST', body, signal: stop.signal, redirect: 'follow', credentials: 'same-origin',
      headers: { Accept: 'text/html', 'Kuji-Draw': 'script' },
    });
    const later = Number(answer.headers.get('Retry-After'));
    if (answer.status === 503 && later <= 60) {
      return { again: Math.max(later * 1000, WAITS[Math.min(tries, 4)]), busy: true };
    }
    if ([502, 504].includes(answer.status)) return { again: WAITS[Math.min(tries, 4)], busy: true };
    const type = answer.headers.get('Content-Type') ?? '';
    if (answer.ok && type.startsWith('application/json')) return { done: (await answer.json()).location };
    if (answer.ok && answer.redirected) return { done: answer.url };
    return { page: await answer.text() };
  } catch {
    return { again: WAITS[Math.min(tries, 4)], busy: false };
  } finally {
    clearTimeout(timer);
  }
}

async function send(press, action, isMine) {
  const body = `${press.body}&key=${encodeURIComponent(press.key)}`;
  const until = Date.now() + GIVE_UP;
  const { dataset } = form;
  for (let tries = 0; Date.now() < until; tries += 1) {
    const result = await attempt(action, new URLSearchParams(body), tries);
    if (result.done) {
      remember({ ...press, done: result.done });
      location.assign(result.done);
      return;
    }
    if (result.page !== undefined) {
      remember(null);
      setBusy(false);
      say('');
      // A press from before that came to nothing is no news to anybody.
      if (isMine) show(result.page);
      return;
    }
    say(result.busy ? dataset.wait : dataset.lost);
    const back = new Promise((resolve) => { addEventListener('online', resolve, { once: true }); });
    // Not all at the same time, when a whole hall comes back.
    await sleep(result.again * (0.8 + Math.random() * 0.4), result.busy ? null : back);
  }
  say(dataset.slow);
  setBusy(false);
}

// One tab at a time, where the browser can say so.
const alone = (work) => (navigator.locks ? navigator.locks.request(store, work) : work());

async function press(event) {
  event.preventDefault();
  if (sending) return;
  setBusy(true);
  const late = setTimeout(() => say(form.dataset.sending), 400);
  const fields = new FormData(form, event.submitter);
  const action = form.action;
  const body = bodyOf(fields);
  await alone(async () => {
    const other = remembered();
    const same = other && other.body === body ? other : null;
    // Pressed in another tab since this page was made: the same draw.
    if (same?.done && same.at > opened) {
      location.assign(same.done);
      return;
    }
    const mine = same && !same.done ? same : { body, key: fields.get('key'), at: Date.now() };
    form.elements.key.value = mine.key;
    remember(mine);
    await send(mine, action, true);
  });
  clearTimeout(late);
}

// Back on this page after it has drawn: the way to the result, or a new page.
function offer(done) {
  const line = document.getElementById('drawing');
  if (!line) return;
  const link = (href, text) => {
    const made = document.createElement('a');
    made.href = href;
    made.textContent = text;
    return made;
  };
  const anew = link(location.href, form.dataset.anew);
  anew.addEventListener('click', (event) => {
    event.preventDefault();
    location.reload();
  });
  line.replaceChildren(form.dataset.done, ' ', link(done, form.dataset.see), ' ', anew);
}

function begin() {
  form = document.getElementById('draw');
  if (!form?.dataset.sending || !globalThis.fetch || !globalThis.AbortController) {
    return;
  }
  form.addEventListener('submit', press);
}

// A press whose answer never came, before a reload or in a tab that was closed.
function resume() {
  const before = remembered();
  if (!before) remember(null);
  if (!form || !before || before.done || form.closest('.trouble')) return;
  setBusy(true);
  say(form.dataset.resumed);
  alone(async () => {
    const now = remembered();
    if (now?.done) location.assign(now.done);
    else if (now) await send(now, form.action, false);
    else {
      setBusy(false);
      say('');
    }
  });
}

addEventListener('pageshow', (event) => {
  if (!event.persisted || !form) return;
  const before = remembered();
  setBusy(false);
  say('');
  if (before?.done && before.key === form.elements.key.value) offer(before.done);
});
begin();
resume();

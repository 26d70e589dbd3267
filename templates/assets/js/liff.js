// Inside the LINE app: LINE's word on who reads goes to our server, which checks
// it; then on to the campaign. What only the app can do is offered where it can.
// Anybody else finds the link to the log-in on the web, which is there already.
//
// SPDX-License-Identifier: Apache-2.0
const { liff } = window;
const root = document.getElementById('liff');
const { id, session, home, campaign, once, share, menu, scan } = root.dataset;
const part = (name) => root.querySelector(`[data-do="${name}"]`);
const said = root.querySelector('[data-said]');
let next = home;

// Where somebody else's log-in would begin within the app, LINE forbids it; the
// link to it stays for those who are outside.
function show(state) {
  for (const section of root.querySelectorAll('[data-state]')) {
    section.hidden = section.dataset.state !== state;
  }
  root.querySelector('[data-login]').hidden = !['outside', 'failed'].includes(state);
  root.dataset.now = state;
}

// The box for name and picture, where there is one to be ticked; then whoever
// reads goes on.
function ask(form) {
  show('ask');
  return new Promise((resolve) => {
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const { profile } = form.elements;
      show('working');
      resolve(profile.checked ? profile.value : undefined);
    }, { once: true });
  });
}

async function introduce(agreed) {
  const answer = await fetch(session, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
    body: JSON.stringify({
      campaign, once, id_token: liff.getIDToken(), access_token: liff.getAccessToken() ?? undefined,
      agreed,
    }),
  });
  const told = await answer.json();
  if (told.next) next = told.next;
  return told.outcome ?? (answer.status === 503 ? 'away' : 'failed');
}

// A QR code holds a code, or a campaign's address with one.
function codeOf(text) {
  try {
    return new URL(text).searchParams.get('code') ?? '';
  } catch {
    return text.trim();
  }
}

async function read() {
  const { value } = await liff.scanCodeV2();
  const code = codeOf(value ?? '');
  if (code) window.location.assign(`${next}?code=${encodeURIComponent(code)}`);
  else said.textContent = said.dataset.unread;
}

async function tell() {
  const told = await liff.shareTargetPicker([{ type: 'text', text: share }], { isMultiple: true });
  if (told?.status === 'success') said.textContent = said.dataset.shared;
}

// Whoever closes LINE's sheet has not failed.
function offer(name, act, when) {
  const button = part(name);
  button.hidden = !when;
  button.addEventListener('click', () => Promise.resolve(act()).catch(() => {}));
}

function ready() {
  part('go').href = next;
  offer('scan', read, !!scan && liff.isApiAvailable('scanCodeV2'));
  part('go').classList.toggle('button-quiet', !part('scan').hidden);
  part('go').classList.toggle('button-primary', part('scan').hidden);
  offer('share', tell, liff.isApiAvailable('shareTargetPicker'));
  offer('close', () => liff.closeWindow(), true);
  if (!menu && part('scan').hidden) window.location.replace(next);
  else show('ready');
}

async function begin() {
  // On the endpoint URL this leads on to the campaign's by itself.
  await liff.init({ liffId: id });
  if (!campaign) return window.location.replace(home);
  if (!liff.isInClient()) return show('outside');
  if (!liff.getIDToken()) return show('failed');
  const form = root.querySelector('[data-ask]');
  const outcome = await introduce(form ? await ask(form) : undefined);
  if (outcome === 'ready') return ready();
  return show(['friend', 'away'].includes(outcome) ? outcome : 'failed');
}

show('working');
for (const button of root.querySelectorAll('[data-do="again"]')) {
  button.addEventListener('click', () => window.location.reload());
}
begin().catch(() => show(liff.isInClient() ? 'failed' : 'outside'));

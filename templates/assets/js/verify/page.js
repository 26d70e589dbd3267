// The proof page: checks receipts and the whole ledger when asked. Its words are
// in the template, as data of the elements.
//
// SPDX-License-Identifier: Apache-2.0
const root = document.getElementById('verify');
const { base, worker: workerAddress, lang } = root.dataset;
const words = root.dataset;
const count = new Intl.NumberFormat(lang);
const fill = (text, ...values) => values.reduce((said, value, i) => said.replace(`%${i + 1}`, value), text);

/** One job of the worker: its answer; onProgress(done, size) meanwhile. */
function ask(job, onProgress = () => {}) {
  const worker = new Worker(workerAddress);
  const answer = new Promise((resolve) => {
    worker.addEventListener('message', ({ data }) => {
      if (data.progress) {
        onProgress(data.progress.done, data.progress.size);
        return;
      }
      worker.terminate();
      resolve(data);
    });
    worker.addEventListener('error', (event) => {
      worker.terminate();
      resolve({ failed: event.message ?? '' });
    });
  });
  worker.postMessage({ base: new URL(base, location.href).href, ...job });
  return { answer, worker };
}

/** Says it, kindly first; what the verifier found goes in small print. */
function say(box, kind, lines, detail = '') {
  box.className = `verdict verdict-${kind}`;
  box.replaceChildren(...lines.filter(Boolean).map((line) => {
    const p = document.createElement('p');
    p.textContent = line;
    return p;
  }));
  if (detail) {
    const small = document.createElement('p');
    small.className = 'verdict-detail';
    small.lang = 'en';
    small.textContent = detail;
    box.append(small);
  }
  box.hidden = false;
}

function sayProblem(box, { refused, failed }, refusal) {
  if (refused) say(box, 'bad', [refusal], refused.why);
  else say(box, 'none', [words.failed], failed);
}

// Receipts

function sayReceipt(box, answer) {
  if (!answer.receipt) {
    sayProblem(box, answer, words.receiptBad);
    return;
  }
  const { n, index, mine, signed } = answer.receipt;
  say(box, 'good', [fill(words.receiptOk, count.format(n), count.format(index + 1)), mine && words.receiptMine,
    !signed && words.unsigned]);
}

async function checkText(box, text) {
  say(box, 'none', [words.busy]);
  sayReceipt(box, await ask({ kind: 'receipt', text }).answer);
}

/** The receipt of one of the reader's own draws, as the server hands it out. */
async function checkDraw(n, box) {
  try {
    const answer = await fetch(`${base}/draws/${n}/receipt.json`);
    if (!answer.ok) throw new Error(`${answer.status}`);
    await checkText(box, await answer.text());
  } catch (problem) {
    sayProblem(box, { failed: String(problem) });
  }
}

const boxes = new Map([...document.querySelectorAll('[data-draw]')].map((box) => [box.dataset.draw, box]));
const mineButton = document.getElementById('verify-mine');
mineButton?.addEventListener('click', async () => {
  mineButton.disabled = true;
  for (const [n, box] of boxes) await checkDraw(n, box);
  mineButton.disabled = false;
});
if (mineButton) mineButton.hidden = false;

const file = document.getElementById('verify-file');
file.addEventListener('change', async () => {
  const [chosen] = file.files;
  if (chosen) await checkText(document.getElementById('verify-file-said'), await chosen.text());
  file.value = '';
});
document.getElementById('verify-file-row').hidden = false;

// A result's page links here with its draw in the fragment, which no server sees.
const [, asked] = /^#draw=(\d{1,16})$/.exec(location.hash) ?? [];
if (asked && boxes.has(asked)) {
  boxes.get(asked).scrollIntoView({ block: 'center' });
  checkDraw(asked, boxes.get(asked));
}

// The whole ledger

const allButton = document.getElementById('verify-all');
const cancel = document.getElementById('verify-cancel');
const bar = document.getElementById('verify-bar');
const doing = document.getElementById('verify-doing');
const said = document.getElementById('verify-said');
let running = null;

function showBusy(busy) {
  allButton.hidden = busy;
  doing.hidden = !busy;
  if (busy) said.hidden = true;
}

function showProgress(done, size) {
  const share = Math.floor((100 * done) / size);
  bar.setAttribute('aria-valuenow', share);
  bar.setAttribute('aria-valuetext', fill(words.progress, count.format(done), count.format(size)));
  bar.firstElementChild.style.inlineSize = `${share}%`;
  bar.nextElementSibling.textContent = bar.getAttribute('aria-valuetext');
}

function sayAll(answer) {
  if (!answer.all) {
    const { leaf } = answer.refused ?? {};
    sayProblem(said, answer, Number.isInteger(leaf) ? fill(words.allBad, count.format(leaf + 1)) : words.rootBad);
    return;
  }
  const { size, signed, replayed, zoneUnknown, round } = answer.all;
  say(said, 'good', [fill(replayed ? words.allOk : words.allOpen, count.format(size)), !signed && words.unsigned,
    zoneUnknown && words.zone, round !== null && fill(words.beacon, count.format(round))]);
}

allButton.addEventListener('click', async () => {
  showBusy(true);
  showProgress(0, 1);
  const started = ask({ kind: 'all' }, showProgress);
  running = started;
  cancel.focus();
  const answer = await started.answer;
  if (running !== started) return;
  running = null;
  showBusy(false);
  sayAll(answer);
  allButton.focus();
});

cancel.addEventListener('click', () => {
  running?.worker.terminate();
  running = null;
  showBusy(false);
  say(said, 'none', [words.cancelled]);
  allButton.focus();
});
root.hidden = false;

// Telling others: the phone's own sheet where there is one, else a button that
// copies; the plain links stay for everybody else.
//
// SPDX-License-Identifier: Apache-2.0
const ways = document.getElementById('share');

function add(label, act) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'button button-quiet';
  button.textContent = label;
  button.addEventListener('click', act);
  ways.prepend(button);
}

if (ways) {
  const { text, url, share, copy, copied } = ways.dataset;
  if (navigator.share) {
    // Whoever closes the sheet has not failed.
    add(share, () => navigator.share({ text, url }).catch(() => {}));
  } else if (navigator.clipboard) {
    add(copy, async () => {
      await navigator.clipboard.writeText(`${text}\n${url}`);
      document.getElementById('share-said').textContent = copied;
    });
  }
}

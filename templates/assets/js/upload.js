// Uploads images: each file is the body of one request. The page is read again
// once all are there.
//
// SPDX-License-Identifier: Apache-2.0
const panel = document.getElementById('drop');
const input = document.getElementById('file');
const said = document.getElementById('drop-said');
const reasons = { 409: 'full', 413: 'large', 415: 'type' };
const largest = 5 * 1024 * 1024;

async function upload(file) {
  if (file.size > largest) return `${file.name}: ${panel.dataset.large}`;
  try {
    const answer = await fetch(panel.dataset.to, {
      method: 'POST',
      body: file,
      headers: { Accept: 'application/json', 'Content-Type': 'application/octet-stream' },
    });
    return answer.ok ? '' : `${file.name}: ${panel.dataset[reasons[answer.status] ?? 'failed']}`;
  } catch {
    return `${file.name}: ${panel.dataset.failed}`;
  }
}

async function uploadAll(files) {
  input.disabled = true;
  const refusals = [];
  let done = 0;
  for (const file of files) {
    said.textContent = `${panel.dataset.busy} ${done + 1} / ${files.length}`;
    const refusal = await upload(file);
    if (refusal) refusals.push(refusal);
    done += 1;
  }
  input.disabled = false;
  input.value = '';
  said.textContent = refusals.join('\n');
  if (!refusals.length) location.reload();
}

panel.hidden = false;
input.addEventListener('change', () => uploadAll([...input.files]));
panel.addEventListener('dragover', (event) => event.preventDefault());
panel.addEventListener('drop', (event) => {
  event.preventDefault();
  uploadAll([...event.dataTransfer.files]);
});

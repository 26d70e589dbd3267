// Silver over the card, to be rubbed off: by finger, by mouse, or by a button.
//
// SPDX-License-Identifier: Apache-2.0
reveal((stage) => {
  const card = outcome.querySelector('.outcome-card');
  const foil = node('canvas', 'stage-foil');
  const density = Math.min(2, devicePixelRatio || 1);
  const [width, height] = [card.clientWidth, card.clientHeight];
  const pen = foil.getContext('2d');
  const colours = getComputedStyle(outcome);
  const cells = new Set();
  const columns = 12;
  const rows = 14;
  const brush = Math.max(22, width / 14);
  let last = null;

  foil.width = width * density;
  foil.height = height * density;
  pen.scale(density, density);
  const shine = pen.createLinearGradient(0, 0, width, height);
  ['#c9ccd2', '#e9ebee', '#b9bdc6', '#dfe2e6', '#b4b8c1'].forEach((colour, i) => shine.addColorStop(i / 4, colour));
  pen.fillStyle = shine;
  pen.fillRect(0, 0, width, height);
  pen.font = '800 22px system-ui, sans-serif';
  pen.textAlign = 'center';
  pen.fillStyle = 'rgb(90 96 110 / .28)';
  for (let y = 26; y < height; y += 44) {
    for (let x = (y / 44) % 2 < 1 ? 20 : 52; x < width; x += 64) pen.fillText('福', x, y);
  }
  pen.fillStyle = '#2c3140';
  pen.font = '700 17px system-ui, sans-serif';
  pen.fillText(words.hint, width / 2, height / 2, width - 32);
  stage.root.prepend(foil);
  stage.scene.remove();
  stage.root.classList.add('stage-clear');
  outcome.classList.add('see-through');
  const coin = stage.part(`<circle cx="26" cy="26" r="23" fill="${colours.getPropertyValue('--gold-fill')}" stroke="#8a6a1c" stroke-width="2"/>
    <rect x="19" y="19" width="14" height="14" fill="none" stroke="#8a6a1c" stroke-width="2"/>`, [width / 2 - 26, height / 2 + 14, 52, 52], '50% 50%', stage.root);
  coin.classList.add('stage-coin');
  const hint = coin.animate([{ transform: 'translateX(-46px)' }, { transform: 'translateX(46px)' }],
    { duration: 700, iterations: Infinity, direction: 'alternate', easing: 'ease-in-out' });

  pen.globalCompositeOperation = 'destination-out';
  pen.lineCap = 'round';
  pen.lineJoin = 'round';
  pen.lineWidth = brush * 2;

  function rub(x, y) {
    pen.beginPath();
    pen.moveTo(last?.x ?? x, last?.y ?? y);
    pen.lineTo(x + 0.01, y);
    pen.stroke();
    const steps = last ? Math.ceil(Math.hypot(x - last.x, y - last.y) / brush) : 1;
    for (let i = 1; i <= steps; i += 1) {
      const at = { x: (last?.x ?? x) + (x - (last?.x ?? x)) * i / steps, y: (last?.y ?? y) + (y - (last?.y ?? y)) * i / steps };
      for (let c = 0; c < columns; c += 1) {
        for (let r = 0; r < rows; r += 1) {
          if (Math.hypot((c + 0.5) * width / columns - at.x, (r + 0.5) * height / rows - at.y) < brush) cells.add(c * rows + r);
        }
      }
    }
    last = { x, y };
  }

  return new Promise((resolve) => {
    const enough = () => { if (cells.size > columns * rows * 0.45) resolve(); };
    const begin = () => { hint.cancel(); coin.remove(); start.remove(); };
    foil.addEventListener('pointerdown', (event) => {
      begin();
      foil.setPointerCapture(event.pointerId);
      last = null;
      rub(event.offsetX, event.offsetY);
      sound.tone(2400, 0, 0.06, 'sawtooth', 0.02);
    });
    foil.addEventListener('pointermove', (event) => {
      if (!last || !event.buttons) return;
      rub(event.offsetX, event.offsetY);
      enough();
    });
    foil.addEventListener('pointerup', () => { last = null; });
    // The button rubs for those who cannot, or have no pointer.
    const start = stage.button(words.start, 'stage-start', () => {
      begin();
      stage.skip.focus();
      const from = performance.now();
      const draw = (now) => {
        const part = Math.min(1, (now - from) / 1500);
        rub(width * (0.5 + 0.46 * Math.sin(part * Math.PI * 9)), height * (0.08 + 0.84 * part));
        if (part < 1 && stage.root.isConnected) requestAnimationFrame(draw);
        else resolve();
      };
      last = null;
      sound.rattle(14, 0.1);
      requestAnimationFrame(draw);
    });
    stage.bar.prepend(start);
  });
});

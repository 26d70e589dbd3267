// What all reveals share. The server has decided, and the card is on the page
// already; a reveal only delays the sight of it, may be skipped at any time,
// and ends on the still card. Each reveal is served as one file, this one in
// front of it.
//
// SPDX-License-Identifier: Apache-2.0
const outcome = document.querySelector('.outcome.reveal');
const words = outcome?.dataset ?? {};

// Off until it is asked for; remembered.
const sound = {
  on: false,
  context: null,
  begin() {
    try {
      this.on = localStorage.getItem('kuji-sound') === 'on';
    } catch { /* storage may be closed to us */ }
  },
  toggle() {
    this.on = !this.on;
    try {
      localStorage.setItem('kuji-sound', this.on ? 'on' : 'off');
    } catch { /* then only for now */ }
    if (this.on) this.tone(880, 0, 0.12);
  },
  // Hertz, seconds from now, seconds long.
  tone(pitch, wait = 0, length = 0.1, type = 'sine', volume = 0.1) {
    const Context = globalThis.AudioContext ?? globalThis.webkitAudioContext;
    if (!this.on || !Context) return;
    this.context ??= new Context();
    this.context.resume();
    const gain = this.context.createGain();
    const voice = this.context.createOscillator();
    const start = this.context.currentTime + wait;
    voice.type = type;
    voice.frequency.value = pitch;
    gain.gain.setValueAtTime(0, start);
    gain.gain.linearRampToValueAtTime(volume, start + 0.01);
    gain.gain.exponentialRampToValueAtTime(0.0001, start + length);
    voice.connect(gain).connect(this.context.destination);
    voice.start(start);
    voice.stop(start + length);
  },
  // A rattle of n ticks, each later than the one before by `gap` seconds.
  rattle(n, gap, slowing = 0) {
    for (let i = 0, at = 0; i < n; i += 1, at += gap + slowing * i) {
      this.tone(170 + 60 * (i % 3), at, 0.05, 'triangle', 0.09);
    }
  },
  end(isWin) {
    const tune = isWin ? [659, 784, 1047, 1319] : [523, 440];
    tune.forEach((pitch, i) => this.tone(pitch, i * 0.12, 0.5, 'triangle'));
    if (isWin) this.vibrate([40, 60, 40, 60, 160]);
  },
  // Felt by whoever chose to hear it, and never where less motion is wanted,
  // even if that was said while the reveal ran.
  vibrate(pattern) {
    if (this.on && !matchMedia('(prefers-reduced-motion: reduce)').matches) navigator.vibrate?.(pattern);
  },
};

function node(tag, className, text) {
  const made = document.createElement(tag);
  made.className = className;
  if (text) made.textContent = text;
  return made;
}

// The place where it happens. Every part that moves is a layer of its own and
// moves by transform and opacity alone, so that no frame needs layout or paint.
class Stage {
  constructor() {
    this.isWin = outcome.classList.contains('outcome-win');
    this.mark = this.isWin ? '福' : '笑';
    this.root = node('div', 'stage');
    this.scene = node('div', 'stage-scene');
    this.scene.setAttribute('aria-hidden', 'true');
    this.bar = node('div', 'stage-bar');
    this.skip = this.button(words.skip, 'stage-skip', () => this.finish());
    this.mute = this.button(words.sound, 'stage-sound', () => {
      sound.toggle();
      this.mute.setAttribute('aria-pressed', String(sound.on));
    });
    this.mute.setAttribute('aria-pressed', String(sound.on));
    // The page's own heading is hidden as long as it would tell.
    this.root.append(node('h1', 'visually-hidden', words.title), this.scene, this.bar);
    this.done = new Promise((resolve) => { this.finish = resolve; });
    this.onKey = (event) => { if (event.key === 'Escape') this.finish(); };
    addEventListener('keydown', this.onKey);
  }

  button(text, className, act) {
    const made = node('button', `stage-button ${className}`, text);
    made.type = 'button';
    made.addEventListener('click', act);
    this.bar.append(made);
    return made;
  }

  // A layer with a drawing, placed on a scene of 280 by 300.
  part(svg, [x, y, width, height], origin = '50% 50%', into = this.scene) {
    const layer = node('div', 'stage-part');
    Object.assign(layer.style, {
      left: `${x}px`, top: `${y}px`, width: `${width}px`, height: `${height}px`, transformOrigin: origin,
    });
    layer.innerHTML = `<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" focusable="false">${svg}</svg>`;
    into.append(layer);
    return layer;
  }

  // Resolves when the movement is over; the last frame stays.
  move(layer, frames, duration, options = {}) {
    return layer.animate(frames, {
      duration, fill: 'both', easing: 'cubic-bezier(.3,.1,.2,1)', ...options,
    }).finished;
  }

  wait(duration) {
    return new Promise((resolve) => { setTimeout(resolve, duration); });
  }

  fit() {
    const scale = Math.min(1.15, this.root.clientWidth / 280, (this.root.clientHeight - 64) / 318);
    this.scene.style.transform = `scale(${scale})`;
  }

  async close() {
    const within = this.root.contains(document.activeElement);
    const title = outcome.querySelector('.outcome-title');
    removeEventListener('keydown', this.onKey);
    sound.end(this.isWin);
    outcome.classList.remove('playing', 'see-through');
    outcome.classList.add('revealed');
    const card = outcome.querySelector('.outcome-card');
    card.inert = false;
    outcome.querySelector('.outcome-said').textContent = words.said;
    if (within && title) {
      title.tabIndex = -1;
      title.focus({ preventScroll: true });
    }
    this.root.inert = true;
    await this.move(this.root, [{ opacity: 1 }, { opacity: 0 }], 260, { easing: 'ease-out' }).catch(() => {});
    this.root.remove();
  }
}

// play: builds its scene on the stage and moves it; what it returns is awaited.
async function reveal(play) {
  const page = document.documentElement;
  if (!outcome || !page.classList.contains('hold') || !outcome.animate) {
    page.classList.remove('hold');
    return;
  }
  sound.begin();
  const stage = new Stage();
  outcome.classList.add('playing');
  outcome.querySelector('.outcome-card').inert = true;
  outcome.append(stage.root);
  page.classList.remove('hold');
  stage.fit();
  // Whatever goes wrong in a show, the result is shown.
  Promise.resolve().then(() => play(stage)).catch(() => {}).then(() => stage.finish());
  await stage.done;
  await stage.close();
}

// Three reels. A blank shows three different signs: a near miss would tell a
// lie about how close it was.
//
// SPDX-License-Identifier: Apache-2.0
reveal(async (stage) => {
  // On the reels' own light ground, by day and by night.
  const signs = { 福: '#a5271f', 祭: '#1d5c9e', 縁: '#2a2f4a', 笑: '#2c6525' };
  const names = Object.keys(signs);
  const last = stage.isWin ? ['福', '福', '福'] : ['祭', '縁', '笑'];
  const size = 72;
  stage.part(`<rect x="6" y="46" width="268" height="190" rx="22" fill="var(--primary)"/>
    <rect x="14" y="54" width="252" height="174" rx="16" fill="none" stroke="var(--on-primary)" stroke-width="2" opacity=".7"/>
    <path d="M36 46q104-80 208 0z" fill="var(--primary-deep)"/>
    <text x="143" y="40" text-anchor="middle" font-size="20" font-weight="800" letter-spacing="6" fill="var(--on-primary)">大入</text>
    <rect x="22" y="82" width="236" height="96" rx="10" fill="var(--lamp-cap)"/>
    <path d="M22 200h236" stroke="var(--gold-fill)" stroke-width="8" stroke-linecap="round" stroke-dasharray="0.100 19.600"/>
    <rect x="30" y="236" width="220" height="26" rx="6" fill="var(--primary-deep)"/>`, [0, 0, 280, 300]);
  const stops = last.map((sign, at) => {
    const pane = stage.part('', [28 + at * 76, 94, size, size]);
    pane.classList.add('stage-window');
    const strip = [...Array(15 + at * 6).keys()].map((i) => names[(i + at) % 4]);
    strip.push(sign);
    const band = stage.part(strip.map((name, i) => `<g transform="translate(0 ${i * size})">
      <circle cx="36" cy="36" r="29" fill="none" stroke="${signs[name]}" stroke-width="3"/>
      <text x="36" y="50" text-anchor="middle" font-size="38" font-weight="800" fill="${signs[name]}">${name}</text></g>`).join(''),
    [0, 0, size, size * strip.length], '50% 0', pane);
    const end = -(strip.length - 1) * size;
    const time = 1300 + at * 600;
    return stage.move(band, [
      { transform: 'translateY(0)' },
      { transform: `translateY(${end - 12}px)`, offset: 0.93, easing: 'ease-out' },
      { transform: `translateY(${end}px)` },
    ], time, { easing: 'cubic-bezier(.3,.3,.3,1)' }).then(() => sound.tone(330 + at * 110, 0, 0.15, 'square', 0.05));
  });
  sound.rattle(30, 0.06, 0.001);
  await Promise.all(stops);
  const glow = stage.part(`<rect x="3" y="3" width="240" height="100" rx="13" fill="none" stroke="var(--gold-fill)" stroke-width="6"/>`, [17, 77, 246, 106]);
  await stage.move(glow, stage.isWin ? [
    { opacity: 0, transform: 'scale(.96)' }, { opacity: 1, transform: 'scale(1.040)', offset: 0.3 },
    { opacity: 0.2, transform: 'none', offset: 0.6 }, { opacity: 1, transform: 'none' },
  ] : [{ opacity: 0 }, { opacity: 0 }], stage.isWin ? 700 : 450);
});

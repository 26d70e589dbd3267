// One card, face down: it rises, sways, and turns over.
//
// SPDX-License-Identifier: Apache-2.0
reveal(async (stage) => {
  const waves = [...Array(9).keys()].flatMap((row) => [...Array(7).keys()].map((i) => {
    const x = 10 + i * 28 + (row % 2) * 14;
    const y = 34 + row * 28;
    return `<path d="M${x - 14} ${y}a14 14 0 0 1 28 0M${x - 9} ${y}a9 9 0 0 1 18 0M${x - 4} ${y}a4 4 0 0 1 8 0"/>`;
  })).join('');
  const holder = stage.part('', [46, 12, 188, 276]);
  holder.classList.add('stage-deep');
  const frame = '<rect x="2" y="2" width="184" height="272" rx="16"';
  const back = stage.part(`${frame} fill="var(--primary)"/>
    <clipPath id="card-clip"><rect x="14" y="14" width="160" height="248" rx="8"/></clipPath>
    <g fill="none" stroke="var(--on-primary)" stroke-width="1.500" opacity=".45" clip-path="url(#card-clip)">${waves}</g>
    <rect x="14" y="14" width="160" height="248" rx="8" fill="none" stroke="var(--on-primary)" stroke-width="2"/>
    <circle cx="94" cy="138" r="40" fill="var(--on-primary)"/>
    <text x="94" y="153" text-anchor="middle" font-size="42" font-weight="800" fill="var(--primary)">籤</text>`, [0, 0, 188, 276], '50% 50%', holder);
  const face = stage.part(`${frame} fill="${stage.isWin ? 'var(--gold-pale)' : 'var(--paper)'}" stroke="var(--gold-fill)" stroke-width="3"/>
    <rect x="14" y="14" width="160" height="248" rx="8" fill="none" stroke="${stage.isWin ? 'var(--gold-fill)' : 'var(--line)'}" stroke-width="1.500"/>
    <text x="94" y="176" text-anchor="middle" font-size="110" font-weight="800" fill="${stage.isWin ? 'var(--gold)' : 'var(--ink)'}">${stage.mark}</text>`, [0, 0, 188, 276], '50% 50%', holder);
  face.style.opacity = 0;
  await stage.move(holder, [{ opacity: 0, transform: 'translateY(60px) scale(.800)' }, { opacity: 1, transform: 'none' }], 480);
  sound.rattle(6, 0.12);
  await stage.move(holder, [0, -5, 5, -4, 4, 0].map((angle) => ({ transform: `rotate(${angle}deg)` })), 800, { easing: 'ease-in-out' });
  sound.tone(700, 0, 0.15, 'triangle');
  await stage.move(back, [{ opacity: 1, transform: 'rotateY(0)' }, { opacity: 1, transform: 'rotateY(90deg) scale(1.060)' }], 300, { easing: 'ease-in' });
  back.style.opacity = 0;
  await stage.move(face, [{ opacity: 1, transform: 'rotateY(-90deg) scale(1.060)' }, { opacity: 1, transform: 'none' }], 340, { easing: 'ease-out' });
  await stage.wait(520);
});

// A capsule machine: the handle turns, a capsule rolls out and opens.
//
// SPDX-License-Identifier: Apache-2.0
reveal(async (stage) => {
  const colours = ['var(--primary)', 'var(--gold-fill)', 'var(--cloth)', 'var(--lamp-rib)'];
  const heap = [[42, 100], [75, 103], [109, 103], [142, 100], [58, 73], [92, 76], [126, 73], [92, 50]];
  const halves = ([x, y], i) => `<g transform="rotate(${i * 47} ${x} ${y})"><circle cx="${x}" cy="${y}" r="17" fill="var(--lamp)" stroke="var(--control)"/>
    <path d="M${x - 17} ${y}a17 17 0 0 1 34 0z" fill="${colours[i % 4]}"/></g>`;
  const balls = stage.part(heap.map(halves).join(''), [48, 2, 184, 124], '50% 90%');
  stage.part(`<path d="M56 122a84 84 0 1 1 168 0z" fill="var(--lamp)" opacity=".28"/>
    <path d="M56 122a84 84 0 1 1 168 0" fill="none" stroke="var(--control)" stroke-width="3"/>
    <path d="M84 78a62 62 0 0 1 28-34" fill="none" stroke="#fff" stroke-width="7" stroke-linecap="round" opacity=".8"/>
    <rect x="44" y="118" width="192" height="20" rx="8" fill="var(--primary-deep)"/>
    <path d="M54 138h172l-8 142a10 10 0 0 1-10 8H72a10 10 0 0 1-10-8z" fill="var(--primary)"/>
    <circle cx="140" cy="182" r="36" fill="var(--primary-deep)"/>
    <path d="M100 232h80v40a6 6 0 0 1-6 6h-68a6 6 0 0 1-6-6z" fill="var(--lamp-cap)"/>`, [0, 0, 280, 300]);
  const handle = stage.part(`<circle cx="32" cy="32" r="29" fill="var(--lamp)"/><rect x="4" y="23" width="56" height="18" rx="9" fill="var(--wood)"/>
    <circle cx="32" cy="32" r="6" fill="var(--lamp)"/>`, [108, 150, 64, 64]);
  const light = stage.part(`<circle cx="60" cy="60" r="58" fill="${stage.isWin ? 'var(--gold-fill)' : 'var(--lamp)'}"/>`, [80, 90, 120, 120]);
  const capsule = stage.part('', [110, 220, 60, 60]);
  const under = stage.part(`<path d="M3 30a27 27 0 0 0 54 0z" fill="var(--lamp)" stroke="var(--control)" stroke-width="1.500"/>`, [0, 0, 60, 60], '50% 50%', capsule);
  const lid = stage.part(`<path d="M3 31a27 27 0 0 1 54 0z" fill="${stage.isWin ? 'var(--gold-fill)' : 'var(--cloth)'}" stroke="var(--control)" stroke-width="1.500"/>
    <path d="M13 24a20 20 0 0 1 11-11" fill="none" stroke="#fff" stroke-width="4" stroke-linecap="round" opacity=".8"/>`, [0, 0, 60, 60], '50% 50%', capsule);
  light.style.opacity = 0;
  capsule.style.opacity = 0;
  sound.rattle(12, 0.09);
  stage.move(balls, [0, -3, 2, -4, 3, -2, 2, 0].map((angle) => ({ transform: `rotate(${angle}deg)` })), 1200, { easing: 'linear' }).catch(() => {});
  await stage.move(handle, [{ transform: 'none' }, { transform: 'rotate(180deg)', offset: 0.45 }, { transform: 'rotate(170deg)', offset: 0.52 }, { transform: 'rotate(360deg)' }], 1250, { easing: 'ease-in-out' });
  sound.tone(220, 0.2, 0.2, 'triangle');
  await stage.move(capsule, [
    { opacity: 1, transform: 'translateY(-20px) rotate(-50deg) scale(.900)' }, { opacity: 1, transform: 'translateY(6px) rotate(15deg)', offset: 0.5 },
    { opacity: 1, transform: 'translateY(-4px) rotate(0)', offset: 0.75 }, { opacity: 1, transform: 'translateY(4px)' }], 480);
  await stage.move(capsule, [{ opacity: 1, transform: 'translateY(4px)' }, { opacity: 1, transform: 'translateY(-100px) scale(2.600)' }], 380);
  await stage.move(capsule, [0, -9, 9, -7, 7, 0].map((angle) => ({ opacity: 1, transform: `translateY(-100px) rotate(${angle}deg) scale(2.600)` })), 520, { easing: 'linear' });
  stage.move(under, [{ opacity: 1, transform: 'none' }, { opacity: 0, transform: 'translateY(34px) rotate(-18deg)' }], 460).catch(() => {});
  stage.move(light, [{ opacity: 0, transform: 'scale(.200)' }, { opacity: 1, transform: 'scale(1.200)', offset: 0.5 }, { opacity: 1, transform: 'scale(3.600)' }], 520).catch(() => {});
  await stage.move(lid, [{ opacity: 1, transform: 'none' }, { opacity: 0, transform: 'translateY(-40px) rotate(24deg)' }], 460);
});

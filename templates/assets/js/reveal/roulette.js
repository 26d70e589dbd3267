// A wheel. Its sectors mean nothing, because their widths would look like odds;
// the hub tells when it has stopped.
//
// SPDX-License-Identifier: Apache-2.0
reveal(async (stage) => {
  const fills = ['var(--primary)', 'var(--lamp)', 'var(--gold-fill)', 'var(--lamp)'];
  const at = (angle, radius) => `${(124 + radius * Math.sin(angle)).toFixed(1)} ${(124 - radius * Math.cos(angle)).toFixed(1)}`;
  const step = Math.PI / 6;
  const sectors = [...Array(12).keys()].map((i) =>
    `<path d="M124 124L${at(i * step, 112)}A112 112 0 0 1 ${at((i + 1) * step, 112)}z" fill="${fills[i % 4]}"/>`).join('');
  const lamps = [...Array(24).keys()].map((i) => {
    const [x, y] = at(i * step / 2, 117.5).split(' ');
    return `<circle cx="${x}" cy="${y}" r="3" fill="${i % 2 ? 'var(--gold-fill)' : 'var(--lamp)'}"/>`;
  }).join('');
  stage.part(`<path d="M70 292l40-70h60l40 70z" fill="var(--wood)"/><path d="M50 286h180v10H50z" fill="var(--wood)"/>`, [0, 0, 280, 300]);
  const wheel = stage.part(`<circle cx="124" cy="124" r="123" fill="var(--primary-deep)"/>${sectors}
    <circle cx="124" cy="124" r="112" fill="none" stroke="var(--line)" stroke-width="1"/>${lamps}`, [16, 20, 248, 248]);
  const hub = stage.part(`<circle cx="46" cy="46" r="44" fill="var(--paper)" stroke="var(--gold-fill)" stroke-width="4"/>
    <text x="46" y="63" text-anchor="middle" font-size="46" font-weight="800" fill="var(--control)">？</text>`, [94, 98, 92, 92]);
  const told = stage.part(`<circle cx="46" cy="46" r="44" fill="${stage.isWin ? 'var(--gold-pale)' : 'var(--paper)'}" stroke="var(--gold-fill)" stroke-width="4"/>
    <text x="46" y="63" text-anchor="middle" font-size="48" font-weight="800" fill="${stage.isWin ? 'var(--gold)' : 'var(--ink)'}">${stage.mark}</text>`, [94, 98, 92, 92]);
  const pointer = stage.part(`<path d="M4 2h32L20 44z" fill="var(--lamp-cap)" stroke="var(--paper)" stroke-width="2" stroke-linejoin="round"/>`, [120, 2, 40, 48], '50% 10%');
  told.style.opacity = 0;
  sound.rattle(30, 0.05, 0.0035);
  stage.move(pointer, [0, -10, 0, -10, 0, -8, 0, -8, 0, -6, 0, -6, 0].map((angle) => ({ transform: `rotate(${angle}deg)` })), 2300, { easing: 'ease-out' }).catch(() => {});
  await stage.move(wheel, [{ transform: 'rotate(0)' }, { transform: 'rotate(-9deg)', offset: 0.07 }, { transform: 'rotate(1815deg)' }],
    2800, { easing: 'cubic-bezier(.16,.6,.12,1)' });
  await stage.move(hub, [{ transform: 'none' }, { transform: 'scaleX(0)' }], 160, { easing: 'ease-in' });
  await stage.move(told, [{ opacity: 1, transform: 'scaleX(0)' }, { opacity: 1, transform: 'scale(1.250)' }, { opacity: 1, transform: 'scale(1.150)' }], 340);
  await stage.wait(350);
});

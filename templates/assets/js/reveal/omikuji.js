// A shrine's box is shaken until a stick comes out; then the slip unrolls.
//
// SPDX-License-Identifier: Apache-2.0
reveal(async (stage) => {
  stage.part(`<ellipse cx="140" cy="288" rx="84" ry="9" fill="var(--lamp-cap)" opacity=".18"/>`, [0, 0, 280, 300]);
  const box = stage.part('', [80, 96, 120, 188], '50% 92%');
  const stick = stage.part(`<rect x="2" y="2" width="16" height="130" rx="4" fill="var(--lamp)" stroke="var(--wood)" stroke-width="2"/>
    <path d="M2 6a4 4 0 0 1 4-4h8a4 4 0 0 1 4 4v14H2z" fill="${stage.isWin ? 'var(--gold-fill)' : 'var(--primary)'}"/>`, [50, 8, 20, 134], '50% 100%', box);
  stage.part(`<path d="M14 26L38 8h44l24 18v148l-24 10H38l-24-10z" fill="var(--primary)"/>
    <path d="M38 44h44v140H38z" fill="var(--primary-deep)" opacity=".35"/>
    <path d="M14 26L38 8h44l24 18-24 18H38z" fill="var(--wood)"/>
    <ellipse cx="60" cy="25" rx="12" ry="6" fill="var(--lamp-cap)"/>
    <rect x="44" y="60" width="32" height="108" rx="4" fill="var(--lamp)"/>
    <text x="60" y="86" text-anchor="middle" font-size="22" font-weight="800" fill="var(--lamp-cap)">お<tspan x="60" dy="24">み</tspan><tspan x="60" dy="24">く</tspan><tspan x="60" dy="24">じ</tspan></text>`, [0, 0, 120, 188], '50% 50%', box);
  const slip = stage.part(`<path d="M8 6h104v252H8z" fill="var(--lamp)" stroke="var(--lamp-rib)" stroke-width="2"/>
    <path d="M18 16h84v232H18z" fill="none" stroke="var(--lamp-rib)" stroke-width="1.500"/>
    <text x="60" y="150" text-anchor="middle" font-size="76" font-weight="800" fill="${stage.isWin ? '#a5271f' : '#2a2f4a'}">${stage.mark}</text>
    <path d="M34 196h52M34 212h52M42 228h36" stroke="var(--lamp-rib)" stroke-width="2"/>
    <path d="M0 0h120v12H0z" fill="var(--wood)"/>`, [80, 20, 120, 264], '50% 0');
  slip.style.opacity = 0;
  stick.style.transform = 'translateY(6px)';
  const tilt = [0, -16, 15, -15, 16, -14, 14, -10, 8, 0];
  sound.rattle(16, 0.09);
  await stage.move(box, tilt.map((angle, i) => ({ transform: `translateY(${i % 2 ? -10 : 0}px) rotate(${angle}deg)` })), 1450, { easing: 'linear' });
  sound.tone(990, 0, 0.25, 'triangle');
  await stage.move(stick, [{ transform: 'translateY(6px)' }, { transform: 'translateY(-84px)', offset: 0.7 }, { transform: 'translateY(-78px)' }], 520);
  await stage.wait(260);
  await stage.move(slip, [{ opacity: 0, transform: 'scaleY(.050)' }, { opacity: 1, transform: 'scaleY(.080)', offset: 0.15 }, { opacity: 1, transform: 'none' }], 560);
  await stage.wait(380);
});

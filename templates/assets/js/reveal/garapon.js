// The drum of a shopping street's lottery: it turns, and one ball comes out.
//
// SPDX-License-Identifier: Apache-2.0
reveal(async (stage) => {
  const ball = stage.isWin ? 'var(--gold-fill)' : 'var(--lamp)';
  stage.part(`<path d="M52 236L118 96M228 236L162 96M24 240h232" fill="none" stroke="var(--wood)" stroke-width="13" stroke-linecap="round" stroke-linejoin="round"/>
    <path d="M14 262h100l-10 24H24z" fill="var(--wood)"/><path d="M22 262h84v6H22z" fill="var(--lamp-cap)" opacity=".35"/>`, [0, 0, 280, 300]);
  const drum = stage.part(`<path d="M172 93h26V62" fill="none" stroke="var(--wood)" stroke-width="9" stroke-linejoin="round" stroke-linecap="round"/>
    <circle cx="198" cy="55" r="11" fill="var(--lamp-cap)"/>
    <path d="M110 8l72 30 30 72-30 72-72 30-72-30L8 110l30-72z" fill="var(--primary)"/>
    <path d="M110 22l62 26 26 62-26 62-62 26-62-26-26-62 26-62z" fill="none" stroke="var(--on-primary)" stroke-width="2" opacity=".8"/>
    <path d="M110 8v204M8 110h204M38 38l144 144M182 38L38 182" stroke="var(--primary-deep)" stroke-width="2" opacity=".6"/>
    <circle cx="110" cy="110" r="46" fill="var(--on-primary)"/>
    <text x="110" y="128" text-anchor="middle" font-size="50" font-weight="800" fill="var(--primary)">福</text>
    <path d="M34 168l-15 12 9 12 17-11z" fill="var(--primary-deep)"/>`, [30, 0, 220, 220]);
  const drop = stage.part(`<circle cx="18" cy="18" r="15" fill="${ball}" stroke="var(--control)" stroke-width="1.500"/>
    <circle cx="13" cy="12" r="4" fill="#fff" opacity=".8"/>`, [46, 178, 36, 36]);
  drop.style.opacity = 0;
  sound.rattle(24, 0.07, 0.001);
  await stage.move(drum, [
    { transform: 'none' }, { transform: 'rotate(14deg)', offset: 0.12 }, { transform: 'rotate(-720deg)' },
  ], 2100, { easing: 'cubic-bezier(.5,0,.3,1)' });
  sound.tone(1200, 0.28, 0.2, 'triangle');
  sound.tone(1200, 0.5, 0.12, 'triangle', 0.05);
  await stage.move(drop, [
    { opacity: 1, transform: 'translate(6px,-14px) scale(.6)' },
    { opacity: 1, transform: 'translate(-4px,62px)', offset: 0.4, easing: 'cubic-bezier(0,.6,.4,1)' },
    { opacity: 1, transform: 'translate(2px,34px)', offset: 0.6, easing: 'cubic-bezier(.6,0,1,.4)' },
    { opacity: 1, transform: 'translate(6px,62px)', offset: 0.8 },
    { opacity: 1, transform: 'translate(9px,62px)' },
  ], 620, { easing: 'cubic-bezier(.6,0,1,.4)' });
  await stage.wait(220);
  await stage.move(drop, [
    { opacity: 1, transform: 'translate(9px,62px)' }, { opacity: 1, transform: 'translate(76px,-48px) scale(5.200)' },
  ], 420);
});

// A coupon's clock goes on from the server's time, and its stub is torn off by
// a slider before the passcode is asked for. Without this the clock stands and
// the stub opens by a tap.
//
// SPDX-License-Identifier: Apache-2.0
const clock = document.querySelector('.coupon-clock');

if (clock) {
  const began = performance.now();
  const start = Number(clock.dataset.now);
  const lang = document.documentElement.lang;
  const format = new Intl.DateTimeFormat(lang, {
    timeZone: clock.dataset.zone, year: 'numeric', month: 'long', day: 'numeric', weekday: 'short',
  });
  const hours = new Intl.DateTimeFormat(lang, {
    timeZone: clock.dataset.zone, hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23',
  });
  const time = clock.querySelector('time');
  const day = document.createElement('span');
  const now = document.createElement('span');
  day.className = 'coupon-day';
  now.className = 'coupon-time';
  time.replaceChildren(day, now);
  const tick = () => {
    const at = new Date(start + performance.now() - began);
    // As the server writes it: 2026年11月26日（木）.
    day.textContent = format.format(at).replace(/\((.+)\)/, '（$1）');
    now.textContent = hours.format(at);
  };
  tick();
  setInterval(tick, 250);
}

const tear = document.querySelector('details.tear');

if (tear && !tear.open) {
  const summary = tear.querySelector('summary');
  const label = document.createElement('label');
  const slider = document.createElement('input');
  label.className = 'tear-slide';
  label.textContent = tear.dataset.slide;
  slider.type = 'range';
  slider.min = '0';
  slider.max = '100';
  slider.value = '0';
  label.append(slider);
  summary.hidden = true;
  tear.before(label);
  tear.hidden = true;
  const coupon = tear.closest('.coupon');
  slider.addEventListener('input', () => {
    coupon.dataset.torn = Number(slider.value) > 50 ? 'half' : '';
    if (Number(slider.value) < 95) return;
    coupon.dataset.torn = 'open';
    label.remove();
    tear.hidden = false;
    tear.open = true;
    tear.querySelector('input').focus();
  });
  // A slider let go too early springs back.
  slider.addEventListener('change', () => {
    slider.value = '0';
    if (slider.isConnected) coupon.dataset.torn = '';
  });
}

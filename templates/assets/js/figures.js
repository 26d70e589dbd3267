// A plot above each table of figures, of the table's own numbers. Follows
// uPlot in one file (templates/templates.am). Without it the tables are all
// there.
//
// SPDX-License-Identifier: Apache-2.0
const HEIGHT = 260;
const KINDS = {
  draws: { colour: '--link', bars: 0.8 },
  wins: { colour: '--gold-fill', bars: 0.45 },
  refused: { colour: '--bad' },
};

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const numbers = new Intl.NumberFormat(document.documentElement.lang);

// Columns as uPlot wants them, the oldest first; x counts the rows.
function read(table) {
  const rows = [...table.tBodies[0].rows].reverse();
  const heads = [...table.tHead.rows[0].cells];
  const series = heads.map((head, column) => ({ head, column })).filter(({ head }) => head.dataset.series);
  return {
    times: rows.map((row) => row.querySelector('time')),
    series,
    data: [rows.map((_, i) => i), ...series.map(({ column }) =>
      rows.map((row) => Number(row.cells[column].querySelector('data').value)))],
  };
}

// "11/22", and at other hours than midnight "18:00"; as written, in the zone.
function short(time, kind) {
  const [, month, day, hour] = time.dateTime.match(/-(\d+)-(\d+)T(\d+:\d+)/);
  return kind === 'hour' && hour !== '00:00' ? hour : `${Number(month)}/${Number(day)}`;
}

// Rows that get a label, as many as there is room for: days counted back from
// the last one, hours as a clock's.
function labelled(times, kind, width) {
  const room = Math.max(1, Math.floor(width / 64));
  const rows = [...times.keys()];
  if (kind === 'day') {
    const step = Math.ceil(times.length / room);
    return rows.filter((i) => (times.length - 1 - i) % step === 0);
  }
  const hours = times.map((time) => Number(time.dateTime.slice(11, 13)));
  const step = [1, 2, 3, 6, 12, 24].find((n) => times.length / n <= room) ?? 24;
  return rows.filter((i) => hours[i] % step === 0);
}

function lineOf({ head }) {
  const { colour: name, bars } = KINDS[head.dataset.series];
  const one = { label: head.textContent, stroke: colour(name), width: 2, points: { show: false },
    value: (_, value) => (value === null ? '-' : numbers.format(value)) };
  if (bars) Object.assign(one, { fill: colour(name), width: 0, paths: uPlot.paths.bars({ size: [bars, 48] }) });
  return one;
}

function axes({ times }, kind, width) {
  const look = { stroke: colour('--soft'), grid: { stroke: colour('--line'), width: 1 }, ticks: { show: false },
    font: `12px ${getComputedStyle(document.body).fontFamily}` };
  return [
    { ...look, grid: { show: false }, splits: () => labelled(times, kind, width - 64),
      values: (_, splits) => splits.map((i) => (times[i] ? short(times[i], kind) : '')) },
    { ...look, size: 64, incrs: [1, 2, 5].flatMap((n) => [...Array(13).keys()].map((e) => n * 10 ** e)).sort((a, b) => a - b),
      values: (_, splits) => splits.map((n) => numbers.format(n)) },
  ];
}

function draw(place, what) {
  const kind = place.dataset.plot;
  const style = getComputedStyle(place);
  const width = place.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  place.replaceChildren();
  return new uPlot({
    width,
    height: HEIGHT,
    scales: { x: { time: false, range: [-0.6, what.times.length - 0.4] },
      y: { range: (_, low, high) => [0, Math.max(high * 1.05, 4)] } },
    axes: axes(what, kind, width),
    cursor: { y: false, drag: { x: false, y: false } },
    series: [{ label: place.dataset.label, value: (_, i) => what.times[i]?.textContent ?? '-' }, ...what.series.map(lineOf)],
  }, what.data, place);
}

for (const place of document.querySelectorAll('[data-plot]')) {
  const what = read(place.nextElementSibling.querySelector('table'));
  place.hidden = false;
  let plot = draw(place, what);
  let width = place.clientWidth;
  new ResizeObserver(() => {
    if (place.clientWidth === width) return;
    width = place.clientWidth;
    plot.destroy();
    plot = draw(place, what);
  }).observe(place);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    plot.destroy();
    plot = draw(place, what);
  });
}

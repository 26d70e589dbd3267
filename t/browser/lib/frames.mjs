// Frames of a movement, counted in Chromium's own trace.
//
// A PipelineReporter is one compositor's account of one tick of the display:
// shown, dropped, or nothing to show. Several accounts may be of one tick (what
// the compositor showed in time, and what the page added later), and the
// browser's own window keeps accounts too; so a tick counts once, and only that
// of the page's renderer. A tick that brought no account at all is one that was
// missed: hence what is expected comes from the clock, not from the accounts.
//
// SPDX-License-Identifier: Apache-2.0

// Microseconds from tick to tick; a browser without a screen ticks at 60 Hz.
const tick = 1e6 / 60;
const categories = ['benchmark', 'blink.user_timing', 'cc,benchmark', 'disabled-by-default-devtools.timeline.frame'];

// The events of what `act` does. The marks 'movement-begins' (the last of them)
// and 'movement-ends' of performance.mark must be among them.
export async function trace(context, page, act) {
  const devtools = await context.newCDPSession(page);
  // Of the page's own thread; others go on as they are.
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  const events = [];
  devtools.on('Tracing.dataCollected', ({ value }) => events.push(...value));
  await devtools.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig: { includedCategories: categories } });
  await act();
  const complete = new Promise((resolve) => { devtools.once('Tracing.tracingComplete', resolve); });
  await devtools.send('Tracing.end');
  await complete;
  await devtools.detach();
  return events;
}

const reportOf = (event) => event.args.frame_reporter ?? event.args.chrome_frame_reporter;

// When something moved by itself: [from, to] in order, none over another.
function movements(events, [from, to]) {
  const open = new Map();
  const found = [];
  for (const { name, ph, id2, ts, args } of events) {
    if (name !== 'Animation') continue;
    if (ph === 'e' && open.has(id2.local)) found.push([open.get(id2.local), ts]);
    // Ready: the compositor has it from here on.
    else if (ph === 'n' && args.data?.state === 'running') open.set(id2.local, ts);
  }
  const union = [];
  for (const [a, b] of found.map(([x, y]) => [Math.max(x, from), Math.min(y, to)]).sort(([x], [y]) => x - y)) {
    const last = union.at(-1);
    if (last && a <= last[1]) last[1] = Math.max(last[1], b);
    else if (a < b) union.push([a, b]);
  }
  return union;
}

// One entry a tick: when, whether it was shown, whether there was nothing to show.
function ticks(events, drawn) {
  const all = new Map();
  for (const event of events) {
    if (event.name !== 'PipelineReporter' || event.ph !== 'b') continue;
    const { frame_source: source, frame_sequence: sequence, state } = reportOf(event);
    const key = `${source}/${sequence}`;
    const one = all.get(key) ?? { ts: event.ts, shown: false, idle: true };
    one.shown ||= state === 'STATE_PRESENTED_ALL' || (!drawn && state === 'STATE_PRESENTED_PARTIAL');
    one.idle &&= state === 'STATE_NO_UPDATE_DESIRED';
    all.set(key, one);
  }
  return [...all.values()].sort((a, b) => a.ts - b.ts);
}

// drawn: the page draws each frame by script, so that one which the compositor
// shows without the page's part does not count. All times in milliseconds.
export function count(events, { drawn = false } = {}) {
  const sorted = [...events].sort((a, b) => a.ts - b.ts);
  const mark = (name) => sorted.findLast((event) => event.name === name);
  const { pid, ts: from } = mark('movement-begins');
  const to = mark('movement-ends').ts;
  const own = sorted.filter((event) => event.pid === pid);
  const all = ticks(own, drawn);
  const spans = drawn ? [[from, to]] : movements(own, [from, to]);
  let [expected, shown, longest, moving] = [0, 0, 0, 0];
  for (const [begin, end] of spans) {
    const within = all.filter(({ ts }) => ts >= begin && ts < end);
    const seen = within.filter((one) => one.shown).map(({ ts }) => ts);
    const idle = within.filter((one) => one.idle).length;
    moving += end - begin - idle * tick;
    expected += Math.max(seen.length, Math.round((end - begin) / tick) - idle);
    shown += seen.length;
    longest = Math.max(longest, ...seen.slice(1).map((ts, i) => ts - seen[i]));
  }
  return {
    shown, expected, rate: shown / (moving / 1e6), dropped: 1 - shown / Math.max(1, expected),
    time: (to - from) / 1000, moving: moving / 1000, longest: longest / 1000,
    start: spans.length ? (spans[0][0] - from) / 1000 : 0,
  };
}

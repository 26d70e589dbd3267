// What LIFF's SDK is replaced by in the browser's tests: the SDK with LINE's own
// mock of the client. window.liffSays is what the client says; scanCodeV2 is
// younger than the mock.
//
// SPDX-License-Identifier: Apache-2.0
import liff from '@line/liff/core';
import IsInClient from '@line/liff/is-in-client';
import { LiffMockPlugin } from '@line/liff-mock';

const says = window.liffSays;
const calls = window.liffCalls ??= [];

liff.use(new IsInClient());
liff.use(new LiffMockPlugin());
liff.isInClient = () => says.isInClient;
const init = liff.init.bind(liff);
liff.init = async (config) => {
  calls.push(['init', config]);
  if (says.initFails) throw Object.assign(new Error('no'), { code: 'INIT_FAILED' });
  liff.$mock.set((data) => ({ ...data, ...says }));
  await init({ ...config, mock: true });
  liff.login();
  const { shareTargetPicker } = liff;
  liff.scanCodeV2 = async () => says.scanCodeV2;
  liff.shareTargetPicker = (...what) => {
    calls.push(['shareTargetPicker', ...what]);
    return shareTargetPicker(...what);
  };
  liff.closeWindow = () => calls.push(['closeWindow']);
};
window.liff = liff;

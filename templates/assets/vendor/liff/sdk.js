// LIFF's SDK with the parts that templates/assets/js/liff.js uses, and no other:
// neither analytics nor anything that LINE's client offers besides.
//
// SPDX-License-Identifier: Apache-2.0
import liff from '@line/liff/core';
import CloseWindow from '@line/liff/close-window';
import GetAccessToken from '@line/liff/get-access-token';
import GetIDToken from '@line/liff/get-id-token';
import IsApiAvailable from '@line/liff/is-api-available';
import IsInClient from '@line/liff/is-in-client';
import ScanCodeV2 from '@line/liff/scan-code-v2';
import ShareTargetPicker from '@line/liff/share-target-picker';

for (const Part of [
  CloseWindow, GetAccessToken, GetIDToken, IsApiAvailable, IsInClient, ScanCodeV2, ShareTargetPicker,
]) {
  liff.use(new Part());
}
window.liff = liff;

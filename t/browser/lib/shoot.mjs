// Pictures of a page: phone and desk, by day and by night.
//
// SPDX-License-Identifier: Apache-2.0
import { mkdir } from 'node:fs/promises';
import { desk, phone } from './tap.mjs';

// shooter(DIR): shoot(page, name), and shoot.count.
export async function shooter(out) {
  await mkdir(out, { recursive: true });
  const shoot = async (page, name) => {
    for (const [size, viewport] of Object.entries({ phone, desk })) {
      await page.setViewportSize(viewport);
      for (const colorScheme of ['light', 'dark']) {
        await page.emulateMedia({ colorScheme });
        await page.screenshot({ path: `${out}/${name}-${size}-${colorScheme}.png`, fullPage: true });
        shoot.count += 1;
      }
    }
  };
  shoot.count = 0;
  return shoot;
}

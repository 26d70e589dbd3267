// Before anything is painted: the card stays covered until its reveal begins.
// A page without scripts, or for somebody who wants less motion, never waits.
//
// SPDX-License-Identifier: Apache-2.0
if (!matchMedia('(prefers-reduced-motion: reduce)').matches) {
  document.documentElement.classList.add('hold');
}

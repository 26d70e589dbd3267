/* Which of our two languages a reader prefers. Pure, so that the fuzzer can
 * call it.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_LANGUAGE_H
#define KUJI_WEB_LANGUAGE_H

/** "ja" or "en" for an Accept-Language header (RFC 9110 §12.5.4; NULL: none):
 * the greater weight, of equal weights the one that is named first. A range
 * with a region counts for its language, "*" for each that is not named; what
 * is not a range with a weight of 0 to 1 counts for nothing. "ja" where neither
 * is wanted, unless it alone is refused with q=0. */
const char *kuji_language_preferred(const char *accept);

/** "ja" or "en" if text is just that, else NULL (NULL too). */
const char *kuji_language_named(const char *text);

/** "ja" if text has Japanese letters (kana, kanji), else NULL: what an
 * organiser wrote in Japanese says so on a page in English. text is UTF-8. */
const char *kuji_language_of_text(const char *text);

#endif

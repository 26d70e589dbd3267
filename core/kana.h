/* Kana and full-width letters as Japanese keyboards produce them, made alike:
 * of NFKC (UAX 15) the part that people can type.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_KANA_H
#define KUJI_CORE_KANA_H

#include <apr.h>
#include <stdint.h>

/** Full-width ASCII as ASCII, half-width katakana and punctuation as the usual
 * ones, the ideographic space as a space; anything else as it is. */
uint32_t kuji_kana_width(uint32_t c);

/** Hiragana as katakana; anything else as it is. */
uint32_t kuji_kana_katakana(uint32_t c);

/** 1 for a mark that voices the katakana before it, 2 for one of ハ's row, 0
 * for anything else. */
int kuji_kana_voicing(uint32_t c);
/** The katakana or hiragana with its mark (kuji_kana_voicing), or 0 where there
 * is none. */
uint32_t kuji_kana_voiced(uint32_t base, int mark);

/** A hyphen, dash, minus or long-vowel mark, all of which are typed between the
 * digits of numbers. */
int kuji_kana_is_hyphen(uint32_t c);

/** Rewrites text with kuji_kana_width, marks joined, and no blank at either
 * end; katakana: kuji_kana_katakana too. out has room for size bytes, the zero
 * included. Returns the length; -1: malformed UTF-8, or no room. */
apr_ssize_t kuji_kana_tidy(char *out, apr_size_t size, const char *text,
                           int katakana);

#endif

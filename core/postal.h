/* Japanese postal codes, and the list that Japan Post publishes of them:
 * KEN_ALL.CSV (CP932) and utf_ken_all.csv (UTF-8), which have the same columns
 * (郵便番号データの説明, https://www.post.japanpost.jp/zipcode/dl/readme.html).
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_POSTAL_H
#define KUJI_CORE_POSTAL_H

#include "core/error.h"

#include <apr_pools.h>
#include <stdint.h>

#define KUJI_POSTAL_LEN 7
/** Bytes of a place's names. */
#define KUJI_POSTAL_NAME_MAX 600

/** The 47 prefectures from 北海道 to 沖縄県; NULL ends them. */
extern const char *const kuji_prefectures[];
int kuji_is_prefecture(const char *text);

/** The seven digits of a code as people write it (full-width, hyphens, blanks,
 * 〒); 0: it is none. */
int kuji_postal_code(char out[KUJI_POSTAL_LEN + 1], const char *text);

/** What a column 町域名 names, as an address is written: remarks in brackets,
 * 「以下に掲載がない場合」, 「…の次に番地がくる場合」, 「…一円」 and lists of
 * 地割 are taken out, a building's floor stays. town: UTF-8; it is changed in
 * place and never grows. */
void kuji_postal_town(char *town);

/** One code of one place, valid during the call. town: "" for the whole city.
 * The same place may come twice. */
typedef struct kuji_postal_place_t {
    const char *code, *prefecture, *city, *town;
} kuji_postal_place_t;
typedef apr_status_t kuji_postal_fn(void *baton,
                                    const kuji_postal_place_t *place);

/** Reads the whole list; a town that the CP932 file splits over several lines
 * is put together. A status of fn ends it. KUJI_EINVAL, KUJI_ETOOBIG with *why
 * (one English sentence without its full stop) and *line (from 1). */
apr_status_t kuji_postal_read(int64_t *line, const char **why,
                              const char *bytes, apr_size_t len,
                              kuji_postal_fn *fn, void *baton,
                              apr_pool_t *pool);

#endif

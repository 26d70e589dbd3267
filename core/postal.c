/* SPDX-License-Identifier: Apache-2.0 */
#include "core/postal.h"

#include "core/csv.h"
#include "core/kana.h"
#include "core/utf8.h"

#include <apr_strings.h>
#include <string.h>

/** Columns of the list that are read. */
#define CODE 2
#define PREFECTURE 6
#define CITY 7
#define TOWN 8

static const kuji_csv_limits_t limits = {
    .record = 8192, .cells = 32, .bytes = 64 << 20, .records = 1000000};

const char *const kuji_prefectures[] = {
    "北海道", "青森県",   "岩手県", "宮城県",   "秋田県", "山形県", "福島県",
    "茨城県", "栃木県",   "群馬県", "埼玉県",   "千葉県", "東京都", "神奈川県",
    "新潟県", "富山県",   "石川県", "福井県",   "山梨県", "長野県", "岐阜県",
    "静岡県", "愛知県",   "三重県", "滋賀県",   "京都府", "大阪府", "兵庫県",
    "奈良県", "和歌山県", "鳥取県", "島根県",   "岡山県", "広島県", "山口県",
    "徳島県", "香川県",   "愛媛県", "高知県",   "福岡県", "佐賀県", "長崎県",
    "熊本県", "大分県",   "宮崎県", "鹿児島県", "沖縄県", NULL};

int kuji_is_prefecture(const char *text)
{
    int i;

    for (i = 0; kuji_prefectures[i]; i++) {
        if (strcmp(kuji_prefectures[i], text) == 0) {
            return 1;
        }
    }
    return 0;
}

int kuji_postal_code(char out[KUJI_POSTAL_LEN + 1], const char *text)
{
    const unsigned char *at = (const unsigned char *)text;
    apr_size_t left = strlen(text), used;
    int count = 0;
    uint32_t c;

    for (; left > 0; at += used, left -= used) {
        used = kuji_utf8_next(&c, at, left);
        if (used == 0) {
            return 0;
        }
        c = kuji_kana_width(c);
        if (c <= ' ' || c == 0x3012 || kuji_kana_is_hyphen(c)) {
            continue;
        }
        if (c < '0' || c > '9' || count == KUJI_POSTAL_LEN) {
            return 0;
        }
        out[count++] = (char)c;
    }
    out[count] = '\0';
    return count == KUJI_POSTAL_LEN;
}

/* The digit that begins at `at`, full-width or not, in bytes; 0: none. */
static apr_size_t digit(const char *at)
{
    uint32_t c;
    apr_size_t left = strlen(at),
               used = left ? kuji_utf8_next(&c, (const unsigned char *)at, left)
                           : 0;

    return used && kuji_kana_width(c) >= '0' && kuji_kana_width(c) <= '9' ? used
                                                                          : 0;
}

/* "１２階" and nothing else within the brackets. */
static int is_floor(const char *text, apr_size_t len)
{
    static const char floor[] = "階";
    apr_size_t at = 0, used;

    while (at < len && (used = digit(text + at))) {
        at += used;
    }
    return at > 0 && len == at + strlen(floor) &&
           strncmp(text + at, floor, strlen(floor)) == 0;
}

static void take_brackets(char *town)
{
    static const char open[] = "（", shut[] = "）";
    char *at = strstr(town, open), *inside, *end;

    if (!at) {
        return;
    }
    inside = at + strlen(open);
    end = strstr(inside, shut);
    if (end && is_floor(inside, (apr_size_t)(end - inside))) {
        memmove(at, inside, (apr_size_t)(end - inside));
        at += end - inside;
    }
    *at = '\0';
}

static int ends_with(const char *text, const char *end)
{
    apr_size_t len = strlen(text), tail = strlen(end);

    return len > tail && strcmp(text + len - tail, end) == 0;
}

/* "種市第１地割、第２地割": the numbers are no part of the place's name. */
static void take_lots(char *town)
{
    static const char nth[] = "第";
    char *at = town;

    if (!strstr(town, "地割")) {
        return;
    }
    while ((at = strstr(at, nth))) {
        if (at != town && digit(at + strlen(nth))) {
            *at = '\0';
            return;
        }
        at += strlen(nth);
    }
}

void kuji_postal_town(char *town)
{
    static const char *const lists[] = {"、", "～", "〜"};
    unsigned i;
    char *at;

    if (strstr(town, "以下に掲載がない場合") ||
        (strstr(town, "の次に") && strstr(town, "番地がくる場合"))) {
        *town = '\0';
        return;
    }
    take_brackets(town);
    take_lots(town);
    for (i = 0; i < 3; i++) {
        if ((at = strstr(town, lists[i]))) {
            *at = '\0';
        }
    }
    /* 一円 alone is a place (滋賀県犬上郡多賀町). */
    if (ends_with(town, "一円")) {
        *town = '\0';
    }
}

typedef struct read_t {
    kuji_postal_fn *fn;
    void *baton;
    const char *why;
    int pending; /* a town goes on in the next line */
    char code[KUJI_POSTAL_LEN + 1];
    char prefecture[KUJI_POSTAL_NAME_MAX + 1], city[KUJI_POSTAL_NAME_MAX + 1];
    char town[8 * KUJI_POSTAL_NAME_MAX + 1];
} read_t;

static apr_status_t flush(read_t *r)
{
    kuji_postal_place_t place = {r->code, r->prefecture, r->city, r->town};

    r->pending = 0;
    kuji_postal_town(r->town);
    if (strlen(r->town) > KUJI_POSTAL_NAME_MAX) {
        r->why = "the name of a place is too long";
        return KUJI_ETOOBIG;
    }
    return r->fn(r->baton, &place);
}

/* Brackets that were opened and are not shut yet. */
static int goes_on(const char *town)
{
    return strstr(town, "（") && !strstr(town, "）");
}

static apr_status_t begin(read_t *r, const kuji_csv_record_t *record)
{
    if (record->count <= TOWN ||
        !kuji_postal_code(r->code, record->cells[CODE]) ||
        !kuji_is_prefecture(record->cells[PREFECTURE]) ||
        !*record->cells[CITY]) {
        r->why = "this is no line of Japan Post's list";
        return KUJI_EINVAL;
    }
    if (strlen(record->cells[CITY]) > KUJI_POSTAL_NAME_MAX ||
        strlen(record->cells[TOWN]) > KUJI_POSTAL_NAME_MAX) {
        r->why = "the name of a place is too long";
        return KUJI_ETOOBIG;
    }
    apr_cpystrn(r->prefecture, record->cells[PREFECTURE], sizeof r->prefecture);
    apr_cpystrn(r->city, record->cells[CITY], sizeof r->city);
    apr_cpystrn(r->town, record->cells[TOWN], sizeof r->town);
    return APR_SUCCESS;
}

static int continues(const read_t *r, const kuji_csv_record_t *record)
{
    char code[KUJI_POSTAL_LEN + 1];

    return r->pending && record->count > TOWN &&
           kuji_postal_code(code, record->cells[CODE]) &&
           strcmp(code, r->code) == 0;
}

static apr_status_t take(void *baton, const kuji_csv_record_t *record,
                         apr_pool_t *pool)
{
    read_t *r = baton;
    apr_status_t rv = APR_SUCCESS;
    apr_size_t len;

    (void)pool;
    if (continues(r, record)) {
        len = strlen(r->town);
        if (len + strlen(record->cells[TOWN]) >= sizeof r->town) {
            r->why = "the name of a place is too long";
            return KUJI_ETOOBIG;
        }
        apr_cpystrn(r->town + len, record->cells[TOWN], sizeof r->town - len);
    }
    else {
        rv = r->pending ? flush(r) : APR_SUCCESS;
        rv = rv == APR_SUCCESS ? begin(r, record) : rv;
    }
    if (rv != APR_SUCCESS) {
        return rv;
    }
    r->pending = goes_on(r->town);
    return r->pending ? APR_SUCCESS : flush(r);
}

static int is_utf8(const char *bytes, apr_size_t len)
{
    const unsigned char *at = (const unsigned char *)bytes;
    apr_size_t used;
    uint32_t c;

    for (; len > 0; at += used, len -= used) {
        if ((used = kuji_utf8_next(&c, at, len)) == 0) {
            return 0;
        }
    }
    return 1;
}

apr_status_t kuji_postal_read(int64_t *line, const char **why,
                              const char *bytes, apr_size_t len,
                              kuji_postal_fn *fn, void *baton, apr_pool_t *pool)
{
    const kuji_cp932_t *cp932 =
        is_utf8(bytes, len) ? NULL : kuji_cp932_create(pool);
    read_t *r = apr_pcalloc(pool, sizeof *r);
    kuji_csv_reader_t *reader;
    apr_status_t rv;

    r->fn = fn;
    r->baton = baton;
    reader = kuji_csv_reader(&limits, cp932, take, r, pool);
    rv = kuji_csv_read(reader, bytes, len);
    if (rv == APR_SUCCESS) {
        rv = kuji_csv_end(reader);
    }
    *line = kuji_csv_line(reader);
    *why = r->why ? r->why : kuji_csv_why(reader);
    return rv == APR_SUCCESS && r->pending ? flush(r) : rv;
}

/* Are draws as likely as they claim? Chi-squared at 99.9 %, with fixed keys, so
 * the answer is always the same; and a mapping known to be biased, to show that
 * the test can see a bias.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/bytes.h"
#include "core/draw.h"
#include "t/unit/unit.h"

#include <string.h>

#define DRAWS 10000000
#define ORDERS_MAX 720

static const unsigned char key[KUJI_KEY_LEN] = "chi-squared";

/* The 99.9 % points of chi-squared (tables; 1 in 1000 fair draws lies beyond).
 */
static double critical(int df)
{
    static const struct {
        int df;
        double limit;
    } points[] = {{1, 10.828},  {5, 20.515},    {6, 22.458},
                  {23, 49.728}, {119, 172.418}, {719, 841.905}};

    for (size_t i = 0; i < sizeof(points) / sizeof(points[0]); i++) {
        if (points[i].df == df) {
            return points[i].limit;
        }
    }
    ck_abort_msg("no limit for %d degrees of freedom", df);
    return 0;
}

static double chi_squared(const uint64_t *seen, const double *want, int n)
{
    double sum = 0;

    for (int i = 0; i < n; i++) {
        double off = (double)seen[i] - want[i];

        sum += off * off / want[i];
    }
    return sum;
}

/* Weights from 1 in a million to most of all; blanks take the rest. */
START_TEST(test_weighted)
{
    static const kuji_prize_t prizes[] = {
        {.code = "A", .units = KUJI_INT_MAX, .weight = 1},
        {.code = "B", .units = KUJI_INT_MAX, .weight = 9},
        {.code = "C", .units = KUJI_INT_MAX, .weight = 990},
        {.code = "D", .units = KUJI_INT_MAX, .weight = 33333},
        {.code = "E", .units = KUJI_INT_MAX, .weight = 300000},
        {.code = "F", .units = KUJI_INT_MAX, .weight = 300000}};
    const int n = sizeof(prizes) / sizeof(prizes[0]);
    const kuji_manifest_t m = {.method = KUJI_ODDS,
                               .nprizes = n,
                               .prizes = prizes,
                               .odds_total = 1000003,
                               .sold_out = KUJI_BLANK};
    uint64_t seen[8] = {0};
    double want[8], rest = DRAWS, chi;
    kuji_state_t state;
    kuji_words_t w;

    kuji_state_init(&state, &m, unit_pool);
    kuji_words_init(&w, key);
    for (uint64_t d = 1; d <= DRAWS; d++) {
        int prize = kuji_draw_decide_with(&m, NULL, &w, &state, d, 0);

        seen[prize == KUJI_BLANK ? n : prize]++;
    }
    for (int i = 0; i < n; i++) {
        want[i] = (double)DRAWS * (double)prizes[i].weight / 1000003.0;
        rest -= want[i];
    }
    want[n] = rest;
    chi = chi_squared(seen, want, n + 1);
    printf("# weighted: chi-squared %.1f, df %d, limit %.1f\n", chi, n,
           critical(n));
    ck_assert_double_lt(chi, critical(n));
}
END_TEST

/* Which permutation this is, as a number below n! (Lehmer's code). */
static int rank_of(const int *order, int n)
{
    int rank = 0;

    for (int i = 0; i < n; i++) {
        int smaller = 0;

        for (int j = i + 1; j < n; j++) {
            smaller += order[j] < order[i];
        }
        rank = rank * (n - i) + smaller;
    }
    return rank;
}

/* The planted bug: a byte modulo the range. 256 is no multiple of 3, 5, 6. */
static int choose_byte(kuji_words_t *w, int range)
{
    return (int)(kuji_words_uniform(w, (uint64_t)1 << 8) % (uint64_t)range);
}

/* Empties box number b by single draws, one prize a ticket; the order. */
static void empty_box(int *order, int size, uint64_t b)
{
    static const kuji_prize_t prizes[6] = {
        {.code = "1", .units = 1}, {.code = "2", .units = 1},
        {.code = "3", .units = 1}, {.code = "4", .units = 1},
        {.code = "5", .units = 1}, {.code = "6", .units = 1}};
    const kuji_manifest_t m = {
        .method = KUJI_BOX, .nprizes = size, .prizes = prizes};
    kuji_stock_t stock[6];
    kuji_state_t state = {stock, 0};
    static kuji_words_t w;

    if (b == 0) {
        kuji_words_init(&w, key);
    }
    for (int i = 0; i < size; i++) {
        stock[i] = (kuji_stock_t){.left = 1};
    }
    for (int i = 0; i < size; i++) {
        order[i] = kuji_draw_decide_with(
            &m, NULL, &w, &state, b * (uint64_t)size + (uint64_t)i + 1, 0);
    }
}

/* The same with the planted bug. */
static void shuffle(int *order, int size, uint64_t b)
{
    unsigned char prefix[20] = "kuji/1 draw";
    int left[6] = {0, 1, 2, 3, 4, 5};
    kuji_words_t w;

    kuji_words_init(&w, key);
    for (int i = 0; i < size; i++) {
        int at;

        kuji_be64(prefix + 12, b * (uint64_t)size + (uint64_t)i + 1);
        kuji_words_start(&w, prefix, sizeof(prefix));
        at = choose_byte(&w, size - i);
        order[i] = left[at];
        memmove(left + at, left + at + 1,
                (size_t)(size - i - at - 1) * sizeof(*left));
    }
}

static double orders(int size, int boxes, int biased)
{
    uint64_t seen[ORDERS_MAX] = {0};
    double want[ORDERS_MAX];
    int factorial = 1, order[6];

    for (int i = 2; i <= size; i++) {
        factorial *= i;
    }
    for (int b = 0; b < boxes; b++) {
        if (biased) {
            shuffle(order, size, (uint64_t)b);
        }
        else {
            empty_box(order, size, (uint64_t)b);
        }
        seen[rank_of(order, size)]++;
    }
    for (int i = 0; i < factorial; i++) {
        want[i] = (double)boxes / factorial;
    }
    return chi_squared(seen, want, factorial);
}

#define BOXES 1000000

static const int degrees[] = {0, 0, 1, 5, 23, 119, 719};

START_TEST(test_boxes)
{
    for (int size = 2; size <= 6; size++) {
        double chi = orders(size, size < 6 ? BOXES / 3 : BOXES, 0);

        printf("# box of %d: chi-squared %.1f, df %d, limit %.1f\n", size, chi,
               degrees[size], critical(degrees[size]));
        ck_assert_double_lt(chi, critical(degrees[size]));
    }
}
END_TEST

START_TEST(test_sees_bias)
{
    double chi = orders(6, BOXES, 1);

    printf("# box of 6, byte modulo: chi-squared %.1f, limit %.1f\n", chi,
           critical(719));
    ck_assert_double_gt(chi, critical(719));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("chisq");

    UNIT_TEST(suite, test_weighted);
    UNIT_TEST(suite, test_boxes);
    UNIT_TEST(suite, test_sees_bias);
    return unit_main(suite);
}

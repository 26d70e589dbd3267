/* So many at once; and passwords that were right a moment ago.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/admin/known.h"
#include "web/gate.h"
#include "t/unit/unit.h"

#include <apr_thread_proc.h>

START_TEST(gate_is_full)
{
    kuji_gate_t *gate;
    apr_time_t start;

    ck_assert_int_eq(
        kuji_gate_create(&gate, 2, 0, apr_time_from_sec(60), unit_pool), 0);
    ck_assert_int_eq(kuji_gate_enter(gate), APR_SUCCESS);
    ck_assert_int_eq(kuji_gate_enter(gate), APR_SUCCESS);
    ck_assert_int_eq(kuji_gate_enter(gate), KUJI_EBUSY); /* and at once */
    kuji_gate_leave(gate);
    ck_assert_int_eq(kuji_gate_enter(gate), APR_SUCCESS);

    ck_assert_int_eq(
        kuji_gate_create(&gate, 1, 1, apr_time_from_msec(50), unit_pool), 0);
    ck_assert_int_eq(kuji_gate_enter(gate), APR_SUCCESS);
    start = apr_time_now();
    ck_assert_int_eq(kuji_gate_enter(gate), KUJI_EBUSY);
    ck_assert_int_ge(apr_time_now() - start, apr_time_from_msec(50));
}
END_TEST

static void *APR_THREAD_FUNC visit(apr_thread_t *thread, void *gate)
{
    apr_status_t rv = kuji_gate_enter(gate);

    if (rv == APR_SUCCESS) {
        kuji_gate_leave(gate);
    }
    apr_thread_exit(thread, rv);
    return NULL;
}

START_TEST(gate_lets_the_next_in)
{
    apr_thread_t *threads[4];
    kuji_gate_t *gate;
    apr_status_t rv;
    int i;

    ck_assert_int_eq(
        kuji_gate_create(&gate, 1, 4, apr_time_from_sec(60), unit_pool), 0);
    ck_assert_int_eq(kuji_gate_enter(gate), APR_SUCCESS);
    for (i = 0; i < 4; i++) {
        ck_assert_int_eq(
            apr_thread_create(&threads[i], NULL, visit, gate, unit_pool), 0);
    }
    kuji_gate_leave(gate);
    for (i = 0; i < 4; i++) {
        ck_assert_int_eq(apr_thread_join(&rv, threads[i]), 0);
        ck_assert_int_eq(rv, APR_SUCCESS);
    }
}
END_TEST

START_TEST(known_passwords)
{
    kuji_known_t *known;

    ck_assert_int_eq(kuji_known_create(&known, unit_pool), 0);
    ck_assert(!kuji_known_has(known, "hash", "password"));
    kuji_known_add(known, "hash", "password");
    ck_assert(kuji_known_has(known, "hash", "password"));
    ck_assert(!kuji_known_has(known, "hash", "passwore"));
    ck_assert(!kuji_known_has(known, "hasi", "password"));
    /* where one ends and the other begins counts */
    ck_assert(!kuji_known_has(known, "hashp", "assword"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("gate");

    UNIT_TEST(suite, gate_is_full);
    UNIT_TEST(suite, gate_lets_the_next_in);
    UNIT_TEST(suite, known_passwords);
    return unit_main(suite);
}

/* What every libcheck program of ours begins and ends with. TAP on stdout:
 * CK_TAP_LOG_FILE_NAME=- CK_VERBOSITY=silent (t/run sets them).
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_T_UNIT_H
#define KUJI_T_UNIT_H

#include <apr_general.h>
#include <apr_pools.h>
#include <check.h>
#include <sodium.h>
#include <stdlib.h>

/** A pool for the test at hand; made and destroyed by the fixture. */
extern apr_pool_t *unit_pool;

void unit_setup(void);
void unit_teardown(void);

/** Adds one libcheck test to suite as a case of its own, with the fixture. */
#define UNIT_TEST(suite, test)                                                 \
    do {                                                                       \
        TCase *unit_case = tcase_create(#test);                                \
        tcase_add_checked_fixture(unit_case, unit_setup, unit_teardown);       \
        tcase_set_timeout(unit_case, 300);                                     \
        tcase_add_test(unit_case, test);                                       \
        suite_add_tcase(suite, unit_case);                                     \
    } while (0)

/** Runs the suite; the program's exit status. */
int unit_main(Suite *suite);

/** Bytes of a hex string, in unit_pool. */
unsigned char *unit_hex(const char *hex, apr_size_t *len);

/** Where the tests' files are: the copy that the suite runs on (KUJI_SRC),
 * since a checkout below /root is closed to it; else the checkout. */
#define unit_source_dir() (getenv("KUJI_SRC") ? getenv("KUJI_SRC") : SOURCE_DIR)

#endif

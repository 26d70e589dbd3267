/* SPDX-License-Identifier: Apache-2.0 */
#include "t/unit/unit.h"

#include <string.h>

apr_pool_t *unit_pool;

void unit_setup(void)
{
    apr_pool_create(&unit_pool, NULL);
}

void unit_teardown(void)
{
    apr_pool_destroy(unit_pool);
}

unsigned char *unit_hex(const char *hex, apr_size_t *len)
{
    apr_size_t size = strlen(hex) / 2;
    unsigned char *bytes = apr_palloc(unit_pool, size + 1);

    sodium_hex2bin(bytes, size + 1, hex, strlen(hex), NULL, len, NULL);
    return bytes;
}

int unit_main(Suite *suite)
{
    SRunner *runner = srunner_create(suite);
    int failed;

    apr_initialize();
    if (sodium_init() < 0) {
        return EXIT_FAILURE;
    }
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    apr_terminate();
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

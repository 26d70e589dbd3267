/* main() of a fuzz target built without a fuzzer: every file named, or in a
 * directory named, is one input. A crash is the failure.
 *
 *   fuzz_x [FILE|DIR…]     without arguments: t/fuzz/seeds/x of the sources
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include <apr_file_io.h>
#include <apr_general.h>
#include <apr_strings.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay_file(const char *path, apr_pool_t *pool)
{
    apr_file_t *file;
    apr_finfo_t info;
    apr_size_t len;
    uint8_t *bytes;

    if (apr_file_open(&file, path, APR_READ | APR_BINARY, 0, pool) ||
        apr_file_info_get(&info, APR_FINFO_SIZE, file)) {
        return 0;
    }
    len = (apr_size_t)info.size;
    /* Exactly as long as the input, so that ASan sees a read beyond it. */
    bytes = malloc(len ? len : 1);
    if (!bytes || (len && apr_file_read_full(file, bytes, len, NULL))) {
        free(bytes);
        return 0;
    }
    LLVMFuzzerTestOneInput(bytes, len);
    free(bytes);
    apr_file_close(file);
    return 1;
}

static int replay(const char *path, apr_pool_t *parent)
{
    apr_pool_t *pool;
    apr_finfo_t info;
    apr_dir_t *dir;
    int count = 0;

    apr_pool_create(&pool, parent);
    if (apr_dir_open(&dir, path, pool)) {
        count = replay_file(path, pool);
    }
    else {
        while (!apr_dir_read(&info, APR_FINFO_NAME, dir)) {
            if (info.name[0] != '.') {
                count +=
                    replay(apr_pstrcat(pool, path, "/", info.name, NULL), pool);
            }
        }
    }
    apr_pool_destroy(pool);
    return count;
}

/* The sources are where KUJI_SRC says (t/run), else where they were built. */
static const char *own_seeds(const char *program, apr_pool_t *pool)
{
    const char *source = getenv("KUJI_SRC");
    const char *name = strstr(program, "fuzz_");

    while (name && strstr(name + 1, "fuzz_")) {
        name = strstr(name + 1, "fuzz_");
    }
    return apr_pstrcat(pool, source ? source : SOURCE_DIR, "/t/fuzz/seeds/",
                       name ? name + strlen("fuzz_") : "", NULL);
}

int main(int argc, const char *const *argv)
{
    apr_pool_t *pool;
    int i, count = 0;

    apr_initialize();
    apr_pool_create(&pool, NULL);
    for (i = 1; i < argc; i++) {
        count += replay(argv[i], pool);
    }
    if (argc == 1) {
        count = replay(own_seeds(argv[0], pool), pool);
    }
    printf("1..1\n%s 1 - %d inputs replayed\n", count ? "ok" : "not ok", count);
    apr_pool_destroy(pool);
    apr_terminate();
    return count ? EXIT_SUCCESS : EXIT_FAILURE;
}

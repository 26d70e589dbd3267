/* SPDX-License-Identifier: Apache-2.0 */
#include "web/damp.h"

#include <apr_strings.h>
#include <apr_thread_mutex.h>
#include <string.h>

typedef struct slot_t {
    char key[37];
    int64_t told_at, untold;
} slot_t;

struct kuji_damp_t {
    apr_thread_mutex_t *mutex;
    int seconds;
    slot_t slots[KUJI_DAMP_KEYS];
};

apr_status_t kuji_damp_create(kuji_damp_t **damp, int seconds, apr_pool_t *p)
{
    *damp = apr_pcalloc(p, sizeof(**damp));
    (*damp)->seconds = seconds;
    return apr_thread_mutex_create(&(*damp)->mutex, APR_THREAD_MUTEX_DEFAULT,
                                   p);
}

static slot_t *find(kuji_damp_t *damp, const char *key)
{
    int i;

    for (i = 0; i < KUJI_DAMP_KEYS; i++) {
        if (strcmp(damp->slots[i].key, key) == 0) {
            return &damp->slots[i];
        }
    }
    return NULL;
}

/* An empty one is the oldest. */
static slot_t *replace(kuji_damp_t *damp, const char *key)
{
    slot_t *slot = damp->slots;
    int i;

    for (i = 1; i < KUJI_DAMP_KEYS; i++) {
        if (damp->slots[i].told_at < slot->told_at) {
            slot = &damp->slots[i];
        }
    }
    apr_cpystrn(slot->key, key, sizeof(slot->key));
    slot->told_at = 0;
    slot->untold = 0;
    return slot;
}

static int is_due(const kuji_damp_t *damp, const slot_t *slot, int64_t now)
{
    return now < slot->told_at || now - slot->told_at >= damp->seconds;
}

int kuji_damp_tells(int64_t *passed, kuji_damp_t *damp, const char *key,
                    int64_t now)
{
    slot_t *slot;
    int due;

    apr_thread_mutex_lock(damp->mutex);
    slot = find(damp, key);
    if (!slot) {
        slot = replace(damp, key);
    }
    due = is_due(damp, slot, now);
    *passed = due ? slot->untold : 0;
    slot->untold = due ? 0 : slot->untold + 1;
    slot->told_at = due ? now : slot->told_at;
    apr_thread_mutex_unlock(damp->mutex);
    return due;
}

int64_t kuji_damp_left(kuji_damp_t *damp, const char *key, int64_t now)
{
    slot_t *slot;
    int64_t left = 0;

    apr_thread_mutex_lock(damp->mutex);
    slot = find(damp, key);
    if (slot && slot->untold && is_due(damp, slot, now)) {
        left = slot->untold;
        slot->untold = 0;
        slot->told_at = now;
    }
    apr_thread_mutex_unlock(damp->mutex);
    return left;
}

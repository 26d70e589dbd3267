/* Counters in shared memory: each child adds to what its slot held before, so
 * the sum over all slots never falls, and no lock can outlive a killed child.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/stats.h"

#include <apr_shm.h>
#include <apr_thread_cond.h>
#include <apr_thread_proc.h>
#include <errno.h>
#include <http_core.h>
#include <mpm_common.h>
#include <signal.h>
#include <unistd.h>

#define TICK apr_time_from_msec(500)

typedef struct slot_t {
    uint32_t pid; /* 0: free; claimed by compare and swap */
    kuji_stats_values_t values;
} slot_t;

struct kuji_stats_board_t {
    int count;
    slot_t *slots; /* in shared memory */
};

struct kuji_stats_t {
    kuji_stats_board_t *board;
    slot_t *slot;
    slot_t own; /* stands in where no slot was free: not added up then */
    kuji_process_t *process;
    kuji_stats_values_t base; /* of the slot's earlier owners */
    uint64_t requests;
    uint64_t problems[KUJI_PROBLEM_LAST];
    apr_thread_mutex_t *lock;
    apr_thread_cond_t *wake;
    apr_thread_t *thread;
    int stop;
};

apr_status_t kuji_stats_board(kuji_stats_board_t **board, int slots,
                              apr_pool_t *p)
{
    kuji_stats_board_t *b = apr_pcalloc(p, sizeof(*b));
    apr_size_t size = (apr_size_t)slots * sizeof(slot_t);
    apr_shm_t *shm;
    apr_status_t rv = apr_shm_create(&shm, size, NULL, p);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    b->count = slots;
    b->slots = apr_shm_baseaddr_get(shm);
    memset(b->slots, 0, size);
    *board = b;
    return APR_SUCCESS;
}

static int is_alive(uint32_t pid)
{
    return pid && (kill((pid_t)pid, 0) == 0 || errno != ESRCH);
}

static slot_t *claim_slot(kuji_stats_board_t *board)
{
    int i;

    for (i = 0; i < board->count; i++) {
        slot_t *slot = &board->slots[i];
        uint32_t pid = __atomic_load_n(&slot->pid, __ATOMIC_ACQUIRE);

        if (!is_alive(pid) &&
            __atomic_compare_exchange_n(&slot->pid, &pid, (uint32_t)getpid(), 0,
                                        __ATOMIC_ACQ_REL, __ATOMIC_RELAXED)) {
            return slot;
        }
    }
    return NULL;
}

static void add_all(uint64_t *to, const uint64_t *from, apr_size_t count)
{
    apr_size_t i;

    for (i = 0; i < count; i++) {
        to[i] += from[i];
    }
}

#define ADD(field) to->field += from->field
#define ADD_ALL(field)                                                         \
    add_all(to->field, from->field, sizeof(to->field) / sizeof(to->field[0]))

static void add_queue(kuji_queue_counters_t *to,
                      const kuji_queue_counters_t *from)
{
    ADD(draws_prize);
    ADD(draws_blank);
    ADD(draws_entry);
    ADD(repeated);
    ADD_ALL(refused);
    ADD(busy_full);
    ADD(busy_timeout);
    ADD(busy_database);
    ADD(unknown_commits);
    ADD(batches);
    ADD(batch_draws);
    ADD_ALL(batch_size);
    ADD_ALL(commit_us);
    ADD(commit_us_sum);
}

/* The gauges count only while their process lives. */
static void add_values(kuji_stats_values_t *to, const kuji_stats_values_t *from,
                       int gauges)
{
    add_queue(&to->queue, &from->queue);
    ADD(pg.connects);
    ADD(pg.connect_errors);
    ADD(pg.statement_errors);
    ADD(pg.unknown_commits);
    ADD(requests);
    ADD_ALL(problems);
    ADD(mail.sent);
    ADD(mail.bounced);
    ADD(mail.later);
    ADD(mail.gave_up);
    ADD(mail.away);
    if (gauges) {
        ADD(queue.waiting);
        ADD(pg.in_use);
    }
}

/* Both pools' together. */
static void count_connections(kuji_pg_counters_t *out,
                              const kuji_process_t *process)
{
    kuji_pg_counters_t queue;

    kuji_pg_counters(out, process->pg);
    kuji_pg_counters(&queue, process->queue_pg);
    out->connects += queue.connects;
    out->connect_errors += queue.connect_errors;
    out->statement_errors += queue.statement_errors;
    out->unknown_commits += queue.unknown_commits;
    out->in_use += queue.in_use;
}

static void publish(kuji_stats_t *stats)
{
    kuji_stats_values_t mine;

    memset(&mine, 0, sizeof(mine));
    if (stats->process->queue) {
        kuji_queue_counters(&mine.queue, stats->process->queue);
    }
    if (stats->process->pg) {
        count_connections(&mine.pg, stats->process);
    }
    if (stats->process->outbox) {
        kuji_outbox_counters(&mine.mail, stats->process->outbox);
    }
    mine.requests = __atomic_load_n(&stats->requests, __ATOMIC_RELAXED);
    memcpy(mine.problems, stats->problems, sizeof(mine.problems));
    add_values(&mine, &stats->base, 0);
    stats->slot->values = mine;
}

static void *APR_THREAD_FUNC tick(apr_thread_t *thread, void *baton)
{
    kuji_stats_t *stats = baton;

    apr_setup_signal_thread();
    apr_thread_mutex_lock(stats->lock);
    while (!stats->stop) {
        apr_thread_cond_timedwait(stats->wake, stats->lock, TICK);
        publish(stats);
    }
    apr_thread_mutex_unlock(stats->lock);
    apr_thread_exit(thread, APR_SUCCESS);
    return NULL;
}

static apr_status_t stop_ticking(void *baton)
{
    kuji_stats_t *stats = baton;
    apr_status_t rv;

    apr_thread_mutex_lock(stats->lock);
    stats->stop = 1;
    apr_thread_cond_signal(stats->wake);
    apr_thread_mutex_unlock(stats->lock);
    apr_thread_join(&rv, stats->thread);
    __atomic_store_n(&stats->slot->pid, 0, __ATOMIC_RELEASE);
    return APR_SUCCESS;
}

apr_status_t kuji_stats_create(kuji_stats_t **out, kuji_stats_board_t *board,
                               kuji_process_t *process, apr_pool_t *p)
{
    kuji_stats_t *stats = apr_pcalloc(p, sizeof(*stats));
    apr_status_t rv;

    stats->board = board;
    stats->process = process;
    if (!(stats->slot = claim_slot(board))) {
        stats->slot = &stats->own;
    }
    add_values(&stats->base, &stats->slot->values, 0);
    if ((rv = apr_thread_mutex_create(&stats->lock, APR_THREAD_MUTEX_DEFAULT,
                                      p)) ||
        (rv = apr_thread_cond_create(&stats->wake, p)) ||
        (rv = ap_thread_create(&stats->thread, NULL, tick, stats, p))) {
        return rv;
    }
    /* A pre-cleanup: the counters' owners are still whole when it runs. */
    apr_pool_pre_cleanup_register(p, stats, stop_ticking);
    *out = stats;
    return APR_SUCCESS;
}

void kuji_stats_request(kuji_stats_t *stats)
{
    __atomic_fetch_add(&stats->requests, 1, __ATOMIC_RELAXED);
}

void kuji_stats_problem(kuji_stats_t *stats, kuji_problem_e problem)
{
    __atomic_fetch_add(&stats->problems[problem], 1, __ATOMIC_RELAXED);
}

void kuji_stats_sum(kuji_stats_values_t *out, kuji_stats_t *stats)
{
    int i;

    memset(out, 0, sizeof(*out));
    apr_thread_mutex_lock(stats->lock);
    publish(stats);
    apr_thread_mutex_unlock(stats->lock);
    for (i = 0; i < stats->board->count; i++) {
        const slot_t *slot = &stats->board->slots[i];

        add_values(out, &slot->values,
                   is_alive(__atomic_load_n(&slot->pid, __ATOMIC_ACQUIRE)));
    }
}

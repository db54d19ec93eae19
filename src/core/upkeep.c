// SPDX-License-Identifier: Apache-2.0
// What must be done now and then beside the scribe, on a connection of its own so that no batch waits: moving
// the WAL into the database, deleting pictures whose time is over, and proving the journal when asked. Under a steady stream of batches the WAL is
// never moved whole from here (it grows meanwhile) and so would never start anew: when little is left the
// scribe, the only one who can hold the stream, moves that little between two batches.
#include "core/core_impl.h"

#include "base/clock.h"
#include "base/log.h"

#include <unistd.h>

enum { ROUND_MS = 500, SLEEP_MS = 50, CHECKPOINT_BYTES = 4 << 20, WAL_ALARM_BYTES = 256 << 20 };
// Each pass moves what came during the one before, which is less; what the last one leaves the scribe moves
// himself while everybody waits.
enum { FINISH_BYTES = 32 << 20, PASSES = 6, SHORT_PASS_MS = 15 };

static void checkpoint(vg_core *c, vg_db *db)
{
    vg_err err = {0};
    const int64_t wal = vg_db_wal_bytes(c->db_path);
    int64_t left = 0, took_us = INT64_MAX;
    for (int i = 0; wal > CHECKPOINT_BYTES && i < PASSES && took_us > SHORT_PASS_MS * VG_MS_US;
         i++) {
        const int64_t from_us = vg_mono_us();
        if (vg_db_checkpoint(db, &left, &err) != VG_OK) {
            vg_log(VG_WARN, "checkpoint.failed", "detail=%s", err.detail);
            break;
        }
        took_us = vg_mono_us() - from_us;
    }
    c->finish_wal = wal > FINISH_BYTES;
    if (wal > WAL_ALARM_BYTES) {
        vg_log(VG_WARN, "wal.large", "bytes=%lld", (long long)wal);
    }
    pthread_mutex_lock(&c->health_lock);
    c->health.wal_bytes = wal;
    pthread_mutex_unlock(&c->health_lock);
}

// Proving takes minutes on a long journal, so it has a thread and a connection of its own.
typedef struct prover {
    vg_core *core;
    vg_db *db;
    int64_t asked_us;
    pthread_t thread;
    bool started;
    _Atomic bool done;
} prover;

// Kept over a restart for who asks when the journal was last proven; the whole finding is asked of the node.
static void keep_verified(vg_core *c, const vg_verification *v)
{
    char args[120];
    snprintf(args, sizeof args, "{\"name\":\"verified\",\"position\":\"%lld %s\"}",
             (long long)v->at_us, v->status == VG_OK ? "ok" : "bad");
    vg_command_call call = {.name = "core.set_cursor",
                            .args = vg_str_c(args),
                            .who = vg_core_system(),
                            .id = vg_cmd_random()};
    vg_core_run(c, &call);
    vg_buf_done(&call.reply);
}

static void *prove(void *arg)
{
    prover *p = arg;
    vg_core *c = p->core;
    unsigned char seed[32], key[32];
    vg_verification v = {0};
    vg_err err = {0};
    vg_core_key(c, "seal", seed);
    vg_journal_public_key(seed, key);
    v.status = vg_journal_verify(p->db, key, &v.report, &err);
    v.at_us = p->asked_us;
    if (v.status == VG_ECORRUPT) {
        vg_log(VG_ERROR, "journal.bad", "log=%u seq=%lld why=%s detail=%s", v.report.bad_log,
               (long long)v.report.bad_seq, v.report.why ? v.report.why : "", err.detail);
    }
    pthread_mutex_lock(&c->health_lock);
    if (v.status == VG_OK || v.status == VG_ECORRUPT) {
        v.requested = c->verification.requested;
        v.asked_us = c->verification.asked_us;
        c->verification = v;
    } else {
        c->verification.running = false;  // broken off: says nothing
    }
    pthread_mutex_unlock(&c->health_lock);
    if ((v.status == VG_OK || v.status == VG_ECORRUPT) && !c->stopping) {
        keep_verified(c, &v);
    }
    p->done = true;
    return NULL;
}

static void end_prover(prover *p, bool break_off)
{
    if (p->started && (p->done || break_off)) {
        if (break_off) {
            vg_db_deadline(p->db, 1);
        }
        pthread_join(p->thread, NULL);
        vg_db_close(p->db);
        p->started = false;
    }
}

static void verify(vg_core *c, prover *p)
{
    vg_err err = {0};
    end_prover(p, false);
    if (p->started) {
        return;
    }
    pthread_mutex_lock(&c->health_lock);
    const bool wanted = c->verification.requested;
    c->verification.requested = false;
    c->verification.running = wanted;
    const int64_t asked_us = c->verification.asked_us;
    pthread_mutex_unlock(&c->health_lock);
    if (!wanted) {
        return;
    }
    *p = (prover){.core = c, .asked_us = asked_us};
    const vg_status s = vg_db_open(c->db_path, VG_DB_READER, &p->db, &err);
    p->started = s == VG_OK && pthread_create(&p->thread, NULL, prove, p) == 0;
    if (!p->started) {
        vg_log(VG_ERROR, "verify.not_started", "detail=%s", err.detail);
        vg_db_close(p->db);
    }
}

void *vg_upkeep_main(void *core)
{
    vg_core *c = core;
    vg_db *db = NULL;
    vg_err err = {0};
    prover p = {.core = c};
    if (vg_db_open(c->db_path, VG_DB_WRITER, &db, &err) != VG_OK) {
        vg_log(VG_ERROR, "upkeep.open", "detail=%s", err.detail);
        return NULL;
    }
    while (!c->stopping) {
        checkpoint(c, db);
        verify(c, &p);
        vg_objects_sweep(c->objects, vg_now_us());
        for (int i = 0; i < ROUND_MS / SLEEP_MS && !c->stopping; i++) {
            usleep(SLEEP_MS * 1000);
        }
    }
    end_prover(&p, true);
    vg_db_close(db);
    return NULL;
}

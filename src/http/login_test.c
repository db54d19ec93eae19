// SPDX-License-Identifier: Apache-2.0
// One address cannot fill the queue, and names made up by the thousand push nobody out.
#include "http/login.h"

#include <pthread.h>
#include <setjmp.h>
#include <sodium.h>
#include <unistd.h>
#include <cmocka.h>

enum { SHARE = 16, JOBS = 400 };
static const char DESK[] = "10.0.0.2", STORM[] = "10.0.0.9";

typedef struct door {
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool open, entered;
    char hash[crypto_pwhash_STRBYTES];
    const char *order[JOBS];  // addresses in the order of being answered
    size_t n_done, n_displaced;
} door;

static vg_status user(void *ctx, const char *login, vg_principal *ret, char hash[128], vg_err *err)
{
    door *d = ctx;
    (void)err;
    pthread_mutex_lock(&d->lock);
    d->entered = true;
    pthread_cond_broadcast(&d->wake);
    while (!d->open) {
        pthread_cond_wait(&d->wake, &d->lock);
    }
    pthread_mutex_unlock(&d->lock);
    *ret = (vg_principal){.kind = VG_P_USER};
    snprintf(ret->user, sizeof ret->user, "%s", login);
    snprintf(hash, 128, "%s", d->hash);
    return VG_OK;
}

static void note(void *ctx, const http_login_job *job, const char *who, bool ok)
{
    (void)ctx;
    (void)job;
    (void)who;
    (void)ok;
}

static void done(http_login_job *j)
{
    door *d = j->ctx;
    pthread_mutex_lock(&d->lock);
    d->order[d->n_done++] = j->peer;
    d->n_displaced += j->st == VG_EUNAVAIL;
    pthread_cond_broadcast(&d->wake);
    pthread_mutex_unlock(&d->lock);
}

static void suspend(void *ctx)
{
    (void)ctx;
}

static bool submit(http_login *l, door *d, http_login_job *j, const char *login, const char *peer)
{
    *j = (http_login_job){.done = done, .ctx = d, .password = "dung", .password_n = 4};
    snprintf(j->login, sizeof j->login, "%s", login);
    snprintf(j->peer, sizeof j->peer, "%s", peer);
    return http_login_submit(l, j, suspend);
}

static http_login *open_login(door *d)
{
    *d = (door){.open = true};
    assert_true(sodium_init() >= 0);
    pthread_mutex_init(&d->lock, NULL);
    pthread_cond_init(&d->wake, NULL);
    assert_int_equal(crypto_pwhash_str(d->hash, "dung", 4, crypto_pwhash_OPSLIMIT_MIN,
                                       crypto_pwhash_MEMLIMIT_MIN),
                     0);
    return http_login_create(&(http_login_source){.ctx = d, .user = user, .note = note});
}

static void wait_done(door *d, size_t n)
{
    pthread_mutex_lock(&d->lock);
    while (d->n_done < n) {
        pthread_cond_wait(&d->wake, &d->lock);
    }
    pthread_mutex_unlock(&d->lock);
}

// The first job is being looked at and goes no further; the queue behind it is empty.
static void hold(http_login *l, door *d, http_login_job *first)
{
    pthread_mutex_lock(&d->lock);
    d->open = d->entered = false;
    pthread_mutex_unlock(&d->lock);
    assert_true(submit(l, d, first, "first", "10.0.0.1"));
    pthread_mutex_lock(&d->lock);
    while (!d->entered) {
        pthread_cond_wait(&d->wake, &d->lock);
    }
    pthread_mutex_unlock(&d->lock);
}

static void release(door *d)
{
    pthread_mutex_lock(&d->lock);
    d->open = true;
    pthread_cond_broadcast(&d->wake);
    pthread_mutex_unlock(&d->lock);
}

static void one_address_has_its_share_and_no_more(void **state)
{
    (void)state;
    door d;
    http_login *l = open_login(&d);
    http_login_job *jobs = vg_alloc(JOBS * sizeof *jobs);
    size_t n = 0, taken = 0;
    hold(l, &d, &jobs[n++]);
    for (int i = 0; i < 60; i++) {
        char name[16];
        snprintf(name, sizeof name, "x%d", i);
        const bool in = submit(l, &d, &jobs[n], name, STORM);
        taken += in;
        n += in;
    }
    assert_int_equal(taken, SHARE);
    assert_true(submit(l, &d, &jobs[n++], "officer", DESK));
    release(&d);
    wait_done(&d, SHARE + 2);
    assert_true(strcmp(d.order[1], DESK) == 0 || strcmp(d.order[2], DESK) == 0);
    http_login_destroy(l);
    free(jobs);
}

static void a_full_queue_makes_room_for_who_has_fewer(void **state)
{
    (void)state;
    door d;
    http_login *l = open_login(&d);
    http_login_job *jobs = vg_alloc(JOBS * sizeof *jobs);
    size_t n = 0, taken = 0;
    assert_true(submit(l, &d, &jobs[n++], "insider", STORM));  // it has a right password
    wait_done(&d, 1);
    hold(l, &d, &jobs[n++]);
    for (int i = 0; i < 300; i++) {
        const bool in = submit(l, &d, &jobs[n], "insider", STORM);
        taken += in;
        n += in;
    }
    assert_int_equal(taken, 256);
    assert_true(submit(l, &d, &jobs[n], "officer", DESK));
    assert_int_equal(d.n_displaced, 1);
    release(&d);
    http_login_destroy(l);
    free(jobs);
}

static void made_up_names_push_nobody_out(void **state)
{
    (void)state;
    door d;
    http_login *l = open_login(&d);
    http_login_job *jobs = vg_alloc(JOBS * sizeof *jobs);
    size_t n = 0, taken = 0;
    assert_true(submit(l, &d, &jobs[n++], "officer", DESK));
    wait_done(&d, 1);
    for (int i = 0; i < 6; i++) {
        http_login_failed(l, "chief", STORM);
    }
    assert_true(http_login_wait_s(l, "chief", STORM) > 0);
    for (int i = 0; i < 40000; i++) {
        char name[24];
        snprintf(name, sizeof name, "name%d", i);
        http_login_failed(l, name, STORM);
        assert_int_equal(http_login_wait_s(l, name, DESK), 0);
    }
    assert_true(http_login_wait_s(l, "chief", STORM) > 0);
    // The officer is still one who was here before: more than a stranger's share of places.
    hold(l, &d, &jobs[n++]);
    for (int i = 0; i < SHARE + 4; i++) {
        taken += submit(l, &d, &jobs[n++], "officer", DESK);
    }
    assert_int_equal(taken, SHARE + 4);
    release(&d);
    http_login_destroy(l);
    free(jobs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_address_has_its_share_and_no_more),
        cmocka_unit_test(a_full_queue_makes_room_for_who_has_fewer),
        cmocka_unit_test(made_up_names_push_nobody_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

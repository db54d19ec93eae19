// SPDX-License-Identifier: Apache-2.0
// Tasks from many threads, timers in order, watches that go while events wait.
#include "net/loop.h"

#include "base/clock.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <cmocka.h>

enum { THREADS = 4, TASKS = 2000 };

typedef struct shared {
    vg_loop *l;
    vg_task tasks[THREADS][TASKS];
    int count;  // loop thread only
    char order[8];
    vg_watch w[2];
} shared;

static void count_up(void *ctx)
{
    shared *s = ctx;
    s->count++;
}

typedef struct poster {
    shared *s;
    int index;
} poster;

static void *post_all(void *ctx)
{
    const poster *p = ctx;
    for (int i = 0; i < TASKS; i++) {
        vg_task *t = &p->s->tasks[p->index][i];
        *t = (vg_task){.fn = count_up, .ctx = p->s};
        vg_loop_post(p->s->l, t);
    }
    return NULL;
}

static shared *start(void)
{
    shared *s = vg_alloc(sizeof *s);
    assert_int_equal(vg_loop_create(&s->l, NULL), VG_OK);
    return s;
}

static void every_posted_task_runs_once(void **state)
{
    (void)state;
    shared *s = start();
    pthread_t t[THREADS];
    poster p[THREADS];
    assert_int_equal(vg_loop_start(s->l, "test", NULL), VG_OK);
    for (int i = 0; i < THREADS; i++) {
        p[i] = (poster){s, i};
        assert_int_equal(pthread_create(&t[i], NULL, post_all, &p[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(t[i], NULL);
    }
    vg_loop_stop(s->l);  // what was posted before has run
    assert_int_equal(s->count, THREADS * TASKS);
    vg_loop_destroy(s->l);
    free(s);
}

static void mark(shared *s, char c)
{
    s->order[strlen(s->order)] = c;
}

static void on_a(void *ctx)
{
    mark(ctx, 'a');
}

static void on_b(void *ctx)
{
    mark(ctx, 'b');
}

static void on_c(void *ctx)
{
    mark(ctx, 'c');
}

static void nothing(void *ctx)
{
    (void)ctx;
}

static void timers_come_in_order(void **state)
{
    (void)state;
    shared *s = start();
    vg_timer a = {.fn = on_a, .ctx = s}, b = {.fn = on_b, .ctx = s}, c = {.fn = on_c, .ctx = s};
    const int64_t now = vg_mono_us();
    vg_loop_timer(s->l, &b, now + 20000);
    vg_loop_timer(s->l, &a, now + 90000);
    vg_loop_timer(s->l, &c, now + 30000);
    vg_loop_timer(s->l, &a, now + 10000);  // moved
    vg_loop_untimer(s->l, &c);
    vg_loop_untimer(s->l, &c);
    assert_int_equal(vg_loop_start(s->l, "test", NULL), VG_OK);
    usleep(150000);
    vg_loop_call(s->l, nothing, NULL);
    vg_loop_stop(s->l);
    assert_string_equal(s->order, "ab");
    vg_loop_destroy(s->l);
    free(s);
}

static void remove_both(void *ctx, uint32_t events)
{
    shared *s = ctx;
    (void)events;
    vg_loop_unwatch(s->l, &s->w[0]);
    vg_loop_unwatch(s->l, &s->w[1]);
    s->count++;
}

static void a_removed_watch_is_not_called(void **state)
{
    (void)state;
    shared *s = start();
    int p[2][2];
    for (int i = 0; i < 2; i++) {
        assert_int_equal(pipe(p[i]), 0);
        assert_int_equal(write(p[i][1], "x", 1), 1);
        s->w[i] = (vg_watch){p[i][0], remove_both, s};
        assert_int_equal(vg_loop_watch(s->l, &s->w[i], EPOLLIN, NULL), VG_OK);
    }
    assert_int_equal(vg_loop_start(s->l, "test", NULL), VG_OK);
    usleep(50000);
    vg_loop_stop(s->l);
    assert_int_equal(s->count, 1);
    vg_loop_destroy(s->l);
    for (int i = 0; i < 4; i++) {
        close(p[i / 2][i % 2]);
    }
    free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_posted_task_runs_once),
        cmocka_unit_test(timers_come_in_order),
        cmocka_unit_test(a_removed_watch_is_not_called),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

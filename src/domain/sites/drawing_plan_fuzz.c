// SPDX-License-Identifier: Apache-2.0
// Whatever is sent as elements: refused in words, or kept in a form that reads back to the same text, with every
// point in the frame and neighbours that name zones of the plan.
#include "domain/sites/drawing_plan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void write_all(const plan *p, vg_buf *b)
{
    vg_jw w = vg_jw_on(b);
    vg_jw_open(&w, '[');
    for (size_t i = 0; i < p->n; i++) {
        plan_write(&w, &p->v[i]);
    }
    vg_jw_close(&w, ']');
}

static void check_links(vg_arena *a, const plan *p)
{
    graph_link *v = NULL;
    const size_t n = plan_links(a, p, &v);
    for (size_t i = 0; i < n; i++) {
        if (v[i].from >= v[i].to || v[i].to >= p->n || !p->v[v[i].passage].kind->passage ||
            p->v[v[i].from].kind->shape != PLAN_AREA || p->v[v[i].to].kind->shape != PLAN_AREA) {
            abort();
        }
    }
    plan_landing *l = NULL;
    const size_t landed = plan_landings(a, p, &l);
    for (size_t i = 0; i < landed; i++) {
        if (!p->v[l[i].element].kind->floors || p->v[l[i].zone].kind->shape != PLAN_AREA) {
            abort();
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const plan_frame frame = {4000, 3000, .grid_cm = 50};
    vg_arena *a = vg_arena_create(16 << 20);
    plan once, twice;
    plan_frame f;
    vg_buf b1, b2;
    vg_buf_init(&b1, 4 * PLAN_BYTES_MAX);
    vg_buf_init(&b2, 4 * PLAN_BYTES_MAX);
    (void)!plan_read_frame((vg_str){(const char *)data, size}, &f, NULL);
    if (plan_read(a, (vg_str){(const char *)data, size}, &frame, &once, NULL) == VG_OK) {
        write_all(&once, &b1);
        const bool fits = b1.n <= PLAN_BYTES_MAX;
        if (fits && plan_read(a, vg_buf_str(&b1), &frame, &twice, NULL) != VG_OK) {
            abort();
        }
        if (fits) {
            write_all(&twice, &b2);
        }
        if (fits && !vg_str_eq(vg_buf_str(&b1), vg_buf_str(&b2))) {
            abort();
        }
        check_links(a, &once);
    }
    vg_buf_done(&b2);
    vg_buf_done(&b1);
    vg_arena_destroy(a);
    return 0;
}

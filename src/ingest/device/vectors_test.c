// SPDX-License-Identifier: Apache-2.0
// Requests as makers send them (tests/data/device, invented devices and people) and what they mean. NAME.req: a line
// "METHOD path?query", a line "Content-Type: …", an empty line, the body. NAME.want: "refused"; or the protocol
// and what the device calls itself, then a line for each report (verb kind code area point user text time; "-" for
// nothing), "image BYTES", "biometrics N", "personal N". Requests of other people, where a developer has them,
// must be read or refused, no more.
#include "ingest/device/device_kit_test.h"

#include <dirent.h>

enum { FILE_MAX = 1 << 20 };

static vg_str read_file(kit *k, const char *path)
{
    FILE *f = fopen(path, "rb");
    char *p = vg_arena_get(k->a, FILE_MAX);
    assert_non_null(f);
    assert_non_null(p);
    const size_t n = fread(p, 1, FILE_MAX - 1, f);
    fclose(f);
    return (vg_str){p, n};
}

static vg_str cut_line(vg_str *s)
{
    const char *lf = memchr(s->p, '\n', s->n);
    const size_t n = lf ? (size_t)(lf - s->p) : s->n;
    const vg_str line = {s->p, n};
    *s = (vg_str){s->p + n + (lf != NULL), s->n - n - (lf != NULL)};
    return line;
}

static const device_profile *profile_at(vg_str path, vg_str *tail)
{
    const device_profile *const all[] = {&device_hikvision, &device_dahua, &device_zkteco};
    for (size_t i = 0; i < VG_LEN(all); i++) {
        if (vg_str_starts(path, all[i]->root)) {
            const size_t n = strlen(all[i]->root);
            *tail = (vg_str){path.p + n, path.n - n};
            return all[i];
        }
    }
    return NULL;
}

static const char *some(const char *s)
{
    return s[0] ? s : "-";
}

static void write_report(vg_buf *b, const vg_signal *s)
{
    static const char *const verbs[] = {"raise",    "restore", "arm",  "disarm", "bypass",
                                        "unbypass", "test",    "poll", "other"};
    char at[VG_TIME_TEXT] = "-";
    if (s->captured_us) {
        int t[6];
        vg_time_split(s->captured_us, 0, t);
        snprintf(at, sizeof at, "%04d-%02d-%02dT%02d:%02d:%02dZ", t[0], t[1], t[2], t[3], t[4],
                 t[5]);
    }
    vg_buf_f(b, "%s %s %s %s %s %s %s %s\n", verbs[s->verb], some(s->kind), some(s->code),
             some(s->area), some(s->point), some(s->user), some(s->text), at);
}

// What a request means, written as a .want file.
static void decode(kit *k, vg_str req, vg_buf *b)
{
    vg_str line = cut_line(&req), tail = VG_S("");
    const vg_str type = cut_line(&req);
    (void)cut_line(&req);
    char *z = (char *)(uintptr_t)vg_str_z(k->a, line), *pair;
    const char *method = strsep(&z, " ");
    const vg_str path = vg_str_c(strsep(&z, "?"));
    vg_device_query q[VG_DEVICE_QUERIES];
    size_t n = 0;
    while (z && (pair = strsep(&z, "&")) && n < VG_DEVICE_QUERIES) {
        char *name = strsep(&pair, "=");
        q[n++] = (vg_device_query){vg_str_c(name), vg_str_c(pair)};
    }
    const vg_device_request rq = {.method = vg_str_c(method),
                                  .path = path,
                                  .query = q,
                                  .n_query = n,
                                  .content_type = vg_str_trim((vg_str){type.p + 13, type.n - 13}),
                                  .body = req,
                                  .now_us = KIT_NOW};
    const device_profile *p = profile_at(path, &tail);
    device_out out = {.arena = k->a, .image = VG_S("")};
    assert_non_null(p);
    if (p->decode(&rq, tail, &out, NULL) != VG_OK) {
        vg_buf_c(b, "refused\n");
        return;
    }
    vg_buf_f(b, "%s %s\n", p->proto, some(out.address));
    for (size_t i = 0; i < out.n; i++) {
        write_report(b, &out.v[i].s);
    }
    if (out.image.n) {
        vg_buf_f(b, "image %zu\n", out.image.n);
    }
    if (out.biometrics) {
        vg_buf_f(b, "biometrics %u\n", out.biometrics);
    }
    if (out.personal) {
        vg_buf_f(b, "personal %u\n", out.personal);
    }
}

static int each_request(kit *k, const char *folder, bool compare)
{
    char path[1024];
    int seen = 0, wrong = 0;
    DIR *d = opendir(folder);
    for (const struct dirent *e; d && (e = readdir(d));) {
        const size_t n = strlen(e->d_name);
        if (n < 5 || strcmp(e->d_name + n - 4, ".req") != 0) {
            continue;
        }
        vg_buf b;
        vg_buf_init(&b, 1 << 16);
        vg_arena_reset(k->a);
        snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
        decode(k, read_file(k, path), &b);
        snprintf(path, sizeof path, "%s/%.*s.want", folder, (int)(n - 4), e->d_name);
        if (compare) {
            const char *want = vg_str_z(k->a, read_file(k, path));
            const bool same = strcmp(vg_buf_z(&b), want) == 0;
            if (!same) {
                print_error("%s: %s\nwanted: %s\n", e->d_name, vg_buf_z(&b), want);
            }
            wrong += !same;
        }
        vg_buf_done(&b);
        seen++;
    }
    if (d) {
        closedir(d);
    }
    assert_int_equal(wrong, 0);
    return seen;
}

static void what_devices_send_means_this(void **state)
{
    char folder[512];
    const char *root = getenv("VG_ROOT");
    snprintf(folder, sizeof folder, "%s/tests/data/device", root ? root : ".");
    assert_true(each_request(*state, folder, true) > 30);
}

static void requests_of_other_people_do_no_harm(void **state)
{
    char folder[512];
    const char *root = getenv("VG_ROOT");
    snprintf(folder, sizeof folder, "%s/../shared/data/protocols/device", root ? root : ".");
    if (each_request(*state, folder, false) == 0) {
        skip();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_devices_send_means_this, kit_make, kit_end),
        cmocka_unit_test_setup_teardown(requests_of_other_people_do_no_harm, kit_make, kit_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

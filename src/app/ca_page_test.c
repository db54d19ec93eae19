// SPDX-License-Identifier: Apache-2.0
// What is handed to phones: the public certificate alone, in the forms they take; the fingerprint only where the page
// itself came protected; nothing else of the directory, whatever is asked. QR codes: drawn and refused by length.
#include "app/ca_page.h"
#include "base/clock.h"
#include "base/qr.h"
#include "net/tls_ca.h"

#include <setjmp.h>
#include <sodium.h>
#include <unistd.h>
#include <cmocka.h>

typedef struct rig {
    vg_ca_page page;
    char dir[64], text[65536];
    vg_http_request rq;
} rig;

static void make_certificates(const char *dir)
{
    vg_tls t;
    bool made;
    vg_tls_init(&t);
    assert_int_equal(vg_tls_ensure(&t, NULL, &made, NULL), VG_OK);
    assert_int_equal(vg_tls_write(dir, &t, NULL), VG_OK);
    vg_tls_done(&t);
}

static rig *rig_open(const char *http)
{
    rig *r = vg_alloc(sizeof *r);
    assert_true(sodium_init() >= 0);
    memcpy(r->dir, "/tmp/vg-ca-XXXXXX", 18);
    assert_non_null(mkdtemp(r->dir));
    snprintf(r->page.dir, sizeof r->page.dir, "%s/tls", r->dir);
    snprintf(r->page.running, sizeof r->page.running, "%s/handover.json", r->dir);
    r->page.name = "Trực ban <Mẫu>";
    r->page.http = http;
    make_certificates(r->page.dir);
    return r;
}

static void rig_done(rig *r)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", r->dir);
    assert_int_equal(system(command), 0);
    free(r);
}

static const char *ask(rig *r, const char *path, bool *ret_ours, const char **ret_type)
{
    r->rq = (vg_http_request){
        .method = VG_S("GET"), .path = vg_str_c(path), .arena = vg_arena_create(1 << 20)};
    *ret_ours = vg_ca_answer(&r->page, &r->rq, VG_VI);
    const vg_str all = r->rq.reply.fixed.n ? r->rq.reply.fixed : vg_buf_str(&r->rq.reply.body);
    snprintf(r->text, sizeof r->text, "%.*s", VG_FMT(all));
    *ret_type = r->rq.reply.type;
    vg_buf_done(&r->rq.reply.body);
    vg_arena_destroy(r->rq.arena);
    return r->text;
}

static void only_public_things(void **state)
{
    (void)state;
    rig *r = rig_open("http://192.0.2.9:8088/");
    bool ours;
    const char *type;
    static const char *const others[] = {"/ca.key",     "/tls/ca.key",  "/ca.crt/",
                                         "/index.html", "/api/v1/node", "/node.key"};
    for (size_t i = 0; i < VG_LEN(others); i++) {
        (void)ask(r, others[i], &ours, &type);
        assert_false(ours);
    }
    (void)ask(r, "/ca.crt", &ours, &type);
    assert_true(ours);
    assert_string_equal(type, "application/x-x509-ca-cert");
    assert_non_null(strstr(ask(r, "/ca.mobileconfig", &ours, &type), "com.apple.security.root"));
    assert_string_equal(type, "application/x-apple-aspen-config");
    assert_null(strstr(r->text, "PRIVATE"));
    assert_null(strstr(r->text, "<Mẫu>"));
    rig_done(r);
}

static void fingerprint_only_where_protected(void **state)
{
    (void)state;
    bool ours;
    const char *type;
    rig *r = rig_open("http://192.0.2.9:8088/");
    assert_null(strstr(ask(r, "/", &ours, &type), "class=\"print\""));
    assert_true(ours);
    assert_non_null(strstr(r->text, "http://192.0.2.9:8088/"));
    assert_non_null(strstr(r->text, "<svg"));
    rig_done(r);
    r = rig_open(NULL);
    assert_non_null(strstr(ask(r, "/ca", &ours, &type), "class=\"print\""));
    assert_null(strstr(r->text, "<svg"));  // nobody hands over now
    (void)ask(r, "/", &ours, &type);
    assert_false(ours);  // the console's
    rig_done(r);
}

static void a_handover_under_way_is_shown(void **state)
{
    (void)state;
    bool ours;
    const char *type;
    rig *r = rig_open(NULL);
    for (int past = 0; past < 2; past++) {
        FILE *f = fopen(r->page.running, "w");
        assert_non_null(f);
        fprintf(f, "{\"address\":\"http://192.0.2.9:8088/\",\"until\":%lld}",
                (long long)(vg_now_us() + (past ? -1 : 60) * VG_SECOND_US));
        assert_int_equal(fclose(f), 0);
        const bool shown = strstr(ask(r, "/ca", &ours, &type), "192.0.2.9") != NULL;
        assert_int_equal(shown, !past);
    }
    rig_done(r);
}

static void without_an_authority_nothing(void **state)
{
    (void)state;
    bool ours;
    const char *type;
    char path[512];
    rig *r = rig_open(NULL);
    snprintf(path, sizeof path, "%s/ca.pem", r->page.dir);
    assert_int_equal(unlink(path), 0);
    (void)ask(r, "/ca.crt", &ours, &type);
    assert_true(ours);
    assert_int_equal(r->rq.reply.status, 404);
    rig_done(r);
}

static void codes_are_drawn(void **state)
{
    (void)state;
    char much[2048];
    vg_buf b;
    vg_buf_init(&b, 1 << 18);
    assert_true(vg_qr_svg(&b, "http://192.0.2.9:8088/", "Mã \"QR\""));
    assert_non_null(strstr(vg_buf_z(&b), "M4 4h7v1h-7z"));  // a finder's upper edge, after 4 quiet
    assert_null(strstr(vg_buf_z(&b), "\"QR\""));
    memset(much, 'x', sizeof much - 1);
    much[sizeof much - 1] = 0;
    assert_false(vg_qr_svg(&b, much, ""));
    vg_buf_reset(&b);
    assert_true(vg_qr_terminal(&b, "x"));
    assert_true(b.n > 100);
    vg_buf_done(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_public_things),
        cmocka_unit_test(fingerprint_only_where_protected),
        cmocka_unit_test(a_handover_under_way_is_shown),
        cmocka_unit_test(without_an_authority_nothing),
        cmocka_unit_test(codes_are_drawn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

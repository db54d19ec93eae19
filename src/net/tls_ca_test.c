// SPDX-License-Identifier: Apache-2.0
#include "net/tls_ca.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <setjmp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char dir[64];

static int setup(void **state)
{
    (void)state;
    snprintf(dir, sizeof dir, "/tmp/vg-tls-XXXXXX");
    return mkdtemp(dir) ? 0 : -1;
}

static const char *in_dir(const char *name)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    return path;
}

static int teardown(void **state)
{
    (void)state;
    static const char *const files[] = {"ca.pem", "ca.key", "server.pem", "server.key"};
    for (size_t i = 0; i < VG_LEN(files); i++) {
        unlink(in_dir(files[i]));
    }
    return rmdir(dir);
}

static X509 *load(const char *name)
{
    FILE *f = fopen(in_dir(name), "r");
    assert_non_null(f);
    X509 *x = PEM_read_X509(f, NULL, NULL, NULL);
    fclose(f);
    assert_non_null(x);
    return x;
}

static void makes_a_chain_that_holds(void **state)
{
    (void)state;
    static const char *const names[] = {"vonggac.mau.vn", "10.0.0.5", "bad name\nDNS:evil", NULL};
    vg_err err;
    bool made = false;
    int64_t days = 0;
    vg_tls t;
    vg_tls_init(&t);
    assert_int_equal(vg_tls_ensure(&t, names, &made, &err), VG_OK);
    assert_true(made);
    assert_int_equal(vg_tls_write(dir, &t, &err), VG_OK);
    vg_tls_done(&t);
    X509 *ca = load("ca.pem"), *sv = load("server.pem");
    X509_STORE *store = X509_STORE_new();
    X509_STORE_CTX *cx = X509_STORE_CTX_new();
    X509_STORE_add_cert(store, ca);
    X509_STORE_CTX_init(cx, store, sv, NULL);
    assert_int_equal(X509_verify_cert(cx), 1);
    assert_int_equal(X509_check_host(sv, "localhost", 0, 0, NULL), 1);
    assert_int_equal(X509_check_ip_asc(sv, "127.0.0.1", 0), 1);
    assert_int_equal(X509_check_ip_asc(sv, "::1", 0), 1);
    assert_int_equal(X509_check_host(sv, "vonggac.mau.vn", 0, 0, NULL), 1);
    assert_int_equal(X509_check_ip_asc(sv, "10.0.0.5", 0), 1);
    assert_int_equal(X509_check_host(sv, "evil", 0, 0, NULL), 0);
    assert_int_equal(X509_check_ca(sv), 0);
    X509_STORE_CTX_free(cx);
    X509_STORE_free(store);
    X509_free(ca);
    X509_free(sv);
    assert_int_equal(vg_tls_days_left(in_dir("server.pem"), &days, &err), VG_OK);
    assert_in_range(days, 390, 397);
    struct stat st;
    assert_int_equal(stat(in_dir("server.pem"), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_not_equal(stat(in_dir("server.key"), &st), 0);
    assert_int_not_equal(stat(in_dir("ca.key"), &st), 0);
}

static bool ensure(vg_tls *t, const char *name)
{
    vg_err err;
    bool made;
    assert_int_equal(vg_tls_ensure(t, (const char *const[]){name, NULL}, &made, &err), VG_OK);
    return made;
}

static void same(const vg_buf *a, const vg_buf *b, bool is)
{
    assert_int_equal(a->n == b->n && memcmp(a->p, b->p, a->n) == 0, is);
}

static void copy(vg_buf *to, const vg_buf *from)
{
    vg_buf_reset(to);
    vg_buf_s(to, vg_buf_str(from));
}

static void keeps_what_is_good(void **state)
{
    (void)state;
    vg_tls t, was;
    vg_tls_init(&t);
    vg_tls_init(&was);
    assert_true(ensure(&t, "localhost"));
    assert_false(ensure(&t, "localhost"));
    copy(&was.ca_cert, &t.ca_cert);
    copy(&was.cert, &t.cert);
    assert_true(ensure(&t, "new.name"));  // a new certificate of the same CA
    same(&was.ca_cert, &t.ca_cert, true);
    same(&was.cert, &t.cert, false);
    vg_tls_done(&t);
    vg_tls_done(&was);
}

static void leaves_what_is_not_ours(void **state)
{
    (void)state;
    vg_tls ours, theirs;
    vg_err err;
    bool made;
    vg_tls_init(&ours);
    vg_tls_init(&theirs);
    assert_true(ensure(&ours, "localhost"));
    assert_true(ensure(&theirs, "theirs"));
    copy(&ours.cert, &theirs.cert);
    copy(&ours.key, &theirs.key);
    assert_false(ensure(&ours, "other"));  // signed by another, though a CA of our own is here
    vg_buf_reset(&ours.ca_key);
    assert_false(ensure(&ours, "other"));
    vg_buf_reset(&ours.cert);
    assert_int_equal(vg_tls_ensure(&ours, NULL, &made, &err), VG_EIO);  // half a CA is not replaced
    vg_tls_done(&ours);
    vg_tls_done(&theirs);
}

// A crash between keeping the key and writing the certificate; also how an authority that ended is renewed.
static void a_key_alone_is_given_its_certificate(void **state)
{
    (void)state;
    vg_tls t, was;
    vg_tls_init(&t);
    vg_tls_init(&was);
    assert_true(ensure(&t, "localhost"));
    copy(&was.ca_key, &t.ca_key);
    copy(&was.ca_cert, &t.ca_cert);
    vg_buf_reset(&t.ca_cert);
    assert_true(ensure(&t, "localhost"));
    same(&was.ca_key, &t.ca_key, true);
    same(&was.ca_cert, &t.ca_cert, false);
    assert_false(ensure(&t, "localhost"));
    vg_tls_done(&t);
    vg_tls_done(&was);
}

static void a_shredded_file_is_gone(void **state)
{
    (void)state;
    vg_err err;
    FILE *f = fopen(in_dir("server.key"), "w");
    assert_non_null(f);
    fputs("secret", f);
    assert_int_equal(fclose(f), 0);
    char left[8] = "";
    f = fopen(in_dir("server.key"), "r");  // what is left on the disk
    assert_non_null(f);
    assert_int_equal(vg_tls_shred(dir, "server.key", &err), VG_OK);
    assert_int_not_equal(access(in_dir("server.key"), F_OK), 0);
    assert_int_equal(fread(left, 1, sizeof left, f), 6);
    assert_memory_equal(left, "\0\0\0\0\0\0", 6);
    fclose(f);
    assert_int_equal(vg_tls_shred(dir, "server.key", &err), VG_OK);  // none there
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(makes_a_chain_that_holds, setup, teardown),
        cmocka_unit_test_setup_teardown(keeps_what_is_good, setup, teardown),
        cmocka_unit_test_setup_teardown(leaves_what_is_not_ours, setup, teardown),
        cmocka_unit_test_setup_teardown(a_key_alone_is_given_its_certificate, setup, teardown),
        cmocka_unit_test_setup_teardown(a_shredded_file_is_gone, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

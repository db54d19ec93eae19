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
    assert_int_equal(vg_tls_ca_ensure(dir, names, &made, &err), VG_OK);
    assert_true(made);
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
    assert_int_equal(stat(in_dir("server.key"), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(stat(in_dir("ca.key"), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
}

static void keeps_what_is_good(void **state)
{
    (void)state;
    static const char *const more[] = {"new.name", NULL};
    vg_err err;
    bool made = true;
    assert_int_equal(vg_tls_ca_ensure(dir, NULL, NULL, &err), VG_OK);
    assert_int_equal(vg_tls_ca_ensure(dir, NULL, &made, &err), VG_OK);
    assert_false(made);
    X509 *before = load("ca.pem");
    assert_int_equal(vg_tls_ca_ensure(dir, more, &made, &err), VG_OK);
    assert_true(made);  // a name was added: a new certificate of the same CA
    X509 *after = load("ca.pem");
    assert_int_equal(X509_cmp(before, after), 0);
    X509_free(before);
    X509_free(after);
    unlink(in_dir("ca.key"));
    assert_int_equal(vg_tls_ca_ensure(dir, (const char *const[]){"other", NULL}, &made, &err),
                     VG_OK);
    assert_false(made);  // without a CA key it is somebody else's: left alone
    unlink(in_dir("server.pem"));
    assert_int_equal(vg_tls_ca_ensure(dir, NULL, &made, &err),
                     VG_EIO);  // half a CA is not replaced
    vg_buf cert, key;
    assert_int_equal(vg_tls_load(dir, &cert, &key, &err), VG_EIO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(makes_a_chain_that_holds, setup, teardown),
        cmocka_unit_test_setup_teardown(keeps_what_is_good, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

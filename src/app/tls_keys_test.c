// SPDX-License-Identifier: Apache-2.0
#include "app/tls_keys.h"

#include "core/core_kit_test.h"

#include <sys/stat.h>
#include <unistd.h>

static const char *in_tls(const node *n, const char *name)
{
    static char path[400];
    snprintf(path, sizeof path, "%s/tls/%s", n->dir, name);
    return path;
}

static void put_file(const node *n, const char *name, const vg_buf *text)
{
    FILE *f = fopen(in_tls(n, name), "w");
    assert_non_null(f);
    assert_int_equal(fwrite(text->p, 1, text->n, f), text->n);
    assert_int_equal(fclose(f), 0);
}

static void open_tls(node *n, vg_tls *t)
{
    vg_err err = {0};
    if (app_tls_open(n->core, NULL, t, &err) != VG_OK) {
        fail_msg("tls: %s", err.detail);
    }
}

static bool alike(const vg_buf *a, const vg_buf *b)
{
    return a->n == b->n && memcmp(a->p, b->p, a->n) == 0;
}

static void no_key_in_a_file(const node *n)
{
    assert_int_not_equal(access(in_tls(n, "ca.key"), F_OK), 0);
    assert_int_not_equal(access(in_tls(n, "server.key"), F_OK), 0);
}

static int64_t told(node *n)
{
    return node_int(n, "SELECT count(*) FROM event WHERE kind = 'core.key_act'"
                       " AND body = '{\"act\":\"authority\"}'");
}

static void keys_are_in_the_vault_alone(void **state)
{
    (void)state;
    node *n = node_create();
    vg_tls t, again;
    open_tls(n, &t);
    no_key_in_a_file(n);
    assert_int_equal(node_int(n, "SELECT count(*) FROM vault WHERE space = 'tls'"), 2);
    assert_int_equal(node_int(n, "SELECT count(*) FROM vault WHERE instr(value, 'PRIVATE')"), 0);
    node_stop(n);
    node_start(n);
    open_tls(n, &again);
    assert_true(alike(&t.ca_key, &again.ca_key) && alike(&t.key, &again.key));
    assert_true(alike(&t.cert, &again.cert));
    assert_int_equal(told(n), 0);
    vg_tls_done(&t);
    vg_tls_done(&again);
    node_destroy(n);
}

static void another_authority_takes_its_place(void **state)
{
    (void)state;
    node *n = node_create();
    vg_tls was, is, again;
    vg_err err = {0};
    char print[VG_TLS_PRINT];
    open_tls(n, &was);
    assert_int_equal(app_tls_change_authority(n->core, print, &err), VG_OK);
    assert_int_equal(told(n), 1);
    no_key_in_a_file(n);
    open_tls(n, &is);
    assert_false(alike(&was.ca_key, &is.ca_key) || alike(&was.ca_cert, &is.ca_cert));
    assert_false(alike(&was.key, &is.key) || alike(&was.cert, &is.cert));
    node_stop(n);
    node_start(n);
    open_tls(n, &again);
    assert_true(alike(&is.ca_key, &again.ca_key) && alike(&is.cert, &again.cert));
    assert_int_equal(node_int(n, "SELECT count(*) FROM vault WHERE space = 'tls'"), 2);
    vg_tls_done(&was);
    vg_tls_done(&is);
    vg_tls_done(&again);
    node_destroy(n);
}

static void keys_in_files_are_taken_over(void **state)
{
    (void)state;
    node *n = node_create();
    vg_tls old, t;
    vg_err err;
    bool made;
    vg_tls_init(&old);
    assert_int_equal(vg_tls_ensure(&old, NULL, &made, &err), VG_OK);
    snprintf(n->reply, sizeof n->reply, "%s", in_tls(n, ""));
    assert_int_equal(vg_tls_write(n->reply, &old, &err), VG_OK);
    put_file(n, "ca.key", &old.ca_key);
    put_file(n, "server.key", &old.key);
    assert_int_equal(app_tls_settle(n->core, &err), VG_OK);
    no_key_in_a_file(n);
    assert_int_equal(told(n), 1);
    open_tls(n, &t);
    assert_true(alike(&old.ca_key, &t.ca_key) && alike(&old.key, &t.key));
    assert_true(alike(&old.ca_cert, &t.ca_cert) && alike(&old.cert, &t.cert));
    vg_tls_done(&t);
    put_file(n, "ca.key", &old.ca_key);  // cut off before it was removed
    open_tls(n, &t);
    no_key_in_a_file(n);
    vg_tls_done(&t);
    vg_tls_done(&old);
    node_destroy(n);
}

static void a_key_that_does_not_fit_takes_no_ones_place(void **state)
{
    (void)state;
    node *n = node_create();
    vg_tls t, again;
    open_tls(n, &t);
    put_file(n, "ca.key", &t.key);
    put_file(n, "server.key", &t.ca_cert);
    open_tls(n, &again);
    assert_true(alike(&t.ca_key, &again.ca_key) && alike(&t.key, &again.key));
    assert_int_equal(access(in_tls(n, "ca.key"), F_OK), 0);
    vg_tls_done(&t);
    vg_tls_done(&again);
    node_destroy(n);
}

// What an agency's own authority signed is put beside, as files, and served from then on.
static void a_foreign_pair_is_taken_in(void **state)
{
    (void)state;
    node *n = node_create();
    vg_tls t, theirs, again;
    vg_err err;
    bool made;
    open_tls(n, &t);
    vg_tls_init(&theirs);
    assert_int_equal(vg_tls_ensure(&theirs, NULL, &made, &err), VG_OK);
    put_file(n, "server.pem", &theirs.cert);
    put_file(n, "server.key", &theirs.key);
    open_tls(n, &again);
    no_key_in_a_file(n);
    assert_true(alike(&theirs.key, &again.key) && alike(&theirs.cert, &again.cert));
    assert_true(alike(&t.ca_key, &again.ca_key));
    vg_tls_done(&t);
    vg_tls_done(&theirs);
    vg_tls_done(&again);
    node_destroy(n);
}

// A crash after the vault and before the certificates.
static void a_key_without_certificates_goes_on(void **state)
{
    (void)state;
    node *n = node_create();
    vg_tls t, again;
    open_tls(n, &t);
    assert_int_equal(unlink(in_tls(n, "ca.pem")), 0);
    assert_int_equal(unlink(in_tls(n, "server.pem")), 0);
    open_tls(n, &again);
    assert_true(alike(&t.ca_key, &again.ca_key));
    assert_int_equal(access(in_tls(n, "ca.pem"), F_OK), 0);
    assert_int_equal(access(in_tls(n, "server.pem"), F_OK), 0);
    vg_tls_done(&t);
    vg_tls_done(&again);
    node_destroy(n);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_are_in_the_vault_alone),
        cmocka_unit_test(another_authority_takes_its_place),
        cmocka_unit_test(keys_in_files_are_taken_over),
        cmocka_unit_test(a_key_that_does_not_fit_takes_no_ones_place),
        cmocka_unit_test(a_foreign_pair_is_taken_in),
        cmocka_unit_test(a_key_without_certificates_goes_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

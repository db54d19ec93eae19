// SPDX-License-Identifier: Apache-2.0
// The look at machine and files: each fault made on purpose is named, a sound directory has none of them, and every
// finding there can be has words in both languages and, where something is to be done, a remedy.
#include "app/exam.h"
#include "domain/test_kit.h"
#include "net/tls_ca.h"

#include <netinet/in.h>
#include <sys/socket.h>

static void look(kit *k, const vg_conf *conf, vg_exam *x)
{
    vg_exam_of of = {.dir = k->dir, .conf = conf};
    vg_err err = {0};
    *x = (vg_exam){0};
    if (k->core) {
        assert_int_equal(vg_inner_take(k->core, &of.db, &err), VG_OK);
    }
    vg_exam_all(&of, x);
    if (k->core) {
        vg_inner_give(k->core, of.db);
    }
}

static const vg_finding *found(const vg_exam *x, const char *what)
{
    for (size_t i = 0; i < x->n; i++) {
        if (strcmp(x->v[i].what, what) == 0) {
            return &x->v[i];
        }
    }
    fail_msg("no finding about %s", what);
    return NULL;
}

static void check_words(const vg_exam *x)
{
    for (size_t i = 0; i < 2 * x->n; i++) {
        const vg_finding *f = &x->v[i / 2];
        vg_buf b;
        vg_buf_init(&b, 8192);
        vg_finding_text(f, i % 2 ? VG_EN : VG_VI, &b);
        vg_finding_remedy(f, i % 2 ? VG_EN : VG_VI, &b);
        if (strstr(vg_buf_z(&b), "doctor.")) {
            fail_msg("no words: %s", vg_buf_z(&b));
        }
        vg_buf_done(&b);
    }
}

static vg_conf *conf_of(kit *k, const char *text)
{
    char path[128];
    vg_conf *conf;
    snprintf(path, sizeof path, "%s/vonggac.ini", k->dir);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs(text, f);
    assert_int_equal(fclose(f), 0);
    assert_int_equal(vg_conf_load(path, &conf, NULL), VG_OK);
    return conf;
}

static void make_certificates(const char *dir)
{
    vg_tls t;
    bool made;
    vg_tls_init(&t);
    assert_int_equal(vg_tls_ensure(&t, NULL, &made, NULL), VG_OK);
    assert_int_equal(vg_tls_write(dir, &t, NULL), VG_OK);
    vg_tls_done(&t);
}

static void faults_are_named(void **state)
{
    (void)state;
    kit *k = kit_open();
    char path[160];
    vg_exam x;
    vg_conf *conf = conf_of(k, "[listen]\nhttp = off\nhttps = nonsense\ndc09 = off\n");
    snprintf(path, sizeof path, "%s/tls", k->dir);
    make_certificates(path);
    look(k, conf, &x);
    assert_string_equal(found(&x, "dir")->state, "ok");
    assert_string_equal(found(&x, "key")->state, "ok");
    assert_string_equal(found(&x, "database")->state, "ok");
    assert_string_equal(found(&x, "certificate")->state, "ok");
    assert_string_equal(found(&x, "port")->state, "wrong");
    check_words(&x);
    assert_int_equal(chmod(k->dir, 0755), 0);
    snprintf(path, sizeof path, "%s/node.key", k->dir);
    assert_int_equal(chmod(path, 0644), 0);
    snprintf(path, sizeof path, "%s/tls/server.pem", k->dir);
    assert_int_equal(unlink(path), 0);
    look(k, conf, &x);
    assert_string_equal(found(&x, "dir")->state, "open");
    assert_int_equal(found(&x, "key")->grade, VG_GRADE_MUST);
    assert_string_equal(found(&x, "certificate")->state, "missing");
    check_words(&x);
    vg_conf_destroy(conf);
    kit_done(k);
}

static void a_taken_port_is_named(void **state)
{
    (void)state;
    kit *k = kit_open();
    char ini[120];
    vg_exam x;
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof a;
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&a, len), 0);
    assert_int_equal(listen(fd, 1), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &len), 0);
    snprintf(ini, sizeof ini, "[listen]\nhttp = 127.0.0.1:%u\nhttps = off\ndc09 = off\n",
             ntohs(a.sin_port));
    vg_conf *conf = conf_of(k, ini);
    look(k, conf, &x);
    assert_string_equal(found(&x, "port")->state, "taken");
    assert_int_equal(found(&x, "port")->grade, VG_GRADE_MUST);
    close(fd);
    look(k, conf, &x);
    assert_string_equal(found(&x, "port")->state, "ok");
    vg_conf_destroy(conf);
    kit_done(k);
}

// What was taken in standalone keeps a node from running federated, and doctor says what to do.
static void secrets_are_not_federated(void **state)
{
    (void)state;
    kit *k = kit_world();
    vg_db *db;
    vg_exam x = {0};
    kit_close(k);
    vg_conf_destroy(conf_of(k, "[node]\nprofile = standalone\n"));
    kit_reopen(k);
    vg_principal *officer = kit_user(k, "a", k->police, "agency_officer", "");
    officer->clearance = 1;
    assert_int_equal(
        kit_try(k, officer, "documents.add",
                "{\"number\":\"1\",\"dated\":\"2026-11-02\",\"subject\":\"x\",\"kind\":"
                "\"plan\",\"compartment\":\"measures\",\"secrecy\":1}"),
        VG_OK);
    kit_close(k);
    kit_reopen(k);
    kit_close(k);
    vg_conf_destroy(conf_of(k, "[node]\nprofile = federated\n"));
    assert_int_equal(vg_core_open(k->dir, &k->core, &k->err), VG_OK);
    assert_int_equal(vg_core_start(k->core, &k->err), VG_ECONFLICT);
    assert_string_equal(k->err.key, "core.profile_secret");
    assert_int_equal(vg_inner_take(k->core, &db, &k->err), VG_OK);
    vg_exam_profile(db, true, &x);
    assert_int_equal(x.n, 0);
    vg_exam_profile(db, false, &x);
    vg_inner_give(k->core, db);
    assert_string_equal(found(&x, "profile")->state, "secret");
    assert_int_equal(found(&x, "profile")->grade, VG_GRADE_MUST);
    check_words(&x);
    vg_core_close(k->core);
    vg_conf_destroy(conf_of(k, "[node]\nprofile = standalone\n"));
    kit_reopen(k);
    kit_done(k);
}

// Keys of all findings that the code can add, so that none shows its key to a person.
static void every_state_has_words(void **state)
{
    (void)state;
    static const struct {
        const char *what, *states;
    } all[] = {{"node", "running stopped"},
               {"dir", "ok missing open owner"},
               {"key", "ok bad"},
               {"database", "ok bad"},
               {"schema", "ok old newer"},
               {"wal", "ok bad"},
               {"disk", "ok bad"},
               {"sync", "ok slow refused"},
               {"certificate", "ok soon ended missing"},
               {"ca", "ok soon ended missing"},
               {"future", "ok bad"},
               {"steps", "ok bad"},
               {"ntp", "ok bad unknown"},
               {"rtc", "ok bad"},
               {"port", "ok taken wrong"},
               {"fonts", "ok missing"},
               {"verify", "ok old never broken"},
               {"backup", "ok old never"},
               {"sources", "ok"},
               {"silent", "ok bad"},
               {"source_clock", "ok bad"},
               {"unproven", "ok bad"},
               {"never", "ok bad"},
               {"waiting", "ok bad"},
               {"link", "ok down"},
               {"profile", "outbound secret"}};
    for (size_t i = 0; i < VG_LEN(all); i++) {
        char states[64], *rest = states;
        snprintf(states, sizeof states, "%s", all[i].states);
        for (char *s; (s = strsep(&rest, " "));) {
            const bool calm = strcmp(s, "ok") == 0 || strcmp(s, "unknown") == 0 ||
                              strcmp(all[i].what, "node") == 0 || strcmp(all[i].what, "fonts") == 0;
            vg_exam x = {0};
            vg_exam_add(&x, all[i].what, s, calm ? VG_GRADE_NOTE : VG_GRADE_MUST, "%s", "7");
            check_words(&x);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(faults_are_named),
        cmocka_unit_test(a_taken_port_is_named),
        cmocka_unit_test(secrets_are_not_federated),
        cmocka_unit_test(every_state_has_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

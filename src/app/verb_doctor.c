// SPDX-License-Identifier: Apache-2.0
// doctor: looks at a data directory and says in words what is wrong and what to do (app/exam.h). Changes nothing
// but for a probe of the disk that it removes. Exit 0 when nothing must be done now, 1 when something must. It sees
// every row: who may read the directory may read all.
#include "app/cli.h"
#include "app/exam.h"
#include "core/control.h"

#include <sys/stat.h>
#include <unistd.h>

static vg_db *open_data(const vg_cli *cli)
{
    char path[440];
    vg_db *db;
    const vg_module *m;
    snprintf(path, sizeof path, "%s/vonggac.db", cli->data);
    if (access(path, R_OK) != 0 || vg_db_open(path, VG_DB_READER, &db, NULL) != VG_OK) {
        return NULL;
    }
    for (size_t i = 0; (m = vg_module_at(i)); i++) {
        if (vg_db_views(db, m->tables, NULL) != VG_OK) {
            break;  // an old schema lacks tables: what needs them is left out, the schema is named
        }
    }
    vg_db_see_all(db);
    return db;
}

static void print(const vg_cli *cli, const vg_exam *x)
{
    static const char *const mark[] = {" ok ", " .. ", "[ !]", "[!!]"};
    for (size_t i = 0; i < x->n; i++) {
        const vg_finding *f = &x->v[i];
        vg_buf text, remedy;
        vg_buf_init(&text, 4096);
        vg_buf_init(&remedy, 4096);
        vg_finding_text(f, cli->lang, &text);
        vg_finding_remedy(f, cli->lang, &remedy);
        printf("%s %s\n", mark[f->grade], vg_buf_z(&text));
        if (remedy.n) {
            printf("       → %s\n", vg_buf_z(&remedy));
        }
        vg_buf_done(&text);
        vg_buf_done(&remedy);
    }
}

static vg_status look(const vg_cli *cli, vg_exam *x, vg_err *err)
{
    char path[440];
    vg_conf *conf;
    snprintf(path, sizeof path, "%s/vonggac.ini", cli->data);
    VG_TRY(vg_conf_load(path, &conf, err));
    vg_exam_of of = {.dir = cli->data,
                     .conf = conf,
                     .running = vg_control_alive(cli->data),
                     .db = open_data(cli)};
    vg_exam_all(&of, x);
    if (of.db) {
        vg_exam_schema(of.db, x);
        vg_exam_profile(
            of.db, strcmp(vg_conf_get(conf, "node.profile", "federated"), "standalone") == 0, x);
    }
    vg_db_close(of.db);
    vg_conf_destroy(conf);
    return VG_OK;
}

static vg_status run(const vg_cli *cli, vg_err *err)
{
    struct stat st;
    vg_exam x = {0};
    VG_TRY(vg_cli_need_data(cli, err));
    if (stat(cli->data, &st) != 0 || !S_ISDIR(st.st_mode)) {
        return vg_fail(err, VG_ENOTFOUND, "data", "err.no_data", "%s", cli->data);
    }
    VG_TRY(look(cli, &x, err));
    if (cli->json) {
        vg_buf b;
        vg_buf_init(&b, 1 << 18);
        vg_jw w = vg_jw_on(&b);
        vg_exam_json(&x, cli->lang, &w);
        vg_say_json(&b);
        vg_buf_done(&b);
    } else {
        print(cli, &x);
    }
    const size_t bad = vg_exam_count(&x, VG_GRADE_MUST);
    return bad ? vg_fail(err, VG_EUNAVAIL, "", "doctor.summary", "%zu", bad) : VG_OK;
}

const vg_verb vg_verb_doctor = {"doctor", NULL, NULL, run};

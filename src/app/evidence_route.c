// SPDX-License-Identifier: Apache-2.0
// Making a bundle may wait a second for a seal, so it has a thread of its own, one at a time. The file is journaled
// before a byte of it goes out, and has no name in the data directory by then.
#include "app/evidence_route.h"

#include "app/flight.h"
#include "base/json.h"
#include "base/log.h"
#include "base/text.h"
#include "domain/evidence/evidence.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

enum { BODY_MAX = 4096 };
#define BEGINS "evidence-"
#define ENDS ".tmp"

struct evidence_route {
    vg_core *core;
    atomic_bool busy;
};

typedef struct flight {
    app_flight of;
    evidence_route *route;
    vg_principal who;
    char incident[VG_ID_TEXT], reason[4 * EVIDENCE_REASON + 1];
} flight;

static vg_status note(const flight *f, const evidence_ask *ask, const evidence_made *made,
                      vg_err *err)
{
    vg_buf args;
    vg_buf_init(&args, 16384);
    evidence_note(ask, made, &args);
    vg_command_call call = {
        .name = "evidence.note", .args = vg_buf_str(&args), .who = &f->who, .id = vg_cmd_random()};
    vg_core_run(f->route->core, &call);
    *err = call.err;
    vg_buf_done(&call.reply);
    vg_buf_done(&args);
    return call.st;
}

static vg_status make(flight *f, const char *path, evidence_made *made, int *ret_fd, vg_err *err)
{
    evidence_from from;
    const evidence_ask ask = {.incident = f->incident, .reason = *f->reason ? f->reason : NULL};
    VG_TRY(evidence_from_core(f->route->core, &f->who, &from, err));
    vg_status s = evidence_make(&from, &ask, path, made, err);
    evidence_from_done(&from);
    VG_TRY(s);
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    (void)unlink(path);
    s = fd >= 0 ? note(f, &ask, made, err) : vg_fail(err, VG_EIO, "", NULL, "%s", "open");
    if (s != VG_OK && fd >= 0) {
        close(fd);
        return s;
    }
    *ret_fd = fd;
    return s;
}

static void answer(app_flight *of)
{
    flight *f = (flight *)of;
    char path[480], id[VG_ID_TEXT], name[160];
    evidence_made made;
    vg_err err = {0};
    int fd = -1;
    vg_id_random(id);
    snprintf(path, sizeof path, "%s/" BEGINS "%s" ENDS, vg_core_dir(f->route->core), id);
    if (make(f, path, &made, &fd, &err) != VG_OK) {
        vg_log(VG_WARN, "evidence.failed", "key=%s detail=%s", err.key ? err.key : "", err.detail);
        vg_http_problem(&of->call, &err);
        return;
    }
    snprintf(name, sizeof name, "chung-cu-%s.zip", made.number);
    vg_http_send_file(&of->call, fd, "application/zip", name);
}

static void done(app_flight *of)
{
    vg_principal_done(&((flight *)of)->who);
}

static vg_status read_reason(vg_str body, vg_arena *a, char out[4 * EVIDENCE_REASON + 1],
                             vg_err *err)
{
    json_t *o;
    vg_str text = {"", 0};
    *out = 0;
    if (!body.n) {
        return VG_OK;
    }
    VG_TRY(vg_json_parse(body, BODY_MAX, &o, err));
    const json_t *v = json_object_get(o, "reason");
    vg_status s =
        v && !json_is_string(v)
            ? vg_fail(err, VG_EINVALID, "reason", NULL, "%s", "")
            : vg_nfc(a, (vg_str){json_string_value(v), json_string_length(v)}, &text, err);
    if (s == VG_OK && vg_utf8_count(text) > EVIDENCE_REASON) {
        s = vg_fail(err, VG_ETOOBIG, "reason", "err.field_long", "%d", EVIDENCE_REASON);
    }
    if (s == VG_OK) {
        snprintf(out, 4 * EVIDENCE_REASON + 1, "%.*s", VG_FMT(text));
    }
    json_decref(o);
    return s;
}

static vg_status take_off(evidence_route *r, const vg_http_raw_call *call, const char *incident,
                          const char *reason, vg_err *err)
{
    flight *f = vg_alloc(sizeof *f);
    *f = (flight){.of = {.call = *call, .answer = answer, .done = done, .busy = &r->busy},
                  .route = r,
                  .who = *call->who};
    f->who.scope_bits = NULL;  // the cache is the session's
    f->who.scope_labels = 0;
    f->who.scope_until_us = 0;
    snprintf(f->incident, sizeof f->incident, "%s", incident);
    snprintf(f->reason, sizeof f->reason, "%s", reason);
    return app_take_off(&f->of, "evidence.busy", err);
}

static void handle(void *ctx, vg_http_raw_call *call)
{
    evidence_route *r = ctx;
    vg_err err = {0};
    char incident[VG_ID_TEXT], reason[4 * EVIDENCE_REASON + 1];
    snprintf(incident, sizeof incident, "%.*s", VG_FMT(call->param[0]));
    vg_status s = evidence_may(r->core, call->who, &(evidence_ask){.incident = incident}, &err);
    if (s == VG_OK) {
        s = read_reason(call->rq->body, call->rq->arena, reason, &err);
    }
    if (s == VG_OK) {
        s = take_off(r, call, incident, reason, &err);
    }
    if (s != VG_OK) {
        vg_http_problem(call, &err);
    }
}

// What a crash cut off.
static void remove_unfinished(const char *dir)
{
    char path[480 + 256];
    DIR *d = opendir(dir);
    for (const struct dirent *e; d && (e = readdir(d));) {
        const size_t n = strlen(e->d_name), end = strlen(ENDS);
        if (strncmp(e->d_name, BEGINS, strlen(BEGINS)) == 0 && n > end &&
            strcmp(e->d_name + n - end, ENDS) == 0) {
            snprintf(path, sizeof path, "%s/%s", dir, e->d_name);
            unlink(path);
        }
    }
    if (d) {
        closedir(d);
    }
}

evidence_route *evidence_route_create(vg_core *core)
{
    remove_unfinished(vg_core_dir(core));
    evidence_route *r = vg_alloc(sizeof *r);
    r->core = core;
    return r;
}

void evidence_route_destroy(evidence_route *r)
{
    free(r);
}

vg_http_raw evidence_raw(evidence_route *r)
{
    return (vg_http_raw){"POST /api/v1/incidents/{id}/evidence", "evidence.make_own", BODY_MAX,
                         handle, r};
}

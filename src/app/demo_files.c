// SPDX-License-Identifier: Apache-2.0
// The two files that make a demonstration usable: DATA/demo-logins.txt for people (login, pass phrase, role, in
// columns) and DATA/demo-devices.json for the simulator (addresses, keys, points). Both hold secrets: mode 0600,
// never overwritten. Nothing reads them but the person at the node and `vonggac simulate`.
#include "app/demo_impl.h"

#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

// --- what is kept of each command -----------------------------------------------------------------
static const char *text_of(const json_t *args, const char *key)
{
    const char *s = json_string_value(json_object_get(args, key));
    return s ? s : "";
}

static void copy(json_t *to, const char *as, const json_t *from, const char *key)
{
    json_t *v = json_object_get(from, key);
    if (v) {
        json_object_set(to, as, v);
    }
}

static void note_site(demo *d, const demo_step *s)
{
    json_object_set(d->sites, s->id, json_object_get(s->args, "code"));
}

static void note_source(demo *d, const demo_step *s)
{
    static const char *const FROM_SIM[] = {"role", "transport", "keep", "poll_s", "form"};
    json_t *dev = json_object();
    json_object_set_new(dev, "name", json_string(s->as));
    json_object_set_new(dev, "id", json_string(s->id));
    copy(dev, "title", s->args, "name");
    copy(dev, "site", d->sites, text_of(s->args, "site"));
    copy(dev, "proto", s->args, "proto");
    copy(dev, "address", s->args, "address");
    copy(dev, "key", s->args, "key");
    for (size_t i = 0; i < VG_LEN(FROM_SIM); i++) {
        copy(dev, FROM_SIM[i], s->sim, FROM_SIM[i]);
    }
    json_object_set_new(dev, "points", json_array());
    json_array_append_new(d->devices, dev);
}

static void note_point(demo *d, const demo_step *s)
{
    size_t i;
    json_t *dev;
    json_array_foreach(d->devices, i, dev)
    {
        if (strcmp(text_of(dev, "id"), text_of(s->args, "id")) == 0) {
            json_t *p = json_object();
            copy(p, "number", s->args, "point");
            copy(p, "kind", s->args, "kind");
            copy(p, "text", s->sim, "text");
            json_array_append_new(json_object_get(dev, "points"), p);
        }
    }
}

static void note_user(demo *d, const demo_step *s)
{
    json_t *u = json_object();
    copy(u, "login", s->args, "login");
    copy(u, "password", s->args, "password");
    copy(u, "name", s->args, "name");
    copy(u, "role", s->args, "role");
    copy(u, "site", d->sites, text_of(s->args, "site"));
    json_array_append_new(d->logins, u);
}

void demo_note(demo *d, const demo_step *s)
{
    static const struct {
        const char *run;
        void (*note)(demo *d, const demo_step *s);
    } NOTES[] = {{"sites.site_add", note_site},
                 {"sites.source_add", note_source},
                 {"sites.point_add", note_point},
                 {"accounts.user_add", note_user}};
    for (size_t i = 0; i < VG_LEN(NOTES); i++) {
        if (strcmp(NOTES[i].run, s->run) == 0) {
            NOTES[i].note(d, s);
        }
    }
}

// --- writing --------------------------------------------------------------------------------------
static vg_status write_secret(const char *dir, const char *name, vg_str text, vg_err *err)
{
    char path[440];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    const int fd = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
    const bool ok = fd >= 0 && write(fd, text.p, text.n) == (ssize_t)text.n && fsync(fd) == 0;
    const int why = errno;
    if (fd >= 0) {
        close(fd);
    }
    return ok ? VG_OK : vg_fail(err, VG_EIO, "data", NULL, "%s: %s", path, strerror(why));
}

static void column(vg_buf *b, const char *text, size_t width)
{
    vg_buf_c(b, text);
    for (size_t n = vg_utf8_count(vg_str_c(text)); n < width; n++) {
        vg_buf_ch(b, ' ');
    }
}

static void login_line(vg_buf *b, const json_t *u)
{
    char key[48];
    snprintf(key, sizeof key, "simulate.role.%s", text_of(u, "role"));
    column(b, text_of(u, "login"), 16);
    column(b, text_of(u, "password"), 34);
    vg_buf_c(b, vg_tr(VG_VI, key));
    if (*text_of(u, "site")) {
        vg_buf_f(b, " (%s)", text_of(u, "site"));
    }
    vg_buf_f(b, ": %s\n", text_of(u, "name"));
}

static vg_status write_logins(const demo *d, const char *dir, vg_err *err)
{
    size_t i;
    json_t *u;
    vg_buf b;
    vg_buf_init(&b, 65536);
    column(&b, vg_tr(VG_VI, "simulate.logins.login"), 16);
    column(&b, vg_tr(VG_VI, "simulate.logins.password"), 34);
    vg_buf_f(&b, "%s\n", vg_tr(VG_VI, "simulate.logins.role"));
    json_array_foreach(d->logins, i, u)
    {
        login_line(&b, u);
    }
    const vg_status st = write_secret(dir, "demo-logins.txt", vg_buf_str(&b), err);
    vg_buf_done(&b);
    return st;
}

vg_status demo_write_files(const demo *d, const char *dir, vg_err *err)
{
    VG_TRY(write_logins(d, dir, err));
    json_t *all = json_pack("{s:O}", "devices", d->devices);
    char *text = json_dumps(all, JSON_INDENT(1));
    const vg_status st = write_secret(dir, "demo-devices.json", vg_str_c(text), err);
    free(text);
    json_decref(all);
    return st;
}

// SPDX-License-Identifier: Apache-2.0
// One thread, one caller at a time: these are a person's commands, a few a day. The peer's credentials are
// checked by the kernel's word; the actor in the journal is "local".
#include "core/control.h"

#include "base/log.h"
#include "core/core_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { LINE_MAX_BYTES = 4 << 20, CALL_TIMEOUT_S = 30 };

typedef struct vg_control vg_control;

struct vg_control {
    vg_core *core;
    int fd;
    pthread_t thread;
    char path[108];
};

static vg_status address(const char *dir, struct sockaddr_un *a, vg_err *err)
{
    *a = (struct sockaddr_un){.sun_family = AF_UNIX};
    const int n = snprintf(a->sun_path, sizeof a->sun_path, "%s/control.sock", dir);
    return n < (int)sizeof a->sun_path
               ? VG_OK
               : vg_fail(err, VG_EINVALID, "data", "err.path_long", "%s", dir);
}

static bool read_line(int fd, vg_buf *b)
{
    const struct timeval tv = {CALL_TIMEOUT_S, 0};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof tv);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof tv);
    char tmp[4096];
    for (;;) {
        const ssize_t n = read(fd, tmp, sizeof tmp);
        if (n <= 0) {
            return false;
        }
        vg_buf_add(b, tmp, (size_t)n);
        if (b->failed) {
            return false;
        }
        if (tmp[n - 1] == '\n') {
            b->n--;
            return true;
        }
    }
}

static bool write_all(int fd, vg_str s)
{
    while (s.n) {
        const ssize_t n = send(fd, s.p, s.n, MSG_NOSIGNAL);
        if (n <= 0) {
            return false;
        }
        s.p += n;
        s.n -= (size_t)n;
    }
    return true;
}

static void answer(vg_command_call *call, vg_buf *out)
{
    vg_jw w = vg_jw_on(out);
    vg_jw_open(&w, '{');
    vg_jw_kz(&w, "status", vg_status_name(call->st));
    if (call->st == VG_OK) {
        vg_jw_kraw(&w, "reply", vg_buf_str(&call->reply));
    } else {
        vg_jw_kz(&w, "key", call->err.key);
        vg_jw_kz(&w, "field", call->err.field);
        vg_jw_kz(&w, "detail", call->err.detail);
    }
    vg_jw_close(&w, '}');
    vg_buf_ch(out, '\n');
}

static void run_line(vg_core *c, vg_str line, vg_buf *out)
{
    static const vg_principal local = {
        .kind = VG_P_LOCAL, .name = "local", .clearance = VG_S_TUYET_MAT};
    vg_command_call call = {.who = &local, .id = vg_cmd_random(), .args = VG_S("{}")};
    json_t *tree = NULL;
    call.st = vg_json_parse(line, LINE_MAX_BYTES, &tree, &call.err);
    const char *name = tree ? json_string_value(json_object_get(tree, "run")) : NULL;
    const char *key = tree ? json_string_value(json_object_get(tree, "idempotency_key")) : NULL;
    if (name && key) {
        call.id = vg_cmd_derive("control", vg_str_c(name), vg_str_c(key));
    }
    char *args = name ? json_dumps(json_object_get(tree, "args"), JSON_COMPACT) : NULL;
    if (call.st == VG_OK && name) {
        call.name = name;
        call.args = args ? vg_str_c(args) : VG_S("{}");
        vg_core_run(c, &call);
    } else if (call.st == VG_OK) {
        call.st = vg_fail(&call.err, VG_EINVALID, "run", "err.field_missing", "run");
    }
    answer(&call, out);
    vg_buf_done(&call.reply);
    free(args);
    json_decref(tree);
}

static bool trusted(int fd)
{
    struct ucred cred;
    socklen_t n = sizeof cred;
    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &n) == 0 &&
           (cred.uid == 0 || cred.uid == getuid());
}

static void serve_one(vg_control *k, int fd)
{
    vg_buf in, out;
    vg_buf_init(&in, LINE_MAX_BYTES);
    vg_buf_init(&out, 16 << 20);
    if (trusted(fd) && read_line(fd, &in)) {
        run_line(k->core, vg_buf_str(&in), &out);
        (void)write_all(fd, vg_buf_str(&out));
    }
    vg_buf_done(&in);
    vg_buf_done(&out);
    close(fd);
}

static void *control_main(void *arg)
{
    vg_control *k = arg;
    while (!k->core->stopping) {
        struct pollfd p = {.fd = k->fd, .events = POLLIN};
        if (poll(&p, 1, 100) > 0) {
            const int fd = accept4(k->fd, NULL, NULL, SOCK_CLOEXEC);
            if (fd >= 0) {
                serve_one(k, fd);
            }
        }
    }
    return NULL;
}

vg_status vg_control_start(vg_core *c, vg_err *err)
{
    struct sockaddr_un a;
    VG_TRY(address(c->dir, &a, err));
    vg_control *k = vg_alloc(sizeof *k);
    k->core = c;
    snprintf(k->path, sizeof k->path, "%s", a.sun_path);
    unlink(k->path);  // we hold the data lock: a socket here is a dead one's
    k->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (k->fd < 0 || bind(k->fd, (struct sockaddr *)&a, sizeof a) != 0 ||
        chmod(k->path, 0600) != 0 || listen(k->fd, 8) != 0) {
        const vg_status s = vg_fail(err, VG_EIO, "data", NULL, "%s: %s", k->path, strerror(errno));
        if (k->fd >= 0) {
            close(k->fd);
        }
        free(k);
        return s;
    }
    const int e = pthread_create(&k->thread, NULL, control_main, k);
    if (e) {
        close(k->fd);
        free(k);
        return vg_fail(err, VG_EINTERNAL, "", NULL, "thread: %s", strerror(e));
    }
    c->control = k;
    return VG_OK;
}

void vg_control_stop(vg_core *c)
{
    vg_control *k = c->control;
    if (k) {
        pthread_join(k->thread, NULL);
        close(k->fd);
        unlink(k->path);
        free(k);
        c->control = NULL;
    }
}

// --- client -------------------------------------------------------------------------------------
static int dial(const char *dir)
{
    struct sockaddr_un a;
    if (address(dir, &a, NULL) != VG_OK) {
        return -1;
    }
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&a, sizeof a) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

bool vg_control_alive(const char *dir)
{
    const int fd = dial(dir);
    if (fd >= 0) {
        close(fd);
    }
    return fd >= 0;
}

static vg_status status_by_name(const char *name)
{
    for (int s = VG_OK; s <= VG_EFULL; s++) {
        if (name && strcmp(name, vg_status_name((vg_status)s)) == 0) {
            return (vg_status)s;
        }
    }
    return VG_EINTERNAL;
}

static vg_status read_answer(vg_str line, vg_buf *reply, vg_err *err)
{
    json_t *t;
    VG_TRY(vg_json_parse(line, 16 << 20, &t, err));
    const vg_status s = status_by_name(json_string_value(json_object_get(t, "status")));
    if (s == VG_OK) {
        char *text = json_dumps(json_object_get(t, "reply"), JSON_COMPACT);
        vg_buf_c(reply, text ? text : "{}");
        free(text);
    } else if (err) {
        const char *key = json_string_value(json_object_get(t, "key"));
        const char *field = json_string_value(json_object_get(t, "field"));
        const char *detail = json_string_value(json_object_get(t, "detail"));
        (void)vg_fail(err, s, field, vg_tr_known(key), "%s", detail ? detail : "");
    }
    json_decref(t);
    return s;
}

static vg_status run_remote(int fd, const char *command, vg_str args, vg_buf *reply, vg_err *err)
{
    vg_buf b;
    vg_buf_init(&b, 16 << 20);
    vg_jw w = vg_jw_on(&b);
    vg_jw_open(&w, '{');
    vg_jw_kz(&w, "run", command);
    vg_jw_kraw(&w, "args", args);
    vg_jw_close(&w, '}');
    vg_buf_ch(&b, '\n');
    bool ok = write_all(fd, vg_buf_str(&b));
    vg_buf_reset(&b);
    ok = ok && read_line(fd, &b);
    const vg_status s = ok ? read_answer(vg_buf_str(&b), reply, err)
                           : vg_fail(err, VG_EUNAVAIL, "data", "err.node_no_answer", "%s", command);
    vg_buf_done(&b);
    return s;
}

static vg_status run_here(const char *dir, const char *command, vg_str args, vg_buf *reply,
                          vg_err *err)
{
    static const vg_principal local = {
        .kind = VG_P_LOCAL, .name = "local", .clearance = VG_S_TUYET_MAT};
    vg_core *c;
    VG_TRY(vg_core_open(dir, &c, err));
    vg_command_call call = {.name = command, .args = args, .who = &local, .id = vg_cmd_random()};
    vg_status s = vg_scribe_start(c, err);
    if (s == VG_OK) {
        vg_core_run(c, &call);
        s = call.st;
        if (s == VG_OK) {
            vg_buf_s(reply, vg_buf_str(&call.reply));
        } else if (err) {
            *err = call.err;
        }
        vg_buf_done(&call.reply);
    }
    vg_core_close(c);
    return s;
}

vg_status vg_control_run(const char *dir, const char *command, vg_str args, vg_buf *reply,
                         vg_err *err)
{
    const int fd = dial(dir);
    if (fd < 0) {
        return run_here(dir, command, args, reply, err);
    }
    const vg_status s = run_remote(fd, command, args, reply, err);
    close(fd);
    return s;
}

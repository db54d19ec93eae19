// SPDX-License-Identifier: Apache-2.0
// The machine around the node: whether somebody keeps its clock, whether its ports are free (only while no node runs,
// which holds them itself), whether the fonts for documents are there. What cannot be found out (a container without
// an RTC, a service that may not ask the kernel) is said as a note, never as a fault.
#include "app/exam.h"
#include "base/clock.h"
#include "net/addr.h"

#include <sys/socket.h>
#include <sys/timex.h>
#include <unistd.h>

enum { RTC_DRIFT_S = 60 };

static void look_kept(vg_exam *x)
{
    struct timex t = {.modes = 0};
    const int state = adjtimex(&t);
    if (access("/run/systemd/timesync/synchronized", F_OK) == 0) {
        vg_exam_add(x, "ntp", "ok", VG_GRADE_FINE, "%s", "");
    } else if (state < 0) {
        vg_exam_add(x, "ntp", "unknown", VG_GRADE_NOTE, "%s", "");
    } else {
        const bool kept = !(t.status & STA_UNSYNC);
        vg_exam_add(x, "ntp", kept ? "ok" : "bad", kept ? VG_GRADE_FINE : VG_GRADE_SOON, "%s", "");
    }
}

static void look_rtc(vg_exam *x)
{
    char text[32] = "";
    int64_t s = 0;
    FILE *f = fopen("/sys/class/rtc/rtc0/since_epoch", "re");
    const size_t n = f ? fread(text, 1, sizeof text - 1, f) : 0;
    if (f) {
        fclose(f);
    }
    if (!n || vg_str_i64(vg_str_trim((vg_str){text, n}), 0, INT64_MAX / 2, &s, NULL) != VG_OK) {
        return;
    }
    const int64_t drift = vg_now_us() / VG_SECOND_US - s;
    const bool off = drift > RTC_DRIFT_S || drift < -RTC_DRIFT_S;
    vg_exam_add(x, "rtc", off ? "bad" : "ok", off ? VG_GRADE_SOON : VG_GRADE_FINE, "%lld",
                (long long)drift);
}

static bool can_bind(const vg_addr *a, int type)
{
    const int one = 1, fd = socket(a->u.sa.sa_family, type | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return true;  // no such family here: the listener will say so itself
    }
    if (type == SOCK_STREAM) {
        (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    }
    const bool ok = bind(fd, &a->u.sa, a->len) == 0;
    close(fd);
    return ok;
}

static void look_port(const vg_exam_of *of, const char *key, const char *missing, vg_exam *x)
{
    vg_addr a;
    const char *at = vg_conf_get(of->conf, key, missing);
    if (strcmp(at, "off") == 0) {
        return;
    }
    if (vg_addr_parse(vg_str_c(at), &a, NULL) != VG_OK) {
        vg_exam_add(x, "port", "wrong", VG_GRADE_MUST, "%s = %s", key, at);
        return;
    }
    const bool ok = vg_addr_port(&a) == 0 || can_bind(&a, SOCK_STREAM);
    vg_exam_add(x, "port", ok ? "ok" : "taken", ok ? VG_GRADE_FINE : VG_GRADE_MUST, "%s", at);
}

static void look_ports(const vg_exam_of *of, vg_exam *x)
{
    static const struct {
        const char *key, *missing;
    } ports[] = {{"listen.http", "127.0.0.1:8080"},
                 {"listen.https", "127.0.0.1:8443"},
                 {"listen.dc09", "127.0.0.1:9009"}};
    for (size_t i = 0; !of->running && i < VG_LEN(ports); i++) {
        look_port(of, ports[i].key, ports[i].missing, x);
    }
}

// Documents are set in these; without them the marks of Vietnamese are boxes on paper.
static void look_fonts(vg_exam *x)
{
    static const char *const fonts[] = {
        "/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf",
        "/usr/share/fonts/truetype/liberation/LiberationSerif-Regular.ttf",
        "/usr/share/fonts/truetype/liberation2/LiberationSerif-Regular.ttf"};
    for (size_t i = 0; i < VG_LEN(fonts); i++) {
        if (access(fonts[i], R_OK) == 0) {
            vg_exam_add(x, "fonts", "ok", VG_GRADE_FINE, "%s", "");
            return;
        }
    }
    vg_exam_add(x, "fonts", "missing", VG_GRADE_NOTE, "%s", "fonts-noto-core");
}

void vg_exam_host(const vg_exam_of *of, vg_exam *x)
{
    look_kept(x);
    look_rtc(x);
    look_ports(of, x);
    look_fonts(x);
}

void vg_exam_all(const vg_exam_of *of, vg_exam *x)
{
    const char *profile = vg_conf_get(of->conf, "node.profile", "federated");
    vg_exam_add(x, "node", of->running ? "running" : "stopped", VG_GRADE_NOTE, "%s", VG_VERSION);
    vg_exam_files(of, x);
    vg_exam_host(of, x);
    if (of->db) {
        vg_exam_data(of->db, strcmp(profile, "standalone") == 0, vg_now_us(), x);
    }
}

// --- GET /api/v1/health ---------------------------------------------------------------------------
static void get_health(void *ctx, vg_http_raw_call *call)
{
    vg_exam x = {0};
    vg_err err = {0};
    vg_exam_of of = {
        .dir = vg_core_dir(ctx), .conf = vg_core_conf(ctx), .core = ctx, .running = true};
    if (vg_reader_take(ctx, call->who, &of.db, &err) != VG_OK) {
        vg_http_problem(call, &err);
        return;
    }
    vg_exam_all(&of, &x);
    vg_reader_give(ctx, of.db);
    vg_buf_init(&call->rq->reply.body, 1 << 18);
    vg_jw w = vg_jw_on(&call->rq->reply.body);
    vg_exam_json(&x, call->lang, &w);
    call->rq->reply.type = "application/json";
    vg_http_set(call->rq, "Cache-Control", "no-store");
}

vg_http_raw vg_health_route(vg_core *core)
{
    return (vg_http_raw){"GET /api/v1/health", "node.metrics", 0, get_health, core};
}

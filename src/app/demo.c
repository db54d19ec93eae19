// SPDX-License-Identifier: Apache-2.0
// Fills a fresh data directory with the invented province by running commands, as people would: no table is
// written directly, so what the demonstration shows is what the commands can make. demo/*.jsonl have one
// command a line: {"as":"$bank","run":"sites.site_add","args":{…}}. In the texts of args "$bank" stands for the
// id an earlier line gave, "@bank.svg" for a built-in file, "!random16", "!random32" and "!passphrase" for
// secrets drawn anew at every init. "sim" is for the simulator and is not part of the command.
//
// Secrets are collected on the way into two files of the data directory, readable by its owner only (demo_files.c).
// They exist because a demonstration must be entered and played; a real node has nothing of the kind.
#include "app/demo_impl.h"

#include "app/passphrase.h"
#include "base/clock.h"
#include "base/embed.h"
#include "base/log.h"
#include "core/core.h"
#include "domain/coord/coord.h"
#include "domain/day.h"

#include <sodium.h>

enum { LINE_MAX_BYTES = 64 << 10, ARGS_MAX_BYTES = 1 << 20, DEPTH_MAX = 8 };

extern const vg_embedded vg_demo_files[];

const vg_embedded *demo_file(const char *name)
{
    for (const vg_embedded *f = vg_demo_files; f->name; f++) {
        if (strcmp(f->name, name) == 0) {
            return f;
        }
    }
    return NULL;
}

// --- macros -------------------------------------------------------------------------------------
static json_t *random_hex(size_t n)
{
    unsigned char raw[32];
    char hex[2 * sizeof raw + 1];
    randombytes_buf(raw, sizeof raw);
    vg_hex(raw, n, hex);
    sodium_memzero(raw, sizeof raw);
    return json_string(hex);
}

static json_t *random16(void)
{
    return random_hex(16);
}

static json_t *random32(void)
{
    return random_hex(32);
}

static json_t *passphrase(void)
{
    char text[VG_PASSPHRASE];
    vg_passphrase(5, text);
    return json_string(text);
}

// "!day-30": the day thirty days ago, so that what is due stays due; "!time+30": the moment thirty days ahead.
static const char DAY[] = "!day-", TIME[] = "!time";

static json_t *day_before(const char *days)
{
    int64_t n = 0;
    char text[VG_DAY_TEXT];
    if (vg_str_i64(vg_str_c(days), 0, 10000, &n, NULL) != VG_OK) {
        return NULL;
    }
    vg_day_text(vg_day_of(vg_now_us()) - (int)n, text);
    return json_string(text);
}

static json_t *time_from_now(const char *days)
{
    char text[VG_TIME_TEXT];
    char *end;
    const long n = strtol(days, &end, 10);
    if (*end || n < -10000 || n > 10000) {
        return NULL;
    }
    vg_time_rfc3339(vg_now_us() + n * 86400 * VG_SECOND_US, text);
    return json_string(text);
}

static vg_status expand_text(const demo *d, const char *text, json_t **ret, vg_err *err)
{
    static const struct {
        const char *name;
        json_t *(*make)(void);
    } MACROS[] = {{"!random16", random16}, {"!random32", random32}, {"!passphrase", passphrase}};
    *ret = NULL;
    if (text[0] == '$') {
        *ret = json_incref(json_object_get(d->ids, text));
    } else if (text[0] == '@') {
        const vg_embedded *f = demo_file(text + 1);
        *ret = f ? json_stringn((const char *)f->data, f->size) : NULL;
    }
    if (strncmp(text, DAY, sizeof DAY - 1) == 0) {
        *ret = day_before(text + sizeof DAY - 1);
    } else if (strncmp(text, TIME, sizeof TIME - 1) == 0) {
        *ret = time_from_now(text + sizeof TIME - 1);
    }
    for (size_t i = 0; text[0] == '!' && i < VG_LEN(MACROS); i++) {
        *ret = strcmp(MACROS[i].name, text) == 0 ? MACROS[i].make() : *ret;
    }
    return *ret ? VG_OK : vg_fail(err, VG_EINVALID, "demo", "simulate.demo_name", "%s", text);
}

static vg_status expand(const demo *d, json_t *tree, int depth, vg_err *err);

// What stands for a value: itself, its macro's text, or its inside expanded in place. *ret NULL: itself.
static vg_status expand_value(const demo *d, json_t *value, int depth, json_t **ret, vg_err *err)
{
    const char *text = json_string_value(value);
    *ret = NULL;
    if (text && text[0] && strchr("$@!", text[0])) {
        return expand_text(d, text, ret, err);
    }
    return text || depth == DEPTH_MAX ? VG_OK : expand(d, value, depth + 1, err);
}

static vg_status expand(const demo *d, json_t *tree, int depth, vg_err *err)
{
    const char *key;
    size_t i;
    json_t *value, *now;
    void *next;
    json_object_foreach_safe(tree, next, key, value)
    {
        VG_TRY(expand_value(d, value, depth, &now, err));
        if (now) {
            json_object_set_new(tree, key, now);
        }
    }
    json_array_foreach(tree, i, value)
    {
        VG_TRY(expand_value(d, value, depth, &now, err));
        if (now) {
            json_array_set_new(tree, i, now);
        }
    }
    return VG_OK;
}

// --- commands -----------------------------------------------------------------------------------
static vg_status run(demo *d, const char *name, const json_t *args, char ret_id[VG_ID_TEXT],
                     vg_err *err)
{
    static const vg_principal local = {
        .kind = VG_P_LOCAL, .name = "demo", .clearance = VG_S_TUYET_MAT};
    char *text = json_dumps(args, JSON_COMPACT);
    vg_command_call call = {
        .name = name, .args = vg_str_c(text), .who = &local, .id = vg_cmd_random()};
    vg_core_run(d->core, &call);
    const vg_status st = call.st;
    ret_id[0] = 0;
    if (st == VG_OK) {
        vg_str raw;
        if (vg_js_find(vg_buf_str(&call.reply), "id", &raw) && raw.n == VG_ID_TEXT + 1) {
            snprintf(ret_id, VG_ID_TEXT, "%.*s", (int)raw.n - 2, raw.p + 1);
        }
    } else if (err) {
        *err = call.err;
    }
    sodium_memzero(text, strlen(text));
    free(text);
    vg_buf_done(&call.reply);
    return st;
}

// "of" instead of "run": the copy of a regulation that a party was handed.
static vg_status find_copy(const demo *d, const json_t *line, const char *as, vg_err *err)
{
    vg_db *db;
    char id[VG_ID_TEXT] = "";
    const char *of = json_string_value(json_object_get(line, "of"));
    const char *agency = json_string_value(json_object_get(line, "agency"));
    VG_TRY(vg_inner_take(d->core, &db, err));
    const vg_status st =
        coord_copy_for(db, json_string_value(json_object_get(d->ids, of)),
                       json_string_value(json_object_get(d->ids, agency)), id, err);
    vg_inner_give(d->core, db);
    json_object_set_new(d->ids, as, json_string(id));
    return st;
}

static vg_status run_line(demo *d, json_t *line, vg_err *err)
{
    char id[VG_ID_TEXT];
    const char *name = json_string_value(json_object_get(line, "run"));
    const char *as = json_string_value(json_object_get(line, "as"));
    json_t *args = json_object_get(line, "args");
    if (as && json_object_get(line, "of")) {
        return find_copy(d, line, as, err);
    }
    if (!name || !json_is_object(args)) {
        return vg_fail(err, VG_EINVALID, "demo", "simulate.demo_line", "%s", name ? name : "");
    }
    if (as && json_object_get(d->ids, as)) {
        return vg_fail(err, VG_ECONFLICT, "demo", "simulate.demo_twice", "%s", as);
    }
    VG_TRY(expand(d, args, 0, err));
    VG_TRY(run(d, name, args, id, err));
    if (as) {
        json_object_set_new(d->ids, as, json_string(id));
    }
    demo_note(d, &(demo_step){name, as ? as + 1 : "", id, args, json_object_get(line, "sim")});
    return VG_OK;
}

vg_status demo_each_line(const char *file, vg_status (*fn)(void *ctx, json_t *line, vg_err *err),
                         void *ctx, vg_err *err)
{
    const vg_embedded *f = demo_file(file);
    vg_str rest = {f ? (const char *)f->data : "", f ? f->size : 0};
    if (rest.n == 0) {
        return vg_fail(err, VG_ENOTFOUND, "demo", NULL, "%s", file);
    }
    for (int number = 1; rest.n; number++) {
        const char *end = memchr(rest.p, '\n', rest.n);
        const vg_str text = {rest.p, end ? (size_t)(end - rest.p) : rest.n};
        rest = (vg_str){text.p + text.n + (end != NULL), rest.n - text.n - (end != NULL)};
        json_t *line = NULL;
        vg_status st = vg_json_parse(text, LINE_MAX_BYTES, &line, err);
        st = st == VG_OK ? fn(ctx, line, err) : st;
        json_decref(line);
        if (st != VG_OK) {
            vg_log(VG_ERROR, "demo.line", "file=%s line=%d", file, number);
            return st;
        }
    }
    return VG_OK;
}

static vg_status on_line(void *ctx, json_t *line, vg_err *err)
{
    return run_line(ctx, line, err);
}

// Later files name what earlier ones made.
static const char *const FILES[] = {"province.jsonl", "register.jsonl", "plans.jsonl"};

vg_status vg_demo_fill(const char *dir, vg_err *err)
{
    demo d = {.ids = json_object(),
              .sites = json_object(),
              .devices = json_array(),
              .logins = json_array()};
    vg_status st = vg_core_open(dir, &d.core, err);
    if (st == VG_OK) {
        st = vg_core_start(d.core, err);
        if (st == VG_OK) {
            for (size_t i = 0; i < VG_LEN(FILES) && st == VG_OK; i++) {
                st = demo_each_line(FILES[i], on_line, &d, err);
            }
            vg_core_stop(d.core);
        }
        vg_core_close(d.core);
    }
    st = st == VG_OK ? demo_write_files(&d, dir, err) : st;
    json_decref(d.ids);
    json_decref(d.sites);
    json_decref(d.devices);
    json_decref(d.logins);
    return st;
}

// SPDX-License-Identifier: Apache-2.0
// Any JSON as the arguments of a command with a field of every type: refused with a field and a word for it,
// or what the handler gets is what its fields promise.
#include "base/text.h"
#include "core/command.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const COLOURS[] = {"red", "green", NULL};
static const vg_field FIELDS[] = {
    {"name", VG_F_TEXT, VG_REQUIRED, .max = 5},
    {"text", VG_F_TEXT},
    {"id", VG_F_ID},
    {"level", VG_F_INT, .min = -1, .max = 4},
    {"any", VG_F_INT},
    {"on", VG_F_BOOL},
    {"at", VG_F_TIME},
    {"colour", VG_F_ENUM, .values = COLOURS},
    {"key", VG_F_SECRET},
    {"shape", VG_F_JSON, .max = 20},
    {NULL},
};

static void check_text(vg_arena *a, vg_str s, size_t max)
{
    vg_str again;
    assert(vg_utf8_valid(s));
    assert(vg_utf8_count(s) <= max);
    assert(vg_nfc(a, s, &again, NULL) == VG_OK);
    assert(vg_str_eq(s, again));
    assert(vg_str_eq(s, vg_str_trim(s)));
}

static void check_json(vg_str s)
{
    json_t *t = NULL;
    assert(s.n <= 20);
    vg_buf b;
    vg_buf_init(&b, 64);
    vg_buf_f(&b, "[%.*s]", VG_FMT(s));
    assert(vg_json_parse(vg_buf_str(&b), 64, &t, NULL) == VG_OK);
    assert(json_array_size(t) == 1);
    json_decref(t);
    vg_buf_done(&b);
}

static void check(vg_arena *a, const vg_args *x)
{
    assert(x->n == VG_LEN(FIELDS) - 1);
    check_text(a, vg_arg_str(x, "name"), 5);
    check_text(a, vg_arg_str(x, "text"), 200);
    assert(vg_arg_str(x, "name").n > 0);
    assert(!vg_arg_has(x, "id") || vg_arg_str(x, "id").n == VG_ID_TEXT - 1);
    const int64_t level = vg_arg_i64(x, "level", 0), on = vg_arg_i64(x, "on", 0);
    assert(level >= -1 && level <= 4);
    assert(on == 0 || on == 1);
    if (vg_arg_has(x, "colour")) {
        assert(vg_str_eqc(vg_arg_str(x, "colour"), COLOURS[vg_arg_i64(x, "colour", 0)]));
    }
    assert(vg_arg_str(x, "key").n <= 512);
    if (vg_arg_has(x, "shape")) {
        check_json(vg_arg_str(x, "shape"));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    json_t *t = NULL;
    if (vg_json_parse((vg_str){(const char *)data, size}, 1 << 16, &t, NULL) != VG_OK) {
        return 0;
    }
    vg_arena *a = vg_arena_create(1 << 20);
    vg_args x;
    vg_err err = {0};
    if (vg_args_parse(a, FIELDS, t, &x, &err) == VG_OK) {
        check(a, &x);
    } else {
        assert(err.code != VG_OK);
        assert(err.field[0] || !json_is_object(t) || json_object_get(t, ""));
    }
    json_decref(t);
    vg_arena_destroy(a);
    return 0;
}

// SPDX-License-Identifier: Apache-2.0
// A line reader for back-tests and for the corpus. The caller keeps an unfinished last line for the
// next call, or ends the text with a line feed. Every line is limited before anything is made of it; a name
// that is not plain ASCII goes the slow way, where it is checked and composed (NFC), as at every edge.
// It never guesses: what is wrong with a line is said with its number, or the line is counted and left out.
// Not for the live way in, which has no text.
#include "engine/text.h"

#include "base/clock.h"
#include "base/text.h"

enum column { C_NONE, C_TIME, C_SITE, C_ZONE, C_DEVICE, C_SOURCE, C_KIND, C_VERB, C_VALUE, C_SEQ };

static const char *const names[] = {"-",      "time", "site", "zone",  "device",
                                    "source", "kind", "verb", "value", "seq"};
const char *const vg_text_verbs[VG_VERB_N] = {"raise",    "restore", "arm",  "disarm", "bypass",
                                              "unbypass", "test",    "poll", "other"};
static const vg_text_format corpus = {
    .column = {C_TIME, C_SITE, C_ZONE, C_DEVICE, C_KIND, C_VALUE, C_SEQ},
    .n = 7,
    .required = 6,
    .between = ' '};

static int word_index(const char *const *words, size_t n, vg_str s)
{
    for (size_t i = 0; i < n; i++) {
        if (vg_str_eqc(s, words[i])) {
            return (int)i;
        }
    }
    return -1;
}

// --- the form -----------------------------------------------------------------------------------
static vg_status add_column(vg_text_format *f, vg_str s, vg_err *err)
{
    const vg_str word = vg_str_trim(s);
    const int c = word_index(names, VG_LEN(names), word);
    char shown[48];
    snprintf(shown, sizeof shown, "%.*s", word.n < 40 ? (int)word.n : 40, word.p);
    if (c < 0 || f->n == VG_TEXT_COLUMNS) {
        return vg_fail(err, VG_EINVALID, shown, "engine.err.text_column", "%s", shown);
    }
    for (uint32_t i = 0; i < f->n; i++) {
        if (c != C_NONE && f->column[i] == c) {
            return vg_fail(err, VG_EINVALID, shown, "engine.err.text_column_twice", "%s", shown);
        }
    }
    f->column[f->n++] = (uint8_t)c;
    return VG_OK;
}

static bool has_column(const vg_text_format *f, enum column c)
{
    return memchr(f->column, (int)c, f->n) != NULL;
}

// Names with commas between them, or what parts the columns of a CSV; what stands in brackets may be missing.
static vg_status read_columns(vg_str s, vg_text_format *f, vg_err *err)
{
    const char comma = f->between == ' ' ? ',' : f->between;
    const char *p = s.p, *end = s.p + s.n;
    bool optional = false;
    while (p < end) {
        const char *q = p;
        while (q < end && *q != comma && *q != '[' && *q != ']') {
            q++;
        }
        if (q > p) {
            VG_TRY(add_column(f, (vg_str){p, (size_t)(q - p)}, err));
            f->required = optional ? f->required : f->n;
        }
        optional = optional || (q < end && *q == '[');
        p = q + (q < end);
    }
    if (!has_column(f, C_TIME) || !has_column(f, C_KIND)) {
        const char *lacks = has_column(f, C_TIME) ? "kind" : "time";
        return vg_fail(err, VG_EINVALID, lacks, "engine.err.text_column_missing", "%s", lacks);
    }
    return VG_OK;
}

vg_status vg_text_columns(vg_str s, vg_text_format *ret, vg_err *err)
{
    vg_text_format f = {.between = ' '};
    VG_TRY(read_columns(s, &f, err));
    *ret = f;
    return VG_OK;
}

vg_status vg_text_header(vg_str line, vg_text_format *ret, vg_err *err)
{
    const size_t mark = vg_str_starts(line, "\xEF\xBB\xBF") ? 3 : 0;
    line = (vg_str){line.p + mark, line.n - mark};
    vg_text_format f = {.between = memchr(line.p, ';', line.n) ? ';' : ','};
    VG_TRY(read_columns(line, &f, err));
    f.required = f.n;
    *ret = f;
    return VG_OK;
}

// --- pieces of a line -----------------------------------------------------------------------------
typedef struct cursor {
    const char *p, *end;
    char between;
} cursor;

static inline bool digits(cursor *c, int64_t *ret)
{
    const char *from = c->p, *most = c->end - c->p > 18 ? c->p + 18 : c->end;
    int64_t v = 0;
    for (; c->p < most && (unsigned char)(*c->p - '0') < 10; c->p++) {
        v = v * 10 + (*c->p - '0');
    }
    *ret = v;
    return c->p > from;
}

static inline bool skip(cursor *c, char ch)
{
    const bool here = c->p < c->end && *c->p == ch;
    c->p += here;
    return here;
}

// The next piece up to what stands between columns, by eight bytes at a time while the line has them.
static inline vg_str word(cursor *c)
{
    const uint64_t each = 0x0101010101010101u, pattern = each * (unsigned char)c->between;
    const char *from = c->p, *p = from;
    for (; c->end - p >= 8; p += 8) {
        uint64_t w;
        memcpy(&w, p, 8);
        w ^= pattern;
        const uint64_t hit = (w - each) & ~w & (each << 7);
        if (hit) {
            p += __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? __builtin_ctzll(hit) / 8 : 0;
            break;
        }
    }
    while (p < c->end && *p != c->between) {
        p++;
    }
    c->p = p;
    return (vg_str){from, (size_t)(p - from)};
}

// Up to six digits behind the point; NULL when it is none of the two forms.
static const char *fraction(cursor *c, int64_t *us)
{
    int64_t part, scale = VG_SECOND_US;
    if (!skip(c, '.')) {
        return NULL;
    }
    const char *from = c->p;
    if (!digits(c, &part) || c->p - from > 6) {
        return "engine.err.text_time";
    }
    for (ptrdiff_t i = c->p - from; i > 0; i--) {
        scale /= 10;
    }
    *us += part * scale;
    return NULL;
}

static const char *time_column(cursor *c, vg_record *r)
{
    int64_t sec;
    const cursor at = *c;
    if (!digits(c, &sec)) {
        return "engine.err.text_time";
    }
    if (skip(c, '-')) {  // a date: RFC 3339
        *c = at;
        return vg_time_parse(word(c), &r->t_event, NULL) != VG_OK ? "engine.err.text_time"
               : r->t_event > VG_TEXT_TIME_MAX                    ? "engine.err.text_future"
                                                                  : NULL;
    }
    if (sec > VG_TEXT_TIME_MAX / VG_SECOND_US) {
        return "engine.err.text_future";
    }
    r->t_event = sec * VG_SECOND_US;
    return fraction(c, &r->t_event);
}

static const char *value_column(cursor *c, vg_record *r)
{
    int64_t v = 0;
    const bool minus = skip(c, '-');
    if (!digits(c, &v) || v > INT32_MAX) {
        return "engine.err.text_value";
    }
    r->value = (int32_t)(minus ? -v : v);
    return NULL;
}

static const char *seq_column(cursor *c, vg_record *r)
{
    if (!digits(c, &r->source_seq)) {
        return "engine.err.text_seq";
    }
    r->seq = r->source_seq;
    return NULL;
}

// --- names ----------------------------------------------------------------------------------------
static bool plain(vg_str s)
{
    unsigned char all = 0;
    bool control = false;
    for (size_t i = 0; i < s.n; i++) {
        all |= (unsigned char)s.p[i];
        control |= (unsigned char)s.p[i] < 0x20 || s.p[i] == '"';
    }
    return all < 0x7F && !control;
}

// Only a name that is new is looked at closely: one that is known was right before.
static uint32_t new_name(vg_intern *in, vg_str s, const char **why)
{
    VG_CLEANUP(vg_arena_cleanup) vg_arena *a = vg_arena_create(64 << 10);
    vg_str composed = s;
    if (memchr(s.p, '"', s.n)) {
        *why = "engine.err.text_quote";
        return 0;
    }
    if (!plain(s) && vg_nfc(a, s, &composed, NULL) != VG_OK) {
        *why = "engine.err.text_utf8";
        return 0;
    }
    const uint32_t id = vg_intern_id(in, composed);
    if (id == VG_INTERN_FULL) {
        *why = "engine.err.text_names";
        return 0;
    }
    return id;
}

static inline const char *name_column(cursor *c, vg_intern *in, uint32_t *ret)
{
    const char *why = NULL;
    const bool quoted = c->between != ' ' && skip(c, '"');
    cursor inside = {c->p, c->end, quoted ? '"' : c->between};
    const vg_str s = word(&inside);
    c->p = inside.p;
    if (quoted && !skip(c, '"')) {
        return "engine.err.text_quote";
    }
    if (s.n == 0) {
        *ret = 0;
        return c->between != ' ' ? NULL : "engine.err.text_line";
    }
    *ret = vg_intern_find(in, s);
    if (*ret == 0) {
        *ret = new_name(in, s, &why);
    }
    return why;
}

static const char *kind_column(cursor *c, vg_intern *in, vg_record *r)
{
    uint32_t id = 0;
    const char *why = name_column(c, in, &id);
    r->kind = (uint16_t)id;
    return why ? why : id ? NULL : "engine.err.text_line";
}

static const char *verb_column(cursor *c, vg_record *r)
{
    const int i = word_index(vg_text_verbs, VG_VERB_N, word(c));
    r->verb = (uint8_t)(i < 0 ? 0 : i);
    return i < 0 ? "engine.err.text_verb" : NULL;
}

// --- lines ----------------------------------------------------------------------------------------
static inline const char *column(const vg_text *t, uint8_t which, cursor *c, vg_record *r)
{
    vg_intern *const *of = t->names->of;
    switch (which) {
    case C_TIME:
        return time_column(c, r);
    case C_SITE:
        return name_column(c, of[VG_SITE], &r->site);
    case C_ZONE:
        return name_column(c, of[VG_ZONE], &r->zone);
    case C_DEVICE:
        return name_column(c, of[VG_DEVICE], &r->device);
    case C_SOURCE:
        return name_column(c, of[VG_SOURCE], &r->source);
    case C_KIND:
        return kind_column(c, of[VG_KIND], r);
    case C_VERB:
        return verb_column(c, r);
    case C_VALUE:
        return value_column(c, r);
    case C_SEQ:
        return seq_column(c, r);
    default:
        (void)word(c);
        return NULL;
    }
}

// What is wrong with the line, as a catalogue key; NULL: nothing.
static const char *one_line(const vg_text *t, const char *from, const char *end, vg_record *r)
{
    const vg_text_format *f = &t->format;
    end -= end > from && end[-1] == '\r';
    cursor c = {from, end, f->between};
    if (end - from > VG_TEXT_LINE) {
        return "engine.err.text_long";
    }
    for (uint32_t i = 0; i < f->n; i++) {
        if (i && !skip(&c, f->between)) {
            return i >= f->required && c.p == c.end ? NULL : "engine.err.text_line";
        }
        const char *why = column(t, f->column[i], &c, r);
        if (why) {
            return why;
        }
    }
    return c.p == c.end ? NULL : "engine.err.text_line";
}

vg_status vg_text_read(vg_text *t, vg_str *text, vg_record *ret_v, size_t max, size_t *ret_n,
                       vg_err *err)
{
    size_t n = 0;
    t->format = t->format.n ? t->format : corpus;
    for (const char *end; n < max && text->n && (end = memchr(text->p, '\n', text->n));) {
        vg_record *r = &ret_v[n];
        *r = (vg_record){.seq = ++t->line, .source_seq = t->line, .flags = VG_REC_AUTHENTICATED};
        const char *why = one_line(t, text->p, end, r);
        if (why && !t->skip) {
            return vg_fail(err, strcmp(why, "engine.err.text_names") ? VG_EINVALID : VG_ETOOBIG, "",
                           why, "%lld", (long long)t->line);
        }
        t->skipped += why != NULL;
        n += why == NULL;
        text->n -= (size_t)(end + 1 - text->p);
        text->p = end + 1;
    }
    *ret_n = n;
    return VG_OK;
}

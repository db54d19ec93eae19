// SPDX-License-Identifier: Apache-2.0
// Borders first, meaning later: a frame is found by its header and its CR, then CRC and length are
// judged over the same span. Field facts built in: NUL bytes after CR, a missing first LF, a CRC of two
// raw bytes (which may themselves be LF or CR, hence the header is looked at before bytes are skipped),
// and the heartbeat of an older protocol on the same port.
#include "ingest/dc09/wire.h"

#include "base/clock.h"

enum { HEADER_BYTES = 8, BINARY_HEADER_BYTES = 6, OLD_MAX = 64 };

// CRC-16/ARC. The table is computed, not copied: row x is x<<6 ^ x<<7, plus 0xC001 if x has odd parity.
#define ROW(x) (uint16_t)(((x) << 6) ^ ((x) << 7) ^ (__builtin_parity(x) ? 0xC001 : 0))
#define ROW4(x) ROW(x), ROW((x) + 1), ROW((x) + 2), ROW((x) + 3)
#define ROW16(x) ROW4(x), ROW4((x) + 4), ROW4((x) + 8), ROW4((x) + 12)
#define ROW64(x) ROW16(x), ROW16((x) + 16), ROW16((x) + 32), ROW16((x) + 48)
static const uint16_t CRC[256] = {ROW64(0), ROW64(64), ROW64(128), ROW64(192)};

uint16_t dc09_crc(vg_str body)
{
    uint16_t crc = 0;
    for (size_t i = 0; i < body.n; i++) {
        crc = (uint16_t)(crc >> 8 ^ CRC[(crc ^ (unsigned char)body.p[i]) & 0xFF]);
    }
    return crc;
}

bool dc09_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool dc09_hex(char c)
{
    return dc09_digit(c) || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f');
}

static bool alnum(char c)
{
    return dc09_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool hex16(const char *p, uint16_t *ret)
{
    unsigned char b[2];
    if (!vg_unhex((vg_str){p, 4}, b, 2)) {
        return false;
    }
    *ret = (uint16_t)(b[0] << 8 | b[1]);
    return true;
}

// --- borders --------------------------------------------------------------------------------------

// SR0001L0001    006969XX    [ID00000000]
static bool old_form(dc09_frame *f, vg_str s)
{
    static const char SHAPE[] = "SRddddLdddd    aaaaaaaa    [ID";
    for (size_t i = 0; i < sizeof SHAPE - 1; i++) {
        const char want = SHAPE[i];
        if (i >= s.n || !(want == 'd'   ? dc09_digit(s.p[i])
                          : want == 'a' ? alnum(s.p[i])
                                        : s.p[i] == want)) {
            return false;
        }
    }
    f->old_form = true;
    f->account = (vg_str){s.p + 15, 8};
    f->id = VG_S("SR");
    return true;
}

static vg_ingest_step split_old(vg_str s, size_t at, bool whole, dc09_frame *f, size_t *consumed,
                                vg_ingest_count *why)
{
    const char *end = memchr(s.p + at, ']', s.n - at);
    if (!end && !whole && s.n - at < OLD_MAX) {
        return VG_INGEST_NEED;
    }
    *consumed = end ? (size_t)(end - s.p) + 1 : s.n;
    f->body = (vg_str){s.p + at, *consumed - at};
    *why = VG_INGEST_garbage;
    return old_form(f, f->body) ? VG_INGEST_DONE : VG_INGEST_BAD;
}

static vg_ingest_step garbage(vg_str s, size_t *consumed, vg_ingest_count *why)
{
    const char *lf = s.n > 1 ? memchr(s.p + 1, '\n', s.n - 1) : NULL;
    *consumed = lf ? (size_t)(lf - s.p) : s.n;
    *why = VG_INGEST_garbage;
    return VG_INGEST_BAD;
}

// The header at p (after LF): its size, and the two numbers it carries. 0: not a header.
static size_t read_header(const char *p, dc09_frame *f, uint16_t *crc, uint16_t *length)
{
    f->binary_crc = p[BINARY_HEADER_BYTES] == '"' && hex16(p + 2, length);
    if (f->binary_crc) {
        *crc = (uint16_t)((unsigned char)p[0] << 8 | (unsigned char)p[1]);
        return BINARY_HEADER_BYTES;
    }
    const bool text = p[HEADER_BYTES] == '"' && hex16(p, crc) && hex16(p + 4, length);
    return text ? HEADER_BYTES : 0;
}

static vg_ingest_step split_frame(vg_str s, size_t at, bool whole, dc09_frame *f, size_t *consumed,
                                  vg_ingest_count *why)
{
    uint16_t crc = 0, length = 0;
    const size_t header = read_header(s.p + at, f, &crc, &length);
    if (header == 0) {
        return s.p[at] == 'S' ? split_old(s, at, whole, f, consumed, why)
                              : garbage(s, consumed, why);
    }
    const char *from = s.p + at + header;
    const char *cr = memchr(from, '\r', s.n - at - header);
    const size_t n = cr ? (size_t)(cr - from) : s.n - at - header;
    if (n + header + 2 > DC09_FRAME_MAX) {
        *consumed = cr ? (size_t)(cr - s.p) + 1 : s.n;
        *why = VG_INGEST_oversize;
        return VG_INGEST_BAD;
    }
    if (!cr && !whole) {
        return VG_INGEST_NEED;
    }
    f->body = (vg_str){from, n};
    *consumed = cr ? (size_t)(cr - s.p) + 1 : s.n;
    f->crc_ok = dc09_crc(f->body) == crc;
    f->length_ok = n == length;
    *why = VG_INGEST_bad_crc;
    return f->crc_ok ? VG_INGEST_DONE : VG_INGEST_BAD;
}

vg_ingest_step dc09_split(vg_str bytes, bool whole, dc09_frame *f, size_t *consumed,
                          vg_ingest_count *why)
{
    size_t skip = 0;
    while (skip < bytes.n && (bytes.p[skip] == '\r' || bytes.p[skip] == '\0')) {
        skip++;
    }
    const vg_str s = {bytes.p + skip, bytes.n - skip};
    const size_t at = s.n && s.p[0] == '\n';
    size_t took = 0;
    vg_ingest_step step = VG_INGEST_NEED;
    memset(f, 0, sizeof *f);
    if (s.n > at + HEADER_BYTES) {
        step = split_frame(s, at, whole, f, &took, why);
    } else if (whole && s.n) {
        step = garbage(s, &took, why);
    }
    *consumed = skip + took;
    return step;
}

// --- header ---------------------------------------------------------------------------------------

typedef struct cursor {
    const char *p, *end;
} cursor;

static bool take(cursor *c, char want)
{
    const bool is = c->p < c->end && *c->p == want;
    c->p += is;
    return is;
}

static vg_str take_while(cursor *c, bool (*is)(char c), size_t max)
{
    const char *from = c->p;
    while (c->p < c->end && (size_t)(c->p - from) < max && is(*c->p)) {
        c->p++;
    }
    return (vg_str){from, (size_t)(c->p - from)};
}

static bool id_char(char c)
{
    return c > ' ' && c <= '~' && c != '"' && c != '[';
}

bool dc09_header(dc09_frame *f)
{
    cursor c = {f->body.p, f->body.p + f->body.n};
    if (!take(&c, '"')) {
        return false;
    }
    f->encrypted = take(&c, '*');
    f->id = take_while(&c, id_char, 15);
    if (f->id.n == 0 || !take(&c, '"')) {
        return false;
    }
    f->seq = take_while(&c, dc09_hex, 4);
    const char *path = c.p;
    if (take(&c, 'R')) {
        take_while(&c, dc09_hex, 6);
    }
    if (take(&c, 'L')) {
        take_while(&c, dc09_hex, 6);
    }
    if (take(&c, '#')) {
        f->account = take_while(&c, alnum, 16);
    }
    f->path = (vg_str){path, (size_t)(c.p - path)};
    if (f->seq.n != 4 || !take(&c, '[')) {
        return false;
    }
    f->rest = (vg_str){c.p, (size_t)(c.end - c.p)};
    return true;
}

size_t dc09_wrap(vg_str body, bool binary_crc, char *out, size_t cap)
{
    const size_t header = binary_crc ? BINARY_HEADER_BYTES : HEADER_BYTES;
    if (body.n > 0xFFFF || cap < body.n + header + 3) {
        return 0;
    }
    const unsigned crc = dc09_crc(body);
    char *p = out;
    *p++ = '\n';
    if (binary_crc) {
        *p++ = (char)(crc >> 8);
        *p++ = (char)(crc & 0xFF);
    } else {
        p += snprintf(p, 5, "%04X", crc);
    }
    p += snprintf(p, 5, "%04X", (unsigned)body.n & 0xFFFF);
    memcpy(p, body.p, body.n);
    p += body.n;
    *p++ = '\r';
    return (size_t)(p - out);
}

// --- time and text --------------------------------------------------------------------------------

static int two(const char *p)
{
    return dc09_digit(p[0]) && dc09_digit(p[1]) ? (p[0] - '0') * 10 + p[1] - '0' : -1;
}

bool dc09_time_parse(vg_str s, int64_t *ret_us)
{
    if (s.n != DC09_TIME_BYTES - 1 || s.p[2] != ':' || s.p[5] != ':' || s.p[8] != ',' ||
        s.p[11] != '-' || s.p[14] != '-') {
        return false;
    }
    const int h = two(s.p), mi = two(s.p + 3), se = two(s.p + 6), mo = two(s.p + 9),
              d = two(s.p + 12), century = two(s.p + 15), year = two(s.p + 17);
    if (h < 0 || h > 23 || mi < 0 || mi > 59 || se < 0 || se > 60 || mo < 1 || mo > 12 || d < 1 ||
        d > 31 || century < 19 || year < 0) {
        return false;
    }
    *ret_us = vg_time_civil(century * 100 + year, mo, d, h, mi, se);
    return true;
}

static char *put(char *p, int v, int digits)
{
    for (int i = digits - 1; i >= 0; i--) {
        p[i] = (char)('0' + v % 10);
        v /= 10;
    }
    return p + digits;
}

void dc09_time_text(int64_t us, char out[DC09_TIME_BYTES])
{
    static const int PART[] = {3, 4, 5, 1, 2, 0}, DIGITS[] = {2, 2, 2, 2, 2, 4};
    static const char AFTER[] = "::,--";
    int c[6];
    char *p = out;
    vg_time_split(us, 0, c);
    for (int i = 0; i < 6; i++) {
        p = put(p, c[PART[i]], DIGITS[i]);
        *p++ = AFTER[i];
    }
}

// 0x80-0x9F of Windows-1252; the five holes become the replacement character.
static const uint16_t HIGH[32] = {0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                  0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD,
                                  0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                  0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178};

static size_t utf8(unsigned u, char out[3])
{
    if (u < 0x80) {
        out[0] = (char)(u < 0x20 || u == 0x7F ? ' ' : (char)u);
        return 1;
    }
    if (u < 0x800) {
        out[0] = (char)(0xC0 | u >> 6);
        out[1] = (char)(0x80 | (u & 0x3F));
        return 2;
    }
    out[0] = (char)(0xE0 | u >> 12);
    out[1] = (char)(0x80 | (u >> 6 & 0x3F));
    out[2] = (char)(0x80 | (u & 0x3F));
    return 3;
}

void dc09_text(vg_str bytes, char *out, size_t cap)
{
    size_t n = 0;
    for (size_t i = 0; i < bytes.n; i++) {
        const unsigned c = (unsigned char)bytes.p[i];
        char u[3];
        const size_t k = utf8(c >= 0x80 && c < 0xA0 ? HIGH[c - 0x80] : c, u);
        if (n + k >= cap) {
            break;
        }
        memcpy(out + n, u, k);
        n += k;
    }
    out[n] = '\0';
}

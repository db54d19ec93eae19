// SPDX-License-Identifier: Apache-2.0
// A number is reduced to its digits, brought to the form dialled inside the country (+84, 0084 and 84 become
// 0), and must fit one pattern of data/phones.txt. Where none fits but one with a zero before it does, the
// zero was lost. Whether a number is connected is not known here; carriers are not guessed.
#include "ident/phone.h"

#include "base/text.h"
#include "ident/table.h"

enum { MAX_DIGITS = 17, MAX_TEXT = 80 };

static const char *const CLASSES[] = {
    [VG_PHONE_MOBILE] = "mobile",   [VG_PHONE_FIXED] = "fixed", [VG_PHONE_FORCE] = "force",
    [VG_PHONE_SERVICE] = "service", [VG_PHONE_SHORT] = "short", [VG_PHONE_FOREIGN] = "foreign",
};

const char *vg_phone_class_name(vg_phone_class c)
{
    return CLASSES[c];
}

typedef struct digits {
    char d[MAX_DIGITS + 1];
    size_t n;
    bool plus;
} digits;

static vg_str of(const digits *d)
{
    return (vg_str){d->d, d->n};
}

// Where the extension's word begins in folded s, s.n if there is none; *ret_word its length.
static size_t extension_at(vg_str s, size_t *ret_word)
{
    static const char *const WORDS[] = {"may le", "ml", "ext.", "ext", "x", "#"};
    for (size_t i = 1; i < s.n; i++) {
        for (size_t k = 0; k < VG_LEN(WORDS); k++) {
            const size_t n = strlen(WORDS[k]);
            if (n <= s.n - i && memcmp(s.p + i, WORDS[k], n) == 0) {
                *ret_word = n;
                return i;
            }
        }
    }
    *ret_word = 0;
    return s.n;
}

static vg_status gather(vg_str s, digits *d, vg_err *err)
{
    for (size_t i = 0; i < s.n; i++) {
        const char c = s.p[i];
        if (c >= '0' && c <= '9') {
            if (d->n == MAX_DIGITS) {
                return vg_fail(err, VG_EINVALID, "phone", "ident.phone_unknown", "%s", "");
            }
            d->d[d->n++] = c;
        } else if (c == '+' && d->n == 0 && !d->plus) {
            d->plus = true;
        } else if (!strchr(" .-()/:", c)) {
            return vg_fail(err, VG_EINVALID, "phone", "ident.phone_character", "%c",
                           (unsigned char)c < 0x80 ? c : '?');
        }
    }
    return d->n ? VG_OK : vg_fail(err, VG_EINVALID, "phone", "ident.phone_empty", "%s", "");
}

static vg_status read_ext(vg_str s, vg_phone *p, vg_err *err)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        const bool digit = s.p[i] >= '0' && s.p[i] <= '9';
        if (digit && n + 1 < sizeof p->ext) {
            p->ext[n++] = s.p[i];
        } else if (digit || !strchr(" .-():", s.p[i])) {
            return vg_fail(err, VG_EINVALID, "phone", "ident.phone_character", "%c",
                           (unsigned char)s.p[i] < 0x80 ? s.p[i] : '?');
        }
    }
    p->ext[n] = '\0';
    return n ? VG_OK : vg_fail(err, VG_EINVALID, "phone", "ident.phone_empty", "%s", "");
}

static void national(digits *d, size_t drop)
{
    memmove(d->d + 1, d->d + drop, d->n - drop + 1);
    d->d[0] = '0';
    d->n = d->n - drop + 1;
}

static bool find(const digits *d, vg_phone *p)
{
    vg_str file = vg_ident_file("phones.txt");
    vg_ident_line l;
    while (vg_ident_next(&file, &l)) {
        if (vg_str_eqc(l.word[0], "moved")) {
            continue;
        }
        if (!vg_ident_fits(l.word[1], NULL, "_", of(d))) {
            continue;
        }
        vg_ident_print(l.word[1], "_", of(d), p->text, sizeof p->text);
        for (int c = 0; c < (int)VG_LEN(CLASSES); c++) {
            p->cls = vg_str_eqc(l.word[0], CLASSES[c]) ? (vg_phone_class)c : p->cls;
        }
        return true;
    }
    return false;
}

// The present number of an eleven-digit one, "" if d is none.
static void moved(const digits *d, char out[12])
{
    vg_str file = vg_ident_file("phones.txt");
    vg_ident_line l;
    out[0] = '\0';
    while (d->n == 11 && vg_ident_next(&file, &l)) {
        if (vg_str_eqc(l.word[0], "moved") && memcmp(d->d, l.word[1].p, l.word[1].n) == 0) {
            snprintf(out, 12, "%.*s%.7s", VG_FMT(l.rest), d->d + 4);
        }
    }
}

static vg_status foreign(const digits *d, vg_phone *p, vg_err *err)
{
    if (d->n < 7 || d->n > 15 || d->d[0] == '0') {
        return vg_fail(err, VG_EINVALID, "phone", "ident.phone_unknown", "%s", "");
    }
    p->cls = VG_PHONE_FOREIGN;
    snprintf(p->key, sizeof p->key, "+%s", d->d);
    snprintf(p->text, sizeof p->text, "+%s", d->d);
    return VG_OK;
}

static vg_status classify(digits *d, vg_phone *p, vg_err *err)
{
    char now[12];
    if (find(d, p)) {
        return VG_OK;
    }
    moved(d, now);
    if (*now) {
        return vg_fail(err, VG_EINVALID, "phone", "ident.phone_moved", "%s", now);
    }
    digits zero = *d;
    if (zero.n < MAX_DIGITS && zero.d[0] != '0') {
        national(&zero, 0);
        if (find(&zero, p)) {
            *d = zero;
            p->repaired = true;
            return VG_OK;
        }
    }
    return vg_fail(err, VG_EINVALID, "phone", "ident.phone_unknown", "%s", "");
}

// Brings +84, 0084 and 84 to 0; true: the number is of another country.
static bool strip_country(digits *d)
{
    if (!d->plus && d->n > 4 && memcmp(d->d, "00", 2) == 0) {
        d->plus = true;
        memmove(d->d, d->d + 2, d->n - 1);
        d->n -= 2;
    }
    if (d->plus && memcmp(d->d, "84", 2) != 0) {
        return true;
    }
    // without the plus, 84 begins a national number with its zero lost, too: there are nine digits of it
    if (d->plus || (d->n >= 10 && memcmp(d->d, "84", 2) == 0)) {
        national(d, d->n > 2 && d->d[2] == '0' ? 3 : 2);
    }
    return false;
}

vg_status vg_phone_parse(vg_str s, vg_phone *ret, vg_err *err)
{
    char folded[MAX_TEXT];
    digits d = {0};
    vg_phone p = {0};
    size_t word;
    if (vg_str_trim(s).n > MAX_TEXT / 2) {
        return vg_fail(err, VG_EINVALID, "phone", "ident.phone_unknown", "%s", "");
    }
    const vg_str f = {folded, vg_fold_to(s, folded, sizeof folded)};
    const size_t end = extension_at(f, &word);
    VG_TRY(gather((vg_str){f.p, end}, &d, err));
    if (word) {
        VG_TRY(read_ext((vg_str){f.p + end + word, f.n - end - word}, &p, err));
    }
    if (strip_country(&d)) {
        VG_TRY(foreign(&d, &p, err));
    } else {
        VG_TRY(classify(&d, &p, err));
        const bool dialled = p.cls == VG_PHONE_SHORT || p.cls == VG_PHONE_SERVICE;
        snprintf(p.key, sizeof p.key, "%s%s", dialled ? "" : "+84", d.d + !dialled);
    }
    *ret = p;
    return VG_OK;
}

// SPDX-License-Identifier: Apache-2.0
// Every reader of the layer over any bytes: nothing crashes, nothing is written past its room, what is read
// can be read again, and a table is never written outside its classes. The first byte says which.
#include "ident/id_card.h"
#include "ident/legacy_text.h"
#include "ident/name.h"
#include "ident/phone.h"
#include "ident/plate.h"

#include "base/text.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void phone(vg_str s)
{
    vg_phone p, again;
    if (vg_phone_parse(s, &p, NULL) == VG_OK) {
        assert(vg_phone_parse(vg_str_c(p.text), &again, NULL) == VG_OK);
        assert(strcmp(p.key, again.key) == 0);
        assert(p.cls == again.cls && !again.repaired);
    }
}

static void plate(vg_str s)
{
    vg_plate p, again;
    if (vg_plate_parse(s, &p, NULL) != VG_OK) {
        return;
    }
    assert(strlen(p.key) == strlen(p.loose));
    for (int c = 0; c < VG_PLATE_CLASSES; c++) {
        char text[24];
        vg_plate_print(&p, (vg_plate_class)c, text);
        assert(vg_plate_parse(vg_str_c(text), &again, NULL) == VG_OK);
        assert(strcmp(p.key, again.key) == 0);
    }
    assert(vg_plate_compare(p.key, again.key) == VG_PLATE_SAME);
    assert(vg_plate_distance(p.key, p.loose) <= (int)strlen(p.key));
}

static void card(vg_str s)
{
    vg_card_qr q;
    if (vg_card_qr_parse(s, &q, NULL) == VG_OK) {
        assert(strlen(q.id.digits) == 12);
        assert(q.name.p >= s.p && q.name.p + q.name.n <= s.p + s.n);
        assert(q.home.p >= s.p && q.home.p + q.home.n <= s.p + s.n);
    }
    vg_mrz m;
    if (vg_mrz_parse(s, &m, NULL) == VG_OK) {
        assert(*m.name && strlen(m.name) <= 30);
    }
}

static void name(vg_str s)
{
    char key[VG_NAME_KEY], again[VG_NAME_KEY];
    const size_t n = vg_name_key(s, key);
    assert(n < VG_NAME_KEY && strlen(key) <= n);
    assert(vg_name_key((vg_str){key, n}, again) == n && memcmp(key, again, n) == 0);
    assert(!n || vg_name_compare(s, s) == VG_NAME_SAME);
}

static void legacy(vg_str s)
{
    const size_t cap = VG_LEGACY_ROOM(s.n);
    char *out = vg_alloc(cap);
    size_t n = 0, bad = 0;
    assert(vg_legacy_detect(s) <= VG_LEGACY_UNKNOWN);
    for (int how = 0; how < VG_LEGACY_UNKNOWN; how++) {
        assert(vg_legacy_to_utf8((vg_legacy)how, s, out, cap, &n, &bad, NULL) == VG_OK);
        assert(n <= cap && bad <= s.n);
        assert(vg_utf8_valid((vg_str){out, n}));
    }
    free(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const READERS[])(vg_str) = {phone, plate, card, name, legacy};
    if (size > 1 && size < 4096) {
        READERS[data[0] % VG_LEN(READERS)]((vg_str){(const char *)data + 1, size - 1});
    }
    return 0;
}

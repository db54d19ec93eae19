// SPDX-License-Identifier: Apache-2.0
// The citizen's card: its number, the QR code and the machine readable zone. None of them is signed: they fill
// forms and catch typing errors, and prove nothing; the guard looks at the card. What a visit does not need
// (parents' names) is not even read. Pure, any thread, no allocation.
#pragma once

#include "base/str.h"

typedef enum vg_sex { VG_SEX_UNKNOWN, VG_SEX_MALE, VG_SEX_FEMALE } vg_sex;

typedef struct vg_day {  // 0 in month and day: only the year is known
    int16_t year;
    int8_t month, day;
} vg_day;

typedef struct vg_id_number {
    char digits[13];
    int16_t province;  // where the birth was registered
    int16_t birth_year;
    vg_sex sex;
    bool repaired;  // leading zeros were missing (a spreadsheet drops them)
} vg_id_number;

// Field "id_number": ident.id_length, ident.id_character, ident.id_province.
vg_status vg_id_number_parse(vg_str s, vg_id_number *ret, vg_err *err) VG_USE_RESULT;

// What does not fit together. A hint for the guard, never a verdict.
enum {
    VG_ID_HINT_SEX = 1,   // number and card disagree
    VG_ID_HINT_YEAR = 2,  // number and date of birth disagree
    VG_ID_HINT_NO_MARKS =
        4  // name without diacritics: a scanner that types as a keyboard lost them
};
uint32_t vg_id_hints(const vg_id_number *id, vg_sex sex, vg_day born);

typedef struct vg_card_qr {
    vg_id_number id;
    char old_id[13];    // nine or twelve digits, "" if none
    vg_str name, home;  // in the input's bytes
    vg_day born, issued;
    vg_sex sex;
    uint32_t hints;
    int fields;  // 6, 7 or more: which print of the card
} vg_card_qr;
// Fields as in the parts read: "qr" (ident.qr_fields, ident.qr_text), "id_number", "old_id", "name", "born", "sex", "issued"
// (ident.date, ident.sex, ident.name_empty).
vg_status vg_card_qr_parse(vg_str s, vg_card_qr *ret, vg_err *err) VG_USE_RESULT;

typedef struct vg_mrz {
    vg_id_number id;
    char name[31];         // "NGUYEN VAN A"
    vg_day born, expires;  // expires year 0: not given
    vg_sex sex;
    uint32_t hints;
} vg_mrz;
// Three lines of thirty (TD1), with or without line ends between. "mrz": ident.mrz_length, ident.mrz_country,
// ident.mrz_character; ident.mrz_check with the failing part as field: "number", "id_number", "born",
// "expires", "mrz".
vg_status vg_mrz_parse(vg_str s, vg_mrz *ret, vg_err *err) VG_USE_RESULT;

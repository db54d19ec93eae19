// SPDX-License-Identifier: Apache-2.0
// Short Vietnamese words without marks: read out over a telephone, typed on any keyboard.
// Pass phrases of words without diacritics, which any keyboard can type: six bits a word, drawn by
// libsodium. For the demonstration and first log-ins; nothing here judges a phrase that a person chose.
#include "app/passphrase.h"

#include <sodium.h>

void vg_passphrase(int words, char out[VG_PASSPHRASE])
{
    static const char WORDS[64][6] = {
        "anh",  "ba",  "bac",  "ban",   "bay",  "ben",  "bien", "bong", "bua",  "cam",  "canh",
        "cau",  "cha", "cay",  "chim",  "chin", "co",   "con",  "cua",  "dao",  "dat",  "dem",
        "dong", "du",  "em",   "ga",    "gao",  "gio",  "hai",  "hat",  "hoa",  "hoi",  "hong",
        "khe",  "lan", "lua",  "mai",   "may",  "mo",   "mua",  "nam",  "nang", "ngan", "nui",
        "ong",  "pho", "que",  "rung",  "sao",  "sen",  "song", "sang", "tam",  "tao",  "tay",
        "thu",  "tre", "trau", "trong", "tu",   "vang", "voi",  "xanh", "xuan"};
    size_t n = 0;
    for (int i = 0; i < words; i++) {
        n += (size_t)snprintf(out + n, VG_PASSPHRASE - n, "%s%s", i ? "-" : "",
                              WORDS[randombytes_uniform(VG_LEN(WORDS))]);
    }
}

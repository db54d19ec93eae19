// SPDX-License-Identifier: Apache-2.0
// AES-CBC with a zero IV, as DC-09 has it: 128, 192 and 256 bits. One object per thread; nothing is
// allocated per frame.
#pragma once

#include "base/str.h"

typedef struct vg_dc09_crypt vg_dc09_crypt;

vg_dc09_crypt *vg_dc09_crypt_create(void);
void vg_dc09_crypt_destroy(vg_dc09_crypt *c);  // NULL is fine

typedef struct dc09_key {
    const unsigned char *p;
    size_t n;  // 16, 24 or 32
} dc09_key;

// n is a multiple of 16 and positive. False: no such key size.
bool dc09_decrypt(vg_dc09_crypt *c, dc09_key key, const unsigned char *in, size_t n,
                  unsigned char *out);
bool dc09_encrypt(vg_dc09_crypt *c, dc09_key key, const unsigned char *in, size_t n,
                  unsigned char *out);

// SPDX-License-Identifier: Apache-2.0
// liboath makes the codes; which of them count is decided here: one step to either side for clocks that are not quite
// right, and never a step that was used. Whoever used a code ahead of time has used up those before it, too.
#include "domain/accounts/totp.h"

#include "base/clock.h"

#include <liboath/oath.h>
#include <sodium.h>

static bool is(const unsigned char *seed, int64_t step, const char given[TOTP_DIGITS])
{
    char right[TOTP_DIGITS + 1];
    const int st =
        oath_totp_generate((const char *)seed, TOTP_SEED_BYTES, step * TOTP_STEP_S, TOTP_STEP_S,
                           OATH_TOTP_DEFAULT_START_TIME, TOTP_DIGITS, right);
    return st == OATH_OK && sodium_memcmp(right, given, TOTP_DIGITS) == 0;
}

static bool digits_of(vg_str code, char ret[TOTP_DIGITS])
{
    size_t n = 0;
    for (size_t i = 0; i < code.n; i++) {
        if (code.p[i] == ' ') {
            continue;
        }
        if (code.p[i] < '0' || code.p[i] > '9' || n == TOTP_DIGITS) {
            return false;
        }
        ret[n++] = code.p[i];
    }
    return n == TOTP_DIGITS;
}

int64_t accounts_totp_step(const unsigned char seed[TOTP_SEED_BYTES], vg_str code, int64_t now_us,
                           int64_t used)
{
    char given[TOTP_DIGITS];
    const int64_t now = now_us / VG_SECOND_US / TOTP_STEP_S;
    int64_t found = 0;
    if (!digits_of(code, given) || oath_init() != OATH_OK) {
        return 0;
    }
    for (int64_t step = now - TOTP_WINDOW; step <= now + TOTP_WINDOW; step++) {
        if (step > used && is(seed, step, given)) {
            found = step;
        }
    }
    return found;
}

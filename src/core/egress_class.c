// SPDX-License-Identifier: Apache-2.0
// What kind of place an address is. A table of prefixes, most particular first; IPv4 inside IPv6 (mapped,
// compatible, 6to4, NAT64) is looked at as the IPv4 address it is. Never: nobody of ours lives there, and the
// clouds' metadata services do.
#include "core/egress.h"

#include <netinet/in.h>

typedef struct prefix {
    unsigned char at[16];
    int bits;
    vg_egress_class class;
} prefix;

static const prefix V4[] = {
    {{100, 100, 100, 200}, 32, VG_EGRESS_NEVER},  // metadata
    {{168, 63, 129, 16}, 32, VG_EGRESS_NEVER},    // metadata
    {{0}, 8, VG_EGRESS_NEVER},
    {{127}, 8, VG_EGRESS_LOOPBACK},
    {{169, 254}, 16, VG_EGRESS_NEVER},  // link-local, metadata
    {{10}, 8, VG_EGRESS_PRIVATE},
    {{172, 16}, 12, VG_EGRESS_PRIVATE},
    {{192, 168}, 16, VG_EGRESS_PRIVATE},
    {{100, 64}, 10, VG_EGRESS_PRIVATE},
    {{224}, 3, VG_EGRESS_NEVER},  // multicast, reserved, broadcast
};

static const prefix V6[] = {
    {{0xfd, 0x00, 0x0e, 0xc2, [14] = 0x02, [15] = 0x54}, 128, VG_EGRESS_NEVER},  // metadata
    {{[15] = 1}, 128, VG_EGRESS_LOOPBACK},
    {{0xfe, 0x80}, 10, VG_EGRESS_NEVER},
    {{0xff}, 8, VG_EGRESS_NEVER},
    {{0xfc}, 7, VG_EGRESS_PRIVATE},
    {{0xfe, 0xc0}, 10, VG_EGRESS_PRIVATE},
};

// Where in such an IPv6 address the IPv4 one stands.
static const struct {
    prefix in;
    int at;
} CARRIERS[] = {
    {{{[10] = 0xff, [11] = 0xff}, 96, 0}, 12},
    {{{0x00, 0x64, 0xff, 0x9b}, 96, 0}, 12},
    {{{0x20, 0x02}, 16, 0}, 2},
    {{{0}, 96, 0}, 12},
};

static bool within(const unsigned char *a, const prefix *p)
{
    const int whole = p->bits / 8, rest = p->bits % 8;
    return memcmp(a, p->at, (size_t)whole) == 0 &&
           (rest == 0 || ((a[whole] ^ p->at[whole]) >> (8 - rest)) == 0);
}

static vg_egress_class look_up(const unsigned char *a, const prefix *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (within(a, &v[i])) {
            return v[i].class;
        }
    }
    return VG_EGRESS_PUBLIC;
}

vg_egress_class vg_egress_class_of(const struct sockaddr *a)
{
    unsigned char b[16];
    if (a->sa_family == AF_INET) {
        memcpy(b, (const char *)a + offsetof(struct sockaddr_in, sin_addr), 4);
        return look_up(b, V4, VG_LEN(V4));
    }
    if (a->sa_family != AF_INET6) {
        return VG_EGRESS_NEVER;
    }
    memcpy(b, (const char *)a + offsetof(struct sockaddr_in6, sin6_addr), sizeof b);
    const vg_egress_class own = look_up(b, V6, VG_LEN(V6));
    for (size_t i = 0; own == VG_EGRESS_PUBLIC && i < VG_LEN(CARRIERS); i++) {
        if (within(b, &CARRIERS[i].in)) {
            return look_up(b + CARRIERS[i].at, V4, VG_LEN(V4));
        }
    }
    return own;
}

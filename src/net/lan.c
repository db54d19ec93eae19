// SPDX-License-Identifier: Apache-2.0
// For the names in the server's certificate and for the address that a phone is to open. Nothing is asked of the
// network: an address behind a router that forwards must be named in the settings.
#include "net/lan.h"

#include <ifaddrs.h>
#include <net/if.h>

static bool fits(const struct ifaddrs *i, int family)
{
    if (!i->ifa_addr || i->ifa_addr->sa_family != family || !(i->ifa_flags & IFF_UP) ||
        (i->ifa_flags & IFF_LOOPBACK)) {
        return false;
    }
    if (family == AF_INET6) {
        struct sockaddr_in6 a;
        memcpy(&a, i->ifa_addr, sizeof a);
        return !IN6_IS_ADDR_LINKLOCAL(&a.sin6_addr);
    }
    return true;
}

size_t vg_lan_addresses(char out[][VG_PEER_TEXT], size_t max)
{
    struct ifaddrs *all = NULL;
    size_t n = 0;
    if (getifaddrs(&all) != 0) {
        return 0;
    }
    for (int pass = 0; pass < 2; pass++) {
        const int family = pass ? AF_INET6 : AF_INET;
        for (const struct ifaddrs *i = all; i && n < max; i = i->ifa_next) {
            if (fits(i, family)) {
                vg_addr a = {.len = family == AF_INET ? sizeof a.u.v4 : sizeof a.u.v6};
                memcpy(&a.u, i->ifa_addr, a.len);
                vg_addr_peer(&a, out[n++]);
            }
        }
    }
    freeifaddrs(all);
    return n;
}

bool vg_lan_is_loopback(const char *at)
{
    vg_addr a;
    if (vg_addr_parse(vg_str_c(at), &a, NULL) != VG_OK) {
        return true;
    }
    if (a.u.sa.sa_family == AF_INET) {
        return (ntohl(a.u.v4.sin_addr.s_addr) >> 24) == 127;
    }
    return IN6_IS_ADDR_LOOPBACK(&a.u.v6.sin6_addr);
}

// SPDX-License-Identifier: Apache-2.0
// This machine's own addresses as others on the network reach it.
#pragma once

#include "net/addr.h"

// Up to max addresses of interfaces that are up, without loopback and link-local ones, IPv4 first, as plain text.
// Where the system does not tell, there are none.
size_t vg_lan_addresses(char out[][VG_PEER_TEXT], size_t max);
// Whether "ADDR:PORT" listens on loopback only (a text that is no address does, too).
bool vg_lan_is_loopback(const char *at);

// SPDX-License-Identifier: Apache-2.0
// What leaves the node by itself: the senders of the outbox, a row a kind of link.
#include "app/edge.h"

#include "notify/senders.h"

static const vg_sender_kind *const KINDS[] = {&vg_sender_cap,
                                              &vg_sender_dc09,
                                              &vg_sender_mail,
                                              &vg_sender_webhook,
                                              &vg_sender_sms,
                                              &vg_sender_syslog,
                                              NULL};

static vg_status start(vg_core *core, const char *at, void **ret, vg_err *err)
{
    (void)at;
    vg_senders *s = NULL;
    VG_TRY(vg_senders_start(core, KINDS, &s, err));
    *ret = s;
    return VG_OK;
}

static void stop(void *edge)
{
    vg_senders_stop(edge);
}

const vg_edge vg_edge_senders = {"senders", NULL, start, stop, NULL, NULL};

// SPDX-License-Identifier: Apache-2.0
// Prometheus text: the node's health, the HTTP servers, the stream.
#pragma once

#include "http/http_impl.h"

void http_metrics(vg_http *h, vg_buf *out);

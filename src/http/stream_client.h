// SPDX-License-Identifier: Apache-2.0
// One live stream's queue, between the hub's thread (pushes) and a server thread (reads).
#pragma once

#include "net/http_server.h"

enum { HTTP_QUEUE_BLOCKS = 128, HTTP_QUEUE_BYTES = 1 << 20 };

// Formatted events, shared by everybody who gets the same ones. References are counted.
typedef struct http_block http_block;
http_block *http_block_create(vg_str text);
http_block *http_block_ref(http_block *b);
void http_block_unref(http_block *b);  // NULL is fine

typedef struct http_client http_client;

http_client *http_client_create(void);
void http_client_unref(http_client *c);  // the hub's half; the server's ends with the stream
vg_http_stream *http_client_stream(http_client *c);
// False when the client did not keep up: nothing was queued. Never blocks.
bool http_client_push(http_client *c, http_block *b);
// Drops what waits (but for an event half sent) and puts b there.
void http_client_replace(http_client *c, http_block *b);
void http_client_end(http_client *c);   // after what is queued
bool http_client_dead(http_client *c);  // the other side is gone

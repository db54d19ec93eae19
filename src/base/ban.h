// SPDX-License-Identifier: Apache-2.0
// Names that may not be used: each has a bounded or reentrant counterpart in base (the idea is git's
// banned.h). Included by base/err.h, so every file of the tree has it.
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf strtok atoi atol atof gmtime \
    localtime
#pragma GCC poison asctime ctime

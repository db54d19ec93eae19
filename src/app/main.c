// SPDX-License-Identifier: Apache-2.0
// vonggac: one program, one data directory. Everything is in the verbs (app/verbs.def).
#include "app/cli.h"

#include <signal.h>
#include <sodium.h>
#include <sys/stat.h>

int main(int argc, char **argv)
{
    signal(SIGPIPE, SIG_IGN);
    umask(0077);  // data, keys, backups: their owner's only
    if (sodium_init() < 0) {
        fputs("vonggac: libsodium\n", stderr);
        return 1;
    }
    return vg_cli_main(argc, argv);
}

// Two processes handing a number back and forth through pipes: system calls and context switches.
#include "bench.h"
#include <sys/wait.h>
#include <unistd.h>

enum { Rounds = 1000 };

static void transfer_failed(void)
{
    _exit(2);
}

static uint64_t unit(void)
{
    int there[2], back[2];
    uint64_t number = 1;
    if (pipe(there) || pipe(back)) abort();
    pid_t child = fork();
    if (child < 0) abort();
    if (child == 0) {
        for (int i = 0; i < Rounds; i++) {
            if (read(there[0], &number, sizeof number) != sizeof number) transfer_failed();
            number = number * 5 + 1;
            if (write(back[1], &number, sizeof number) != sizeof number) transfer_failed();
        }
        _exit(0);
    }
    for (int i = 0; i < Rounds; i++) {
        number ^= (uint64_t)i;
        if (write(there[1], &number, sizeof number) != sizeof number) transfer_failed();
        if (read(back[0], &number, sizeof number) != sizeof number) transfer_failed();
    }
    int status = 1;
    waitpid(child, &status, 0);
    for (int i = 0; i < 2; i++) {
        close(there[i]);
        close(back[i]);
    }
    return number + (uint64_t)status;
}

int main(int argc, char **argv)
{
    return bench_run("switches", unit, 14, UINT64_C(0x082b41caaaab79b1), argc, argv);
}
